import { inHeader } from "../../spec/index.ts";

/** What one read(2) of the channel gives: exactly one message, or all the bytes that are queued. */
export type ChannelKind = "messages" | "stream";

/** No request is longer than this; a length beyond it is not worth waiting for. */
const LONGEST = 1 << 20;

const announced = (bytes: Uint8Array, at: number) =>
  new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true);

/** Cuts what was read into messages. */
export class Framing {
  private readonly kind: ChannelKind;
  private rest = new Uint8Array(0);

  constructor(kind: ChannelKind) {
    this.kind = kind;
  }

  /**
   * The messages in what was read; `full`: the read filled its buffer, so that the last message may go on in the next
   * one. Otherwise the kernel has written all of it, and a length that does not fit is a lie: such a message comes as it
   * is.
   */
  take(read: Uint8Array, full: boolean): Uint8Array[] {
    if (this.kind === "messages") return [read];
    const bytes = this.rest.length === 0 ? read : Buffer.concat([this.rest, read]);
    this.rest = new Uint8Array(0);
    const messages: Uint8Array[] = [];
    let at = 0;
    while (at < bytes.length) {
      const left = bytes.length - at;
      const length = left < 4 ? 0 : announced(bytes, at);
      const whole = length >= inHeader.size && length <= left;
      if (!whole && full && length <= LONGEST) {
        this.rest = bytes.slice(at);
        break;
      }
      // A remainder that is no message belongs to the one before it, whose length was too short.
      const previous = messages.at(-1);
      if (!whole && previous !== undefined)
        messages[messages.length - 1] = bytes.subarray(at - previous.length);
      else messages.push(bytes.subarray(at, whole ? at + length : bytes.length));
      at += whole ? length : left;
    }
    return messages;
  }
}
