import { expect, it } from "vitest";
import { ERRNO, OPCODES, outHeader } from "../../spec/index.ts";
import { Exchange } from "./exchange.ts";
import { INTERRUPT_BIT } from "./uniques.ts";

/** More than a flood has. */
const MANY = 70_000;

const empty = new Uint8Array(outHeader.size);

function exchangeWithFloods() {
  const floods: string[] = [];
  return { floods, exchange: new Exchange((detail) => floods.push(detail)) };
}

it("does not take many replies to INTERRUPTs for a flood while requests are answered", async () => {
  const { exchange, floods } = exchangeWithFloods();
  for (let i = 0; i < MANY; i++) {
    const unique = exchange.uniques.next();
    const reply = exchange.expect(unique, undefined, 60_000);
    const interrupt = unique | INTERRUPT_BIT;
    exchange.posted({ opcode: OPCODES.INTERRUPT, nodeid: 0n, unique: interrupt });
    exchange.onMessage(empty, { len: 16, error: -ERRNO.EAGAIN, unique: interrupt });
    exchange.onMessage(empty, { len: 16, error: 0, unique });
    await reply;
  }
  exchange.end({ kind: "gone", how: "over" });
  expect(floods).toEqual([]);
  expect(exchange.counts.interruptReplies).toBe(MANY);
  expect(exchange.faults.list).toEqual([]);
});

it("takes many replies that nobody asked for, and nothing else, for one", () => {
  const { exchange, floods } = exchangeWithFloods();
  for (let i = 0; i < MANY; i++) exchange.onMessage(empty, { len: 16, error: 0, unique: 1n << 40n });
  expect(floods[0]).toMatch(/bytes that nobody asked for/);
});
