import { basename } from "node:path";
import { applyPatch, parsePatch, type StructuredPatch, type StructuredPatchHunk } from "diff";
import { UsageError } from "../../../base/errors.ts";
import { openBraces } from "../c-text.ts";
import type { SourceText } from "../source.ts";

/** The C files of a series of patches. */
export interface Patched {
  /** Files that the patches add. */
  readonly whole: readonly SourceText[];
  /** The new side of the hunks in all other files. */
  readonly partial: readonly SourceText[];
  /** Number of files that the patches change, also other than C. */
  readonly fileCount: number;
}

/**
 * Applies patches in their order.
 *
 * @param where names the patches, for the UsageError about one that does not apply
 */
export function applyPatches(patches: readonly string[], where: string): Patched {
  const touched = new Set<string>();
  const whole = new Map<string, string>();
  const partial: SourceText[] = [];
  for (const patch of patches.flatMap((text) => parsed(text, where))) {
    const path = pathOf(patch);
    touched.add(path);
    if (!/\.[ch]$/.test(path)) continue;
    const before = addsFile(patch) ? "" : whole.get(path);
    if (patch.newFileName === "/dev/null") whole.delete(path);
    else if (before === undefined) partial.push(...partialTexts(path, patch.hunks));
    else whole.set(path, applied(before, patch, path, where));
  }
  const complete = [...whole].map(([path, text]) => ({ file: basename(path), line: 1, text }));
  return { whole: complete, partial, fileCount: touched.size };
}

function parsed(patch: string, where: string): StructuredPatch[] {
  try {
    return parsePatch(patch);
  } catch (error) {
    throw new UsageError(`${where} is not a patch that can be read (${(error as Error).message})`);
  }
}

const pathOf = ({ oldFileName, newFileName }: StructuredPatch) => {
  const name = newFileName === undefined || newFileName === "/dev/null" ? oldFileName : newFileName;
  return (name ?? "a file without a name").replace(/^[ab]\//, "");
};

const addsFile = ({ isCreate, oldFileName, hunks }: StructuredPatch) =>
  isCreate === true || oldFileName === "/dev/null" || (hunks[0]?.oldLines === 0 && hunks[0].oldStart === 1);

// Mail programs replace tabs by blanks, so context is compared without white space.
const sameLine = (line: string, wanted: string) =>
  line.replaceAll(/\s+/g, " ") === wanted.replaceAll(/\s+/g, " ");

function applied(before: string, patch: StructuredPatch, path: string, where: string): string {
  const upTo = (count: number) =>
    applyPatch(
      before,
      { ...patch, hunks: patch.hunks.slice(0, count) },
      {
        compareLine: (_number, line, _operation, wanted) => sameLine(line, wanted),
      },
    );
  const after = upTo(patch.hunks.length);
  if (after !== false) return after;
  const number = patch.hunks.findIndex((_, at) => upTo(at + 1) === false) + 1;
  const { oldStart, oldLines } = patch.hunks[number - 1] as StructuredPatchHunk;
  throw new UsageError(
    `${where}: hunk ${number} of ${path} (-${oldStart},${oldLines}) does not apply to the file as the patches before it leave it`,
  );
}

/** The new side of the hunks; adjacent hunks become one text. */
function partialTexts(path: string, hunks: readonly StructuredPatchHunk[]): SourceText[] {
  const texts: SourceText[] = [];
  for (const { newStart, lines } of hunks) {
    const newSide = lines.filter((line) => /^[ +]/.test(line)).map((line) => line.slice(1));
    const last = texts.at(-1);
    const gap = last ? newStart - last.line - last.text.split("\n").length : undefined;
    const bridge = last && bridgeOver(gap, last.text, newSide.join("\n"));
    if (last && bridge)
      texts[texts.length - 1] = { ...last, text: [last.text, ...bridge, ...newSide].join("\n") };
    else texts.push({ file: basename(path), line: newStart, text: newSide.join("\n") });
  }
  return texts;
}

/**
 * The lines missing between two hunks, if they are certain: none, or the one brace that closes a function which the first
 * hunk leaves open and the second does not continue.
 */
function bridgeOver(gap: number | undefined, first: string, second: string): string[] | undefined {
  if (gap === 0) return [];
  return gap === 1 && openBraces(first) === 1 && openBraces(second) === 0 && /^\S/m.test(second)
    ? ["}"]
    : undefined;
}
