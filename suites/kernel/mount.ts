import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, read, writeSync } from "node:fs";
import { mkdtemp, rmdir } from "node:fs/promises";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { SubjectError } from "../failure.ts";
import type { LiveServer } from "./server.ts";

/** Room for one request: /dev/fuse wants at least FUSE_MIN_READ_BUFFER, 8192. */
const ROOM = 1 << 17;

/** What read(2) of /dev/fuse says when the mount is gone, or was aborted. */
const GONE: readonly (string | undefined)[] = ["ENODEV", "ECONNABORTED"];

const readLater = promisify(read);

const ERRNOS = constants.errno as Readonly<Record<string, number>>;

/** A mount of /dev/fuse that a server answers until it is unmounted. */
export class Mount {
  readonly folder: string;
  readonly #fd: number;
  readonly #served: Promise<void>;

  private constructor(folder: string, fd: number, server: LiveServer) {
    this.folder = folder;
    this.#fd = fd;
    this.#served = this.#serve(server);
  }

  /** Mounts on a new folder. Throws SubjectError with the reason. */
  static async of(server: LiveServer): Promise<Mount> {
    let fd: number;
    try {
      fd = openSync("/dev/fuse", "r+");
    } catch (error) {
      throw new SubjectError(`/dev/fuse cannot be opened (${(error as NodeJS.ErrnoException).code})`);
    }
    const folder = await mkdtemp(join(tmpdir(), "fmapspec-mount-"));
    // Read-only: otherwise a read(2) outdates st_atime, and the GETATTR after it overwrites the size that a map gave.
    const options = "ro,fd=3,rootmode=40000,user_id=0,group_id=0";
    const failed = await run("mount", ["-i", "-t", "fuse", "-o", options, "fmapspec", folder], fd);
    if (failed !== null) {
      closeSync(fd);
      await rmdir(folder);
      throw new SubjectError(`the mount was refused: ${failed}`);
    }
    return new Mount(folder, fd, server);
  }

  async #serve(server: LiveServer): Promise<void> {
    const buffer = Buffer.allocUnsafe(ROOM);
    for (;;) {
      const request = await this.#next(buffer);
      if (request === null) return;
      const out = server.answer(request);
      if (out !== null) out.written(this.#write(out.message));
    }
  }

  /** The next request; null: it is unmounted. */
  async #next(buffer: Buffer): Promise<Uint8Array | null> {
    for (;;) {
      try {
        const { bytesRead } = await readLater(this.#fd, buffer, 0, ROOM, null);
        return buffer.subarray(0, bytesRead);
      } catch (error) {
        // ENOENT, EINTR, EAGAIN: that request was interrupted before it was read.
        if (GONE.includes((error as NodeJS.ErrnoException).code)) return null;
      }
    }
  }

  /** The errno of writing an answer, 0 where it was taken. */
  #write(message: Uint8Array): number {
    try {
      writeSync(this.#fd, message);
      return 0;
    } catch (error) {
      return ERRNOS[(error as NodeJS.ErrnoException).code ?? ""] ?? constants.errno.EIO;
    }
  }

  /** Unmounts, whoever still has a file open. */
  async end(): Promise<void> {
    // Forced: a killed process goes on waiting for an answer that never comes, and keeps the connection alive.
    const failed = await run("umount", ["-f", "-l", this.folder], null);
    if (failed !== null) throw new SubjectError(`${this.folder} cannot be unmounted: ${failed}`);
    await this.#served;
    closeSync(this.#fd);
    await rmdir(this.folder);
  }
}

/** Runs a command with `fd` as its descriptor 3; returns why it failed, or null. */
async function run(command: string, args: readonly string[], fd: number | null): Promise<string | null> {
  const child = spawn(command, args, { stdio: ["ignore", "ignore", "pipe", fd ?? "ignore"] });
  let said = "";
  child.stderr?.on("data", (data) => {
    said += data;
  });
  try {
    const [status] = await once(child, "close");
    return status === 0 ? null : said.trim() || `${command} ended with status ${status}`;
  } catch (error) {
    return `${command} cannot be run (${(error as NodeJS.ErrnoException).code})`;
  }
}
