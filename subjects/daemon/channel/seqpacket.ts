import { closeSync, fstatSync } from "node:fs";
import type { Socket } from "node:net";
import { type Libc, loadLibc, type PacketPair } from "../libc.ts";
import {
  type Channel,
  type ChannelEnds,
  type ChannelListener,
  MAX_REPLY,
  type SocketName,
} from "./channel.ts";

/** Packets read in one turn of the event loop; a flood must not keep timers from running. */
const MOST_AT_ONCE = 64;

/** Milliseconds until a full socket is tried again. */
const RETRY = 1;

/**
 * A SOCK_SEQPACKET pair: one write is one message, as on /dev/fuse.
 *
 * Reading is left to Node's event loop. Bare lock-step round trips a second to a C daemon, Node 20.20, in thousands,
 * best and median of two to six runs on a machine with two cores and other work on it:
 *
 * | how                                     | two cores  | one core  |
 * |-----------------------------------------|------------|-----------|
 * | the event loop (libc.ts, adopt)         | 76 and 52  | 69 and 64 |
 * | ppoll for 200 us, recv, setImmediate    | 64 and 52  | 43 and 29 |
 * | the same in a microtask                 | 77 and 65  | 59 and 29 |
 * | recv without waiting, setImmediate      | 28 and 27  | 31 and 25 |
 * | fs.readSync without an event loop       | 45 and 44  | 36 and 31 |
 * | koffi's poll in its thread, recv        | 18         | 15        |
 * | fs.read in libuv's thread               | 14         | 15        |
 *
 * A microtask starves timers, ppoll makes everything else wait for a slow daemon, SO_RCVTIMEO waits 9 ms and more for
 * 0.2, and a worker thread would add a message each way to what the last two lines show. Sixteen requests in flight:
 * 78 thousand when each turn of the loop reads one packet, 123 thousand when it reads all that are there. With headers,
 * matching and deadlines (FuseConnection) 20 to 40 thousand in lock-step and 37 to 47 thousand with sixteen in flight.
 */
export class SeqpacketChannel implements Channel {
  readonly kind = "seqpacket";
  readonly keepsBoundaries = true;
  readonly maxMessage: number;
  readonly notes: readonly string[] = [];
  private readonly libc: Libc;
  private readonly buffer = Buffer.allocUnsafeSlow(MAX_REPLY + 1);
  /** The same bytes; slices of a Buffer would be views of it. */
  private readonly bytes = new Uint8Array(this.buffer.buffer);
  private readonly unsent: Uint8Array[] = [];
  private descriptor: number;
  private socket: Socket | null = null;
  private listener: ChannelListener | null = null;
  private retry: NodeJS.Timeout | null = null;
  private ending = false;
  /** The daemon has closed its end with requests unread. */
  private reset = false;

  constructor(libc: Libc, { ours, maxPacket }: Omit<PacketPair, "daemons">) {
    this.libc = libc;
    this.descriptor = ours;
    this.maxMessage = maxPacket;
  }

  listen(listener: ChannelListener): void {
    this.listener = listener;
    this.adopt();
  }

  send(message: Uint8Array): void {
    if (message.length > this.maxMessage)
      throw new RangeError(`a message of ${message.length} bytes; this channel takes ${this.maxMessage}`);
    if (this.descriptor < 0) return;
    this.unsent.push(message);
    if (this.unsent.length === 1) this.flush();
  }

  async delivered(timeout: number): Promise<boolean> {
    const deadline = performance.now() + timeout;
    while (this.unsent.length > 0) {
      if (this.listener === null || performance.now() > deadline) return false;
      await new Promise((resolve) => setTimeout(resolve, RETRY));
    }
    return true;
  }

  leftUnread(): boolean {
    return this.reset || (this.descriptor >= 0 && this.libc.hasUnread(this.descriptor));
  }

  end(): void {
    this.ending = true;
    this.flush();
  }

  close(): void {
    this.listener = null;
    this.unsent.length = 0;
    if (this.retry !== null) clearTimeout(this.retry);
    this.socket?.destroy();
    if (this.descriptor >= 0) closeSync(this.descriptor);
    this.descriptor = -1;
  }

  private adopt(): void {
    this.socket?.destroy();
    this.socket = this.libc.adopt(this.descriptor, this.buffer, (length) => this.onPacket(length));
    this.socket.once("end", () => this.onEnd());
    // A daemon that ends with requests unread resets the connection; what it wrote before is still there.
    this.socket.once("error", ({ code }: NodeJS.ErrnoException) => {
      this.reset ||= code === "ECONNRESET";
      while (this.receive(MOST_AT_ONCE) > 0);
      this.closed();
    });
  }

  private onPacket(length: number): void {
    if (this.listener?.onBytes(this.bytes.subarray(0, length)) === true) this.receive(MOST_AT_ONCE);
  }

  /** Hands on the packets that are there, at most so many; returns what the last attempt to read gave. */
  private receive(most: number): number {
    let length = 0;
    for (let i = 0; i < most && this.listener !== null; i++) {
      length = this.libc.receive(this.descriptor, this.buffer);
      if (length < 0) break;
      if (length > 0) this.listener.onBytes(this.bytes.subarray(0, length));
    }
    return length;
  }

  private onEnd(): void {
    // A packet of 0 bytes looks like the end, to libuv and to us; but the end is read as often as one likes.
    if (this.receive(MOST_AT_ONCE) === 0) {
      this.closed();
      return;
    }
    this.listener?.onBytes(this.bytes.subarray(0, 0));
    if (this.listener !== null) this.adopt();
  }

  private closed(): void {
    const { listener } = this;
    this.close();
    listener?.onClosed();
  }

  private flush(): void {
    this.retry = null;
    while (this.unsent.length > 0 && this.descriptor >= 0) {
      const sent = this.libc.send(this.descriptor, this.unsent[0] as Uint8Array);
      if (sent === -this.libc.EAGAIN || sent === -this.libc.ENOBUFS) {
        this.retry = setTimeout(() => this.flush(), RETRY);
        return;
      }
      // Any other error means that nobody reads: the reading side tells it.
      this.unsent.shift();
    }
    if (this.ending && this.descriptor >= 0) this.libc.endWriting(this.descriptor);
  }
}

/** Makes the pair; rejects where there is no koffi or no such socket. */
export async function openSeqpacket(): Promise<ChannelEnds & { connect(): SeqpacketChannel }> {
  const libc = await loadLibc();
  const { daemons, ...rest } = libc.packetPair();
  const name: SocketName = `socket:[${fstatSync(daemons).ino}]`;
  return {
    kind: "seqpacket",
    daemonEnd: daemons,
    name,
    connect() {
      closeSync(daemons);
      return new SeqpacketChannel(libc, rest);
    },
    discard() {
      closeSync(daemons);
      closeSync(rest.ours);
    },
  };
}
