import { fstatSync, read, readFileSync, readlinkSync, readSync, writeSync } from "node:fs";
import { UsageError } from "../../base/errors.ts";
import { type ChannelKind, Framing } from "./framing.ts";

/** Room for one read: several requests of the largest size that a kernel makes. */
const ROOM = 1 << 20;

/** Errors that say that nobody is at the other end any more. */
const GONE = new Set(["ECONNRESET", "EPIPE", "ENOTCONN", "ENODEV"]);
/** Errors of a write that concern that one reply: its request was interrupted, or the channel does not take it. */
const REPLY_LOST = new Set(["ENOENT", "EINVAL", "EMSGSIZE"]);

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code as string;

/** The descriptor of a mountpoint `/dev/fd/N`. Throws UsageError for any other one. */
export function descriptorOf(mountpoint: string): number {
  const number = /^\/dev\/fd\/(\d{1,9})$/.exec(mountpoint)?.[1];
  if (number === undefined)
    throw new UsageError(
      `the mountpoint has to be /dev/fd/N, an open FUSE channel, not '${mountpoint}': the reference daemon mounts nothing`,
    );
  try {
    fstatSync(Number(number));
  } catch {
    throw new UsageError(`descriptor ${number} is not open: nobody left a FUSE channel there`);
  }
  return Number(number);
}

/** SOCK_SEQPACKET as /proc/net/unix writes it. */
const SEQPACKET = "0005";

/** How a descriptor gives its messages. /dev/fuse and packet sockets keep them apart, a stream socket does not. */
export function kindOf(fd: number): ChannelKind {
  try {
    const link = readlinkSync(`/proc/self/fd/${fd}`);
    if (link === "/dev/fuse") return "messages";
    const inode = /^socket:\[(\d+)\]$/.exec(link)?.[1];
    if (inode === undefined) return "stream";
    // Num RefCount Protocol Flags Type St Inode Path
    for (const line of readFileSync("/proc/net/unix", "latin1").split("\n")) {
      const columns = line.trim().split(/\s+/);
      if (columns[6] === inode) return columns[4] === SEQPACKET ? "messages" : "stream";
    }
  } catch {
    // Without /proc nothing can be said about it.
  }
  return "messages";
}

/** One end of a FUSE connection, which blocks: requests come out of it, replies go into it. */
export class Channel {
  private readonly fd: number;
  private readonly framing: Framing;
  private readonly buffer: Buffer;

  constructor(fd: number, kind: ChannelKind = kindOf(fd), room = ROOM) {
    this.fd = fd;
    this.buffer = Buffer.allocUnsafe(room);
    this.framing = new Framing(kind);
  }

  /** Waits for the next messages; null: the channel was closed. They are gone with the next call. */
  read(): Uint8Array[] | null {
    try {
      return this.framed(readSync(this.fd, this.buffer, 0, this.buffer.length, null));
    } catch (error) {
      if (GONE.has(codeOf(error))) return null;
      throw error;
    }
  }

  /** As `read`, without keeping the process from doing something else meanwhile. */
  readLater(): Promise<Uint8Array[] | null> {
    return new Promise((resolve, reject) => {
      read(this.fd, this.buffer, 0, this.buffer.length, null, (error, length) => {
        if (error === null) resolve(this.framed(length));
        else if (GONE.has(codeOf(error))) resolve(null);
        else reject(error);
      });
    });
  }

  /** Writes one reply; false: the channel was closed. */
  write(message: Uint8Array): boolean {
    let at = 0;
    while (at < message.length) {
      try {
        at += writeSync(this.fd, message, at);
      } catch (error) {
        if (GONE.has(codeOf(error))) return false;
        if (REPLY_LOST.has(codeOf(error))) return true;
        throw error;
      }
    }
    return true;
  }

  private framed(length: number): Uint8Array[] | null {
    return length === 0
      ? null
      : this.framing.take(this.buffer.subarray(0, length), length === this.buffer.length);
  }
}
