import { describe, expect, it } from "vitest";
import { struct } from "./struct.ts";
import { fromHex, laidOutAsC, pairs, roundTrips } from "./test/laws.ts";

/** Every scalar type, with padding inside and at the end. */
const mixed = struct("mixed", { a: "u8", b: "u32", c: "u16", d: "u64", e: "char[5]", f: "u8", g: "i32" });
const text = struct("text", { tag: "u8", name: "char[4]" });

laidOutAsC(mixed, [
  "uint8_t a",
  "uint32_t b",
  "uint16_t c",
  "uint64_t d",
  "uint8_t e[5]",
  "uint8_t f",
  "int32_t g",
]);
laidOutAsC(text, ["uint8_t tag", "char name[4]"]);
roundTrips(mixed);
roundTrips(text);

const record = {
  a: 0xfe,
  b: 0x80000001,
  c: 0xfffe,
  d: 0x8000000000000001n,
  e: fromHex("0102030405"),
  f: 6,
  g: -2,
};
pairs(
  mixed,
  "fe 000000 01000080 feff 000000000000 0100000000000080 0102030405 06 0000 feffffff 00000000",
  record,
);
pairs(text, "07 66616d66", { tag: 7, name: fromHex("66616d66") });
// Nothing behind it: a wider write would have nowhere to go.
pairs(struct("byte", { only: "u8" }), "07", { only: 7 });
pairs(struct("half", { only: "u16" }), "0708", { only: 0x0807 });

describe("the writer refuses what does not fit", () => {
  it.each([
    ["a", 256],
    ["a", -1],
    ["a", 0.5],
    ["a", Number.NaN],
    ["a", 1n],
    ["a", "1"],
    ["a", undefined],
    ["a", fromHex("01")],
    ["b", 2 ** 32],
    ["b", -1],
    ["b", 1.5],
    ["b", fromHex("01020304")],
    ["c", 65_536],
    ["d", 1n << 64n],
    ["d", -1n],
    ["d", 1],
    ["d", "1"],
    ["e", fromHex("01020304")],
    ["e", fromHex("010203040506")],
    ["e", [1, 2, 3, 4, 5]],
    ["e", 1],
    ["e", undefined],
    ["g", 2 ** 31],
    ["g", -(2 ** 31) - 1],
    ["g", 0.5],
    ["g", -1n],
  ])("%s: %s", (name, value) => {
    const odd = { ...record, [name]: value } as typeof record;
    expect(() => mixed.write(new Uint8Array(mixed.size), 0, odd)).toThrow(RangeError);
    expect(() => mixed.write(new Uint8Array(mixed.size), 0, odd)).toThrow(`mixed.${name}: `);
  });

  it("takes the largest and smallest of each field", () => {
    const largest = { ...record, a: 255, b: 2 ** 32 - 1, c: 65_535, d: (1n << 64n) - 1n, g: 2 ** 31 - 1 };
    const smallest = { ...record, a: 0, b: 0, c: 0, d: 0n, g: -(2 ** 31) };
    for (const edge of [largest, smallest]) {
      const bytes = new Uint8Array(mixed.size);
      mixed.write(bytes, 0, edge);
      expect(mixed.read(bytes)).toEqual(edge);
    }
  });
});

describe("a struct that does not fit its bytes", () => {
  const buffer = new Uint8Array(4 * mixed.size);
  const short = buffer.subarray(mixed.size, 2 * mixed.size - 1);
  it.each([
    ["one byte short, with its neighbour's bytes behind", short, 0],
    ["begins too late", buffer, buffer.length - mixed.size + 1],
    ["begins before the bytes", buffer.subarray(8), -1],
    ["there are no bytes", new Uint8Array(0), 0],
  ])("%s", (_, bytes, at) => {
    expect(() => mixed.read(bytes, at)).toThrow(RangeError);
    expect(() => mixed.write(bytes, at, record)).toThrow(
      `mixed needs 40 bytes at ${at}, of ${bytes.length} there`,
    );
    expect(buffer).toEqual(new Uint8Array(4 * mixed.size));
  });

  it("is read from the place of a subarray, not of its buffer", () => {
    const bytes = new Uint8Array(2 * text.size + 3);
    text.write(bytes, 3, { tag: 9, name: fromHex("61626364") });
    expect(text.read(bytes.subarray(2), 1)).toEqual({ tag: 9, name: fromHex("61626364") });
  });

  it("bytes that were read are the reader's own", () => {
    const bytes = fromHex("01 61626364");
    const { name } = text.read(bytes);
    bytes[1] = 0;
    expect(name).toEqual(fromHex("61626364"));
  });
});
