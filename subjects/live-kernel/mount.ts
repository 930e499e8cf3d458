import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, read, writeSync } from "node:fs";
import { rmdir } from "node:fs/promises";
import { constants } from "node:os";
import { promisify } from "node:util";
import { SubjectError } from "../../base/errors.ts";
import { temporaryFolder } from "../process/reaper.ts";
import type { LiveServer } from "./server.ts";

/** Room for one request: /dev/fuse wants at least FUSE_MIN_READ_BUFFER, 8192. */
const ROOM = 1 << 17;

/** Errnos of read(2) of /dev/fuse after the mount was removed or aborted. */
const GONE: readonly (string | undefined)[] = ["ENODEV", "ECONNABORTED"];

const readLater = promisify(read);

const ERRNOS = constants.errno as Readonly<Record<string, number>>;

/** Writes a message to /dev/fuse; returns the errno of write(2), 0: the kernel accepted it. */
export type Write = (message: Uint8Array) => number;

/** Answers one request of the kernel. When it resolves, the next request overwrites the bytes of this one. */
type Serve = (request: Uint8Array, write: Write) => void | Promise<void>;

const serveLive =
  (server: LiveServer): Serve =>
  (request, write) => {
    const out = server.answer(request);
    if (out !== null) out.written(write(out.message));
  };

export interface MountOptions {
  /** Size in bytes of the buffer for read(2) of /dev/fuse. */
  readonly room?: number;
  readonly writable?: boolean;
}

/** A mount of /dev/fuse, with a server that answers until it is unmounted. */
export class Mount {
  readonly folder: string;
  /** The kernel refused read(2), because the buffer is too small. */
  readRefused = false;
  private readonly fd: number;
  private readonly served: Promise<void>;

  private constructor(folder: string, fd: number, serve: Serve, room: number) {
    this.folder = folder;
    this.fd = fd;
    this.served = this.serve(serve, room);
  }

  /** Mounts on a new folder. Throws SubjectError with the reason. */
  static of(server: LiveServer): Promise<Mount> {
    return Mount.serving(serveLive(server));
  }

  /** Mounts on a new folder, with a function as the server. Throws SubjectError with the reason. */
  static async serving(serve: Serve, { room = ROOM, writable = false }: MountOptions = {}): Promise<Mount> {
    const { folder, fd } = await mountDevice(writable);
    return new Mount(folder, fd, serve, room);
  }

  private async serve(serve: Serve, room: number): Promise<void> {
    const buffer = Buffer.allocUnsafe(room);
    const write = (message: Uint8Array) => this.write(message);
    for (;;) {
      const request = await this.next(buffer);
      if (request === null) return;
      await serve(request, write);
    }
  }

  /** The next request; null: the mount is gone. */
  private async next(buffer: Buffer): Promise<Uint8Array | null> {
    for (;;) {
      try {
        const { bytesRead } = await readLater(this.fd, buffer, 0, buffer.length, null);
        return buffer.subarray(0, bytesRead);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === "EINVAL") this.readRefused = true;
        // ENOENT, EINTR, EAGAIN: that request was interrupted before it was read.
        if (this.readRefused || GONE.includes(code)) return null;
      }
    }
  }

  /** Writes an answer; returns the errno, 0: the kernel accepted it. */
  private write(message: Uint8Array): number {
    try {
      writeSync(this.fd, message);
      return 0;
    } catch (error) {
      return ERRNOS[(error as NodeJS.ErrnoException).code ?? ""] ?? constants.errno.EIO;
    }
  }

  /** Unmounts, even if a process still has a file open. */
  async end(): Promise<void> {
    await unmount(this.folder, async () => {
      await this.served;
      closeSync(this.fd);
    });
  }
}

/** Opens /dev/fuse and mounts it on a new folder. Throws SubjectError with the reason. */
export async function mountDevice(writable: boolean): Promise<{ folder: string; fd: number }> {
  let fd: number;
  try {
    fd = openSync("/dev/fuse", "r+");
  } catch (error) {
    throw new SubjectError(`/dev/fuse cannot be opened (${(error as NodeJS.ErrnoException).code})`);
  }
  const folder = temporaryFolder();
  // Read-only: otherwise a read(2) outdates st_atime, and the GETATTR after it overwrites the size that a map gave.
  const options = `${writable ? "rw" : "ro"},fd=3,rootmode=40000,user_id=0,group_id=0`;
  const failed = await run("mount", ["-i", "-t", "fuse", "-o", options, "fmapspec", folder], fd);
  if (failed !== null) {
    closeSync(fd);
    await rmdir(folder);
    throw new SubjectError(`the mount was refused: ${failed}`);
  }
  return { folder, fd };
}

/** Unmounts and removes the folder, whatever is open in it; `gone` waits for the server's end. Throws SubjectError. */
export async function unmount(folder: string, gone: () => Promise<void>): Promise<void> {
  // Forced, because a killed process still waits for an answer and keeps the connection alive.
  const failed = await run("umount", ["-f", "-l", folder], null);
  if (failed !== null) throw new SubjectError(`${folder} cannot be unmounted: ${failed}`);
  await gone();
  await rmdir(folder);
}

/** Runs a command with `fd` as its descriptor 3; returns why it failed, or null. */
async function run(command: string, args: readonly string[], fd: number | null): Promise<string | null> {
  const child = spawn(command, args, { stdio: ["ignore", "ignore", "pipe", fd ?? "ignore"] });
  let output = "";
  child.stderr?.on("data", (data) => {
    output += data;
  });
  try {
    const [status] = await once(child, "close");
    return status === 0 ? null : output.trim() || `${command} ended with status ${status}`;
  } catch (error) {
    return `${command} cannot be run (${(error as NodeJS.ErrnoException).code})`;
  }
}
