import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import { EXT_INTERLEAVE } from "../../spec/fmap.ts";
import type { Profile } from "../../spec/profiles/index.ts";
import { type Cut, cutParser } from "./cut.ts";
import { readKernelSource } from "./locate.ts";
import type { SourceText } from "./source.ts";
import { uapiOf } from "./stand-ins.ts";

export const HARNESS = join(PACKAGE_ROOT, "subjects/kernel-source/harness");

/** A source's parser, with our definitions in place of missing ones. */
export interface CutSource {
  /** The source: `famfs.c (patch, 8 files)`. */
  readonly origin: string;
  readonly cut: Cut;
}

/** Cuts the parser out of the source at `path`. Throws UsageError if there is none. */
export async function cutSource(path: string, profile: Profile): Promise<CutSource> {
  const source = await readKernelSource(path);
  const shim = await Promise.all(["kernel.h", "around.h", "ledger.h", "watch.h"].map(harnessText));
  return {
    origin: source.origin,
    cut: cutParser(source, shim, [uapiOf(profile), await harnessText("stand-ins.h")]),
  };
}

const harnessText = async (file: string): Promise<SourceText> => ({
  file,
  line: 1,
  text: await readFile(join(HARNESS, file), "utf8"),
});

/** The parser and the harness's judge in one translation unit. `names`: defines in front of the source's text. */
export const translationUnit = (cut: Cut, names: readonly string[] = []) =>
  [
    '#include "protocol.h"',
    '#include "kernel.h"',
    ...(cut.hasResolver ? ["#define FMAPSPEC_RESOLVER"] : []),
    ...(cut.hasInterleaved ? ["#define FMAPSPEC_INTERLEAVED"] : []),
    `#define FMAPSPEC_EXT_INTERLEAVE ${EXT_INTERLEAVE}`,
    ...names,
    cut.text,
    '#include "judge.c"',
    "",
  ].join("\n");

/** Notes on the parts that are not from the source. */
export function notesOn(
  { hasResolver, standIns }: Pick<Cut, "hasResolver" | "standIns">,
  profile: Profile,
): string[] {
  const missing = `not in the source, so ours were used (limits and structs of profile ${profile.name})`;
  return [
    ...(standIns.length > 0 ? [`${missing}: ${standIns.join(", ")}`] : []),
    ...(hasResolver ? [] : ["the source has no resolver: resolution is not tested"]),
  ];
}
