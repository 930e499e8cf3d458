import { UsageError } from "../../base/errors.ts";
import type { Profile } from "../../spec/index.ts";
import { DEFAULT_TIMEOUT, subjectFor } from "../../subjects/driver/described.ts";
import { type ParserSubject, PROTOCOLS } from "../../subjects/driver/subject.ts";
import { choice, type Parsed, text, whole } from "./options.ts";

/** The options that name a subject. */
export const SUBJECT_OPTIONS = {
  protocol: { type: "string" },
  "kernel-source": { type: "string" },
  device: { type: "string" },
  cc: { type: "string" },
  timeout: { type: "string" },
} as const;

/** The subject that the options and the command behind `--` describe; throws UsageError where they contradict. */
export function subjectOf(options: Parsed, profile: Profile, covered = false): Promise<ParserSubject> {
  const timeout = timeoutOf(options);
  const path = text(options, "kernel-source");
  const cc = text(options, "cc");
  const { command } = options;
  const device = text(options, "device");
  if ([path, device, command ?? undefined].filter((given) => given !== undefined).length > 1)
    throw new UsageError("give one of --kernel-source, --device and a command behind --");
  if (path === undefined && cc !== undefined) throw new UsageError("--cc goes with --kernel-source");
  if (path !== undefined || device !== undefined) {
    if (text(options, "protocol") !== undefined)
      throw new UsageError("--protocol goes with a command behind --, not with --kernel-source or --device");
  }
  if (device !== undefined) return subjectFor({ kind: "device", path: device }, profile, timeout);
  if (path !== undefined) {
    return subjectFor(
      { kind: "kernel-source", path, ...(cc === undefined ? {} : { cc }) },
      profile,
      timeout,
      covered,
    );
  }
  if (command === null) {
    if (text(options, "protocol") !== undefined)
      throw new UsageError("--protocol says how a command speaks; give the command behind --");
    return subjectFor({ kind: "embedded" }, profile, timeout);
  }
  if (command.length === 0) throw new UsageError("there is no command behind --");
  return subjectFor(
    { kind: "driver", protocol: choice(options, "protocol", PROTOCOLS), command },
    profile,
    timeout,
  );
}

export const timeoutOf = (options: Parsed): number =>
  whole(options, "timeout", 1, 3_600_000) ?? DEFAULT_TIMEOUT;
