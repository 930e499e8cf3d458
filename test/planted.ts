import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { PACKAGE_ROOT } from "../base/package-root.ts";

/** A parser and resolver of our own, written as the kernel's are. */
export const OWN = join(PACKAGE_ROOT, "subjects/kernel-source/test/own/famfs.c");

/**
 * A copy of a C file and of what stands beside it, in a new `folder`, with each text of `bugs` replaced by the one
 * after it. Each has to be there. Returns the path of the copy.
 */
export function planted(path: string, folder: string, bugs: readonly (readonly [string, string])[]): string {
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(dirname(path))) copyFileSync(join(dirname(path), file), join(folder, file));
  const copy = join(folder, basename(path));
  let text = readFileSync(path, "utf8");
  for (const [before, after] of bugs) {
    if (!text.includes(before)) throw new Error(`${path} has no '${before}'`);
    text = text.replace(before, after);
  }
  writeFileSync(copy, text);
  return copy;
}
