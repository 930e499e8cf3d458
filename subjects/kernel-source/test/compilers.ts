import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe } from "vitest";
import { notTested } from "../../../test/tools.ts";

/** The compilers that a kernel source is built with, and the packages that bring each with its sanitizers. */
const COMPILERS = { gcc: "gcc", clang: "clang libclang-rt-14-dev" } as const;
export type Compiler = keyof typeof COMPILERS;

/** A compiler may be there without the runtime of its sanitizers. */
function builds(cc: Compiler): boolean {
  const folder = mkdtempSync(join(tmpdir(), "fmapspec-cc-"));
  const args = ["-fsanitize=address,undefined", "-x", "c", "-", "-o", join(folder, "empty")];
  const { status } = spawnSync(cc, args, { input: "int main(void) { return 0; }\n" });
  rmSync(folder, { recursive: true });
  return status === 0;
}

/** Whether the compiler can build with sanitizers. In CI it has to; elsewhere its tests are skipped. */
export const hasCompiler = (cc: Compiler): boolean =>
  builds(cc) || notTested(`there is no ${cc} with AddressSanitizer`, `install ${COMPILERS[cc]}`);

/** The same tests with each compiler, named after it, and skipped where it is missing. */
export function withEachCompiler(title: string, tests: (cc: Compiler) => void): void {
  for (const cc of Object.keys(COMPILERS) as Compiler[])
    describe.skipIf(!hasCompiler(cc))(`${title}, ${cc}`, () => tests(cc));
}
