import { describe, expect, it } from "vitest";
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

describe("writes that are not one reply", () => {
  const header = { len: 144, error: 0, unique: 2n };

  it("are faults where no splice explains them, the first three of them", () => {
    const exchange = new Exchange(
      () => {},
      (pieces) => pieces[0] !== 16,
    );
    void exchange.expect(2n, { opcode: OPCODES.LOOKUP, nodeid: 1n, unique: 2n }, 60_000);
    exchange.onPieces([100, 44], header);
    expect(exchange.faults.list).toEqual([]);
    exchange.onPieces([16, 128], header);
    exchange.onTogether([16, 16]);
    exchange.onPieces([16, 64, 64], { ...header, unique: 4n });
    exchange.onPieces([16, 128], header);
    exchange.onTogether([16, 16]);
    exchange.end({ kind: "gone", how: "over" });
    expect(exchange.faults.list.map((f) => [f.rule, f.detail, f.request?.opcode])).toEqual([
      ["daemon/reply/one-write", "a reply of 144 bytes came in 2 writes, of 16, 128 bytes", OPCODES.LOOKUP],
      ["daemon/reply/one-write", "one write had 2 messages, of 16, 16 bytes", undefined],
      ["daemon/reply/one-write", "a reply of 144 bytes came in 3 writes, of 16, 64, 64 bytes", undefined],
    ]);
  });
});

describe("a reply under another unique than its request's", () => {
  const answered = (unique: bigint) => ({ len: 16, error: 0, unique });

  it("is the fault of the request that stays without", async () => {
    const { exchange } = exchangeWithFloods();
    const label = { opcode: OPCODES.GETATTR, nodeid: 1n, unique: 2n };
    const reply = exchange.expect(2n, label, 1);
    exchange.onMessage(empty, answered(1n << 40n));
    expect(exchange.faults.list.map((f) => f.rule)).toEqual(["daemon/reply/unique"]);
    expect(await reply).toMatchObject({ kind: "refused", fault: { request: label } });
    expect(exchange.faults.list.map((f) => f.rule)).toEqual(["daemon/reply/answered"]);
    expect(await exchange.expect(4n, undefined, 1)).toEqual({ kind: "silent" });
  });

  it("is swallowed where it has the bit of INTERRUPT and its request waits", async () => {
    const { exchange } = exchangeWithFloods();
    const reply = exchange.expect(2n, undefined, 1);
    exchange.onMessage(empty, answered(3n));
    expect(await reply).toMatchObject({ kind: "refused", fault: { rule: "daemon/reply/interrupt-bit" } });
    exchange.onMessage(empty, answered(3n));
    expect(exchange.faults.list.map((f) => f.rule)).toEqual([
      "daemon/reply/interrupt-bit",
      "daemon/reply/unique",
    ]);
  });
});
