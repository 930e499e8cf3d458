import type { Exchange } from "../exchange.ts";
import type { Reply, RequestLabel } from "../reply.ts";
import type { Channel } from "./channel.ts";

type Sending = Pick<Channel, "send" | "delivered">;

/** Asks over a stream: one request in flight, and none sent before the daemon has read the last one. */
export class Lockstep {
  private readonly channel: Sending;
  private readonly exchange: Exchange;
  /** The last request, settled or not. */
  private turn: Promise<unknown> = Promise.resolve();
  /** The last message, sent or given up. */
  private gate: Promise<unknown> = Promise.resolve();
  private sent = 0;
  /** Messages that the daemon has read for certain. */
  private read = 0;

  constructor(channel: Sending, exchange: Exchange) {
    this.channel = channel;
    this.exchange = exchange;
  }

  /** The request's deadline runs from when it is sent; silent too if the daemon does not read what came before it. */
  ask(bytes: Uint8Array, unique: bigint, label: RequestLabel | undefined, timeout: number): Promise<Reply> {
    const mine = this.turn.then(async (): Promise<Reply> => {
      let reply: Promise<Reply> | undefined;
      let number = 0;
      await this.post(bytes, timeout, (n) => {
        number = n;
        reply = this.exchange.expect(unique, label, timeout);
      });
      const settled = reply === undefined ? (this.exchange.ended ?? { kind: "silent" }) : await reply;
      // Who answers a request has read it and all before it.
      if (settled.kind === "reply" || settled.kind === "refused") this.read = Math.max(this.read, number);
      return settled;
    });
    this.turn = mine;
    return mine;
  }

  /** Sends one message as soon as the daemon has read the one before; false: it did not in `timeout` milliseconds. */
  post(bytes: Uint8Array, timeout: number, onSent?: (number: number) => void): Promise<boolean> {
    const mine = this.gate.then(async () => {
      if (this.read < this.sent) {
        const { sent } = this;
        if (!(await this.channel.delivered(timeout))) return false;
        this.read = sent;
      }
      const number = ++this.sent;
      onSent?.(number);
      this.channel.send(bytes);
      return true;
    });
    this.gate = mine;
    return mine;
  }
}
