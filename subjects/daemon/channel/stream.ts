import type { Duplex } from "node:stream";
import {
  type Channel,
  type ChannelEnds,
  type ChannelListener,
  MAX_REPLY,
  type SocketName,
} from "./channel.ts";
import { ReaderWatch } from "./reader-watch.ts";

/**
 * The stream socket that Node makes for a stdio entry of "pipe": no FFI. A read of the daemon returns everything that
 * is queued and libfuse looks at the first message only, so at most one request may be unread at any time.
 */
export class StreamChannel implements Channel {
  readonly kind = "stream";
  readonly keepsBoundaries = false;
  readonly maxMessage = MAX_REPLY;
  readonly notes: readonly string[];
  private readonly socket: Duplex;
  private readonly watch: ReaderWatch;
  private closed = false;
  /** The daemon has closed its end with requests unread. */
  private reset = false;

  /** `name` is the daemon's end, or null where /proc does not show it. */
  constructor(socket: Duplex, name: SocketName | null) {
    this.socket = socket;
    this.watch = new ReaderWatch(name);
    this.notes = this.watch.sees
      ? []
      : [
          "the stream channel cannot see when the daemon has read a request: now and then one may get lost after a FORGET",
        ];
  }

  listen(listener: ChannelListener): void {
    const { socket } = this;
    const closed = () => {
      if (this.closed) return;
      this.close();
      listener.onClosed();
    };
    socket.on("data", (chunk: Buffer) => {
      // Slices of a Buffer would be views of it.
      if (!this.closed) listener.onBytes(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length));
    });
    socket.once("end", closed);
    socket.once("close", closed);
    // A write to a daemon that is gone fails here too; the end of its side tells the story.
    socket.on("error", ({ code }: NodeJS.ErrnoException) => {
      this.reset ||= code === "ECONNRESET";
    });
  }

  send(message: Uint8Array): void {
    if (message.length > this.maxMessage)
      throw new RangeError(`a message of ${message.length} bytes; this channel takes ${this.maxMessage}`);
    if (!this.closed) this.socket.write(message);
  }

  async delivered(timeout: number): Promise<boolean> {
    const deadline = performance.now() + timeout;
    while (this.socket.writableLength > 0) {
      if (this.closed || performance.now() > deadline) return false;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return this.watch.nothingLeft(deadline - performance.now(), () => this.closed);
  }

  leftUnread(): boolean | null {
    return this.reset ? true : this.closed ? false : null;
  }

  end(): void {
    if (!this.closed) this.socket.end();
  }

  close(): void {
    this.closed = true;
    this.socket.destroy();
  }
}

/** Node makes the pair when it starts the daemon. */
export const openStream = (): ChannelEnds => ({
  kind: "stream",
  daemonEnd: "pipe",
  name: null,
  discard() {},
});
