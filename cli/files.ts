import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { UsageError } from "../suites/index.ts";

const WHY: Record<string, string> = {
  ENOENT: "there is no such file",
  EACCES: "it may not be read or written",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of the path is not a folder",
  ENOSPC: "the disk is full",
  EROFS: "the file system is read-only",
};

const why = (error: unknown) => {
  const { code } = error as NodeJS.ErrnoException;
  return WHY[code ?? ""] ?? String(code);
};

/** Writes to a temporary name and renames, so that nobody ever sees half a file. Throws UsageError. */
export function writeFile(path: string, content: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(temporary, content);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new UsageError(`cannot write ${path}: ${why(error)}`);
  }
}

/** The bytes of a file, or of standard input for `-`. Throws UsageError. */
export function readInput(path: string): Buffer {
  try {
    return readFileSync(path === "-" ? 0 : path);
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${why(error)}`);
  }
}
