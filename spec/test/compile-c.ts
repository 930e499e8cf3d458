import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const starts = (cc: string): boolean => {
  try {
    return execFileSync(cc, ["--version"]).length > 0;
  } catch {
    return false;
  }
};

/** The C compiler that is here; undefined: none, and what asks one is skipped. */
export const CC: string | undefined = ["cc", "gcc", "clang"].find(starts);

/** Whether the C compiler is here and takes this text as a whole file. */
export function compiles(text: string): boolean {
  try {
    linesPrintedBy(`${text}\nint main(void) { return 0; }`);
    return true;
  } catch {
    return false;
  }
}

/** Compiles a C program, runs it and returns the lines that it prints. */
export function linesPrintedBy(program: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), "fmapspec-c-"));
  try {
    const source = join(folder, "print.c");
    const executable = join(folder, "print");
    writeFileSync(source, program);
    execFileSync(CC as string, ["-std=gnu11", "-Wall", "-Werror", "-o", executable, source], {
      stdio: "pipe",
    });
    return execFileSync(executable, { encoding: "utf8" }).trimEnd().split("\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
}
