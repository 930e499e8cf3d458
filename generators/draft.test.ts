import fc from "fast-check";
import { expect, it } from "vitest";
import { Draft, HEADER, RANGE } from "./draft.ts";

const u64Arb = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
const halves = (n: bigint) => [Number(n >> 32n), Number(n & 0xffffffffn)] as const;

it("adds to a u64 modulo 2^64", () => {
  const d = new Draft();
  const law = fc.property(u64Arb, u64Arb, (a, b) => {
    d.begin(8, false, 1, 24);
    d.u64(HEADER.fileSize, ...halves(a));
    d.add64(HEADER.fileSize, ...halves(b));
    expect(d.view.getBigUint64(8 + HEADER.fileSize, true)).toBe(BigInt.asUintN(64, a + b));
  });
  fc.assert(law);
});

it("fits file_size to the sum of all lengths, modulo 2^64", () => {
  const d = new Draft();
  const law = fc.property(fc.array(u64Arb, { maxLength: 40 }), (lengths) => {
    d.begin(0, false, lengths.length, 24 * lengths.length);
    for (const [i, length] of lengths.entries()) {
      const at = 32 + 24 * i;
      d.ranges[d.nranges++] = at;
      d.u64(at + RANGE.length, ...halves(length));
    }
    d.fitFileSize();
    const sum = BigInt.asUintN(
      64,
      lengths.reduce((a, b) => a + b, 0n),
    );
    expect(d.view.getBigUint64(HEADER.fileSize, true)).toBe(sum);
  });
  fc.assert(law);
});

it("begins and grows with zeros, whatever stood there", () => {
  const bytes = new Uint8Array(200).fill(0xff);
  const d = new Draft(bytes.subarray(3));
  d.begin(5, true, 1, 8);
  expect(d.length).toBe(40);
  expect(d.append(10)).toBe(40);
  expect(d.length).toBe(50);
  expect([...bytes.subarray(8, 58)].every((b) => b === 0)).toBe(true);
  expect([bytes[7], bytes[58]]).toEqual([0xff, 0xff]);
});
