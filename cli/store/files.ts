import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { UsageError } from "../../base/errors.ts";

const WHY: Record<string, string> = {
  ENOENT: "there is no such file",
  EACCES: "it may not be read or written",
  EEXIST: "a file is in the place of a folder",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of the path is not a folder",
  ENOSPC: "the disk is full",
  EROFS: "the file system is read-only",
};

/** A system error's reason, for people. */
export const why = (error: unknown): string => {
  const { code } = error as NodeJS.ErrnoException;
  return WHY[code ?? ""] ?? String(code);
};

/** Makes the folder, where it is not there yet. Throws UsageError. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new UsageError(`cannot make the folder ${path}: ${why(error)}`);
  }
}

/** Writes to a temporary name and renames, so that no reader finds half a file. Throws UsageError. */
export function writeFile(path: string, content: string | Uint8Array): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    // A device or a pipe is written to: a rename would put a file in its place.
    if (statSync(path, { throwIfNoEntry: false })?.isFile() ?? true) replaceFile(path, content);
    else writeFileSync(path, content);
  } catch (error) {
    throw new UsageError(`cannot write ${path}: ${why(error)}`);
  }
}

/** Removes the file, if it is there. Throws UsageError. */
export function removeFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (error) {
    throw new UsageError(`cannot remove ${path}: ${why(error)}`);
  }
}

/** Writes to the file, or for `-` prints. Throws UsageError. */
export function put(path: string, content: string, print: (text: string) => void): void {
  if (path === "-") print(content);
  else writeFile(path, content);
}

function replaceFile(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, content);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** The bytes of a file, or of standard input for `-`. Throws UsageError. */
export async function readInput(path: string): Promise<Buffer> {
  try {
    return path === "-" ? await readAll(process.stdin) : readFileSync(path);
  } catch (error) {
    throw new UsageError(`cannot read ${path === "-" ? "standard input" : path}: ${why(error)}`);
  }
}

/** The JSON in a file. Throws UsageError. */
export async function readJson(path: string): Promise<unknown> {
  const text = (await readInput(path)).toString("utf8");
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${(error as Error).message}`);
  }
}

/** Waits without blocking, so that Ctrl-C works meanwhile. */
async function readAll(input: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(chunk);
  return Buffer.concat(chunks);
}
