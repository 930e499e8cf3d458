import { outHeader } from "../../../spec/index.ts";
import { MAX_REPLY } from "./channel.ts";

export type Header = Readonly<{ len: number; error: number; unique: bigint }>;

export interface Assembled {
  /** One message, as long as its header says; valid during the call. */
  onMessage(message: Uint8Array, header: Header): void;
  /** Bytes that are no message; `unique` where a header could be read. */
  onMalformed(bytes: number, detail: string, unique: bigint | null): void;
  /** A reply came in several pieces of so many bytes; it follows as one message. */
  onPieces(pieces: readonly number[], header: Header): void;
  /** One write had several messages of so many bytes; they follow one by one. */
  onTogether(messages: readonly number[]): void;
  /** Whether the request of this unique has no reply yet. */
  isWaiting(unique: bigint): boolean;
}

/** Bytes of junk before a reply through which the reply is looked for. */
const MOST_JUNK = 4096;

/** Milliseconds after which the rest of a reply does not come any more; a daemon writes its pieces at once. */
const PATIENCE = 500;

const headerOf = (bytes: Uint8Array): Header | null =>
  bytes.length < outHeader.size ? null : outHeader.read(bytes);

/**
 * Makes messages of what comes out of a channel. The length in a header is a claim: it is believed only while it can
 * be true, so that a lie costs one reply and not the connection.
 */
export abstract class Reassembly {
  protected readonly to: Assembled;
  /** A reply of which a part is missing, or null. */
  protected partial: { bytes: Uint8Array; readonly header: Header | null } | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(to: Assembled) {
    this.to = to;
  }

  /** Takes what the channel read at once. */
  abstract accept(bytes: Uint8Array): void;

  /** Gives up on a reply of which a part is missing. */
  giveUp(): void {
    const { partial } = this;
    this.keep(null);
    if (partial === null) return;
    const { bytes, header } = partial;
    const detail =
      header === null
        ? `${bytes.length} bytes were written; a reply has a header of ${outHeader.size}`
        : `the header says ${header.len} bytes and ${bytes.length} were written`;
    this.to.onMalformed(bytes.length, detail, header?.unique ?? null);
  }

  protected keep(partial: Reassembly["partial"]): void {
    this.partial = partial;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = partial === null ? null : setTimeout(() => this.giveUp(), PATIENCE);
  }

  protected append(bytes: Uint8Array): Uint8Array {
    return this.partial === null ? bytes : Buffer.concat([this.partial.bytes, bytes]);
  }
}

/** The lengths of the messages that these bytes are, one behind the other; null: they are not. */
function messagesIn(bytes: Uint8Array): number[] | null {
  const lengths: number[] = [];
  for (let at = 0; at < bytes.length; at += lengths.at(-1) as number) {
    const len = headerOf(bytes.subarray(at))?.len ?? 0;
    if (len < outHeader.size || len > bytes.length - at) return null;
    lengths.push(len);
  }
  return lengths;
}

/** For channels that keep boundaries: a packet is a whole message, unless a daemon wrote or spliced it in parts. */
export class PacketReassembly extends Reassembly {
  private pieces: number[] = [];

  accept(packet: Uint8Array): void {
    const header = headerOf(packet);
    if (header?.len === packet.length && (this.partial === null || this.to.isWaiting(header.unique)))
      this.to.onMessage(packet, header);
    else if (this.partial !== null) this.continue(packet);
    else if (header !== null && header.len < packet.length && this.isTogether(packet)) return;
    else {
      const more = header !== null && header.len > packet.length && header.len <= MAX_REPLY;
      this.pieces = [packet.length];
      this.keep({ bytes: packet.slice(), header });
      if (!more || !this.to.isWaiting(header.unique)) this.giveUp();
    }
  }

  private continue(packet: Uint8Array): void {
    const bytes = this.append(packet);
    const header = this.partial?.header as Header;
    this.pieces.push(packet.length);
    if (bytes.length === header.len) {
      this.keep(null);
      this.to.onPieces(this.pieces, header);
      this.to.onMessage(bytes, header);
      return;
    }
    this.keep({ bytes, header });
    if (bytes.length > header.len) this.giveUp();
  }

  /** Hands on the messages of a packet that has several; false: it has not. */
  private isTogether(packet: Uint8Array): boolean {
    const lengths = messagesIn(packet);
    if (lengths === null) return false;
    this.to.onTogether(lengths);
    let at = 0;
    for (const length of lengths) {
      const message = packet.subarray(at, at + length);
      this.to.onMessage(message, outHeader.read(message));
      at += length;
    }
    return true;
  }
}

/** For a stream, with one request in flight: only lengths tell where a message ends. */
export class StreamReassembly extends Reassembly {
  accept(chunk: Uint8Array): void {
    if (this.partial !== null && this.isWhole(chunk, 0)) this.giveUp();
    let bytes = this.append(chunk);
    this.keep(null);
    while (bytes.length > 0) {
      const header = headerOf(bytes);
      if (header !== null && (header.len < outHeader.size || header.len > MAX_REPLY)) {
        const junk = this.junkBefore(bytes);
        this.to.onMalformed(junk, `the header says ${header.len} bytes`, header.unique);
        bytes = bytes.subarray(junk);
      } else if (header === null || header.len > bytes.length) {
        this.keep({ bytes: bytes.slice(), header });
        return;
      } else {
        this.to.onMessage(bytes.subarray(0, header.len), header);
        bytes = bytes.subarray(header.len);
      }
    }
  }

  /** Whether exactly one reply that is waited for is there from this byte on. */
  private isWhole(bytes: Uint8Array, at: number): boolean {
    const length = bytes.length - at;
    if (length < outHeader.size) return false;
    const { len, unique } = outHeader.read(bytes, at);
    return len === length && this.to.isWaiting(unique);
  }

  /** Bytes until such a reply begins, or all of them. */
  private junkBefore(bytes: Uint8Array): number {
    for (let at = 1; at < MOST_JUNK; at++) if (this.isWhole(bytes, at)) return at;
    return bytes.length;
  }
}
