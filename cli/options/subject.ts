import { UsageError } from "../../base/errors.ts";
import { present } from "../../base/present.ts";
import type { Profile } from "../../spec/index.ts";
import { DEFAULT_TIMEOUT, subjectFor } from "../../subjects/driver/described.ts";
import { type ParserSubject, PROTOCOLS } from "../../subjects/driver/subject.ts";
import { file, oneOf, whole, withDefault, word } from "./kinds.ts";
import type { Parsed } from "./table.ts";

export const TIMEOUT = withDefault(
  whole("milliseconds to wait for an answer", { min: 1, max: 3_600_000 }, "MS"),
  DEFAULT_TIMEOUT,
);

export const KERNEL_SOURCE = file(
  "a kernel's own parser: a kernel tree, a famfs.c, a patch, or a mail with one",
  "PATH",
);

export const CC = word("CC", "the C compiler for --kernel-source (default: $CC, gcc, clang, cc)");

/** The options that name a parser; its program stands behind `--`. */
export const SUBJECT_OPTIONS = {
  protocol: oneOf("WAY", "how the driver behind -- speaks (docs/driver-protocol.md)", PROTOCOLS),
  "kernel-source": KERNEL_SOURCE,
  device: file(
    "a parser in the running kernel: the device of the module that `fmapspec export module` writes",
    "PATH",
  ),
  cc: CC,
  timeout: TIMEOUT,
};

/** The subject that the options and the program behind `--` describe. Throws UsageError where they contradict. */
export function subjectOf(
  { values, given, program }: Parsed<typeof SUBJECT_OPTIONS>,
  profile: Profile,
  covered = false,
): Promise<ParserSubject> {
  const { timeout, "kernel-source": path, device, cc } = values;
  if ([path, device, program ?? undefined].filter((subject) => subject !== undefined).length > 1)
    throw new UsageError("give one of --kernel-source, --device and a command behind --");
  if (path === undefined && cc !== undefined) throw new UsageError("--cc goes with --kernel-source");
  if (given.has("protocol") && program === null)
    throw new UsageError(
      path === undefined && device === undefined
        ? "--protocol says how a command speaks; give the command behind --"
        : "--protocol goes with a command behind --, not with --kernel-source or --device",
    );
  if (device !== undefined) return subjectFor({ kind: "device", path: device }, profile, timeout);
  if (path !== undefined)
    return subjectFor({ kind: "kernel-source", path, ...present({ cc }) }, profile, timeout, covered);
  if (program === null) return subjectFor({ kind: "embedded" }, profile, timeout);
  return subjectFor({ kind: "driver", protocol: values.protocol, command: program }, profile, timeout);
}
