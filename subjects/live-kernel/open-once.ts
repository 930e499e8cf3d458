import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { ERRNO, type ErrnoName } from "../../spec/errno.ts";
import { SERVER_BYTES, SERVER_SIZE } from "./question.ts";

/** The result of an open(2); `size` in decimal. */
export interface OpenReport {
  readonly rc: number;
  readonly size: string;
  readonly read: string | null;
}

const rcOf = (error: unknown): number => (error as NodeJS.ErrnoException).errno ?? -ERRNO.EIO;

/** Opens a file, gets its size, reads the server's bytes if it has no map, and closes it. */
export function openOnce(path: string): OpenReport {
  let fd: number;
  try {
    fd = openSync(path, "r");
  } catch (error) {
    return { rc: rcOf(error), size: sizeOf(() => statSync(path, { bigint: true })), read: null };
  }
  try {
    const size = sizeOf(() => fstatSync(fd, { bigint: true }));
    // With a map read(2) would access a dax device, and there is none.
    return { rc: 0, size, read: size === String(SERVER_SIZE) ? readOnce(fd) : null };
  } finally {
    closeSync(fd);
  }
}

/** st_size; the server's size if stat fails, so that only the errno counts. */
function sizeOf(look: () => { size: bigint }): string {
  try {
    return String(BigInt.asUintN(64, look().size));
  } catch {
    return String(SERVER_SIZE);
  }
}

function readOnce(fd: number): string | ErrnoName {
  const bytes = Buffer.alloc(SERVER_BYTES.length);
  try {
    return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, 0)).toString("hex");
  } catch (error) {
    return (error as NodeJS.ErrnoException).code as ErrnoName;
  }
}
