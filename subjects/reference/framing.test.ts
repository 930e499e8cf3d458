import { describe, expect, it } from "vitest";
import { OPCODES } from "../../spec/index.ts";
import { Framing } from "./framing.ts";
import { messageOf } from "./test/asking.ts";

const statfs = messageOf(OPCODES.STATFS, 1n);
const lookup = messageOf(OPCODES.LOOKUP, 1n, Buffer.from("some-name\0"));
const all = Buffer.concat([statfs, lookup, statfs]);
const hex = (messages: readonly Uint8Array[]) => messages.map((m) => Buffer.from(m).toString("hex"));

it("where messages are kept apart, a read is a message, whatever it says of its length", () => {
  const lying = messageOf(OPCODES.STATFS, 1n, undefined, { lie: -8 });
  for (const read of [statfs, all, lying, statfs.subarray(0, 3)])
    expect(hex(new Framing("messages").take(read, false))).toEqual(hex([read]));
});

describe("a stream", () => {
  it("is cut where the lengths say", () => {
    expect(hex(new Framing("stream").take(all, false))).toEqual(hex([statfs, lookup, statfs]));
  });

  it("goes on in the next read where a read was full, wherever it ended", () => {
    for (let end = 0; end <= all.length; end++) {
      const framing = new Framing("stream");
      const messages = [
        ...framing.take(all.subarray(0, end), true),
        ...framing.take(all.subarray(end), false),
      ];
      expect(hex(messages)).toEqual(hex([statfs, lookup, statfs]));
    }
  });

  it("does not wait for what a lying length promises", () => {
    const long = messageOf(OPCODES.STATFS, 1n, undefined, { lie: 4096 });
    expect(hex(new Framing("stream").take(long, false))).toEqual(hex([long]));
    const absurd = messageOf(OPCODES.STATFS, 1n, undefined, { lie: 1 << 30 });
    expect(hex(new Framing("stream").take(absurd, true))).toEqual(hex([absurd]));
  });

  it.each([10, 4000])(
    "gives the bytes that a length leaves out to the message that left them out",
    (length) => {
      const short = messageOf(OPCODES.LOOKUP, 1n, new Uint8Array(length).fill(0xff), { lie: -length });
      const messages = new Framing("stream").take(Buffer.concat([statfs, short]), false);
      expect(hex(messages)).toEqual(hex([statfs, short]));
    },
  );

  it("may be less than a header", () => {
    for (const length of [1, 3, 4, 39])
      expect(hex(new Framing("stream").take(statfs.subarray(0, length), false))).toEqual(
        hex([statfs.subarray(0, length)]),
      );
  });
});
