import { describe, expect, it } from "vitest";
import { BOUNDARY_COUNTS, countOf } from "./base.ts";
import { build } from "./build.ts";
import { MAX_MESSAGE } from "./draft.ts";
import { recipe, SLOTS } from "./recipe.ts";
import { outcomeOf, read } from "./test/laws.ts";

const MIB2 = 2n << 20n;
const hex = (text: string) => Uint8Array.from(Buffer.from(text.replace(/\s/g, ""), "hex"));
const number = (n: number) => BOUNDARY_COUNTS + n - 1;

describe("literal bytes", () => {
  it("the simplest recipe is the smallest message: one extent of 2 MiB", () => {
    expect(build(recipe({}))).toEqual({
      tags: [],
      bytes: hex(`00 00 0100 00000000 01000000 00000000 0000200000000000 0000000000000000
        00000000 00000000 0000000000000000 0000200000000000`),
    });
  });

  it("the simplest interleaved one has one strip", () => {
    expect(build(recipe({ kind: 1 })).bytes).toEqual(
      hex(`00 00 0100 01000000 01000000 00000000 0000200000000000 0000000000000000
        01000000 00002000 0000200000000000 0000000000000000
        00000000 00000000 0000000000000000 0000200000000000`),
    );
  });
});

it("a choice of count is a boundary, or any number from 1 to 64", () => {
  expect(Array.from({ length: BOUNDARY_COUNTS }, (_, i) => countOf(i)).sort((a, b) => a - b)).toEqual([
    1, 2, 3, 4, 16, 17, 18, 31, 32, 33, 34, 64,
  ]);
  expect(countOf(SLOTS.count)).toBe(64);
  for (let n = 1; n <= 64; n++) expect(countOf(number(n))).toBe(n);
});

it("every shape within the limits is a valid message: disjoint ranges, file_size exact", () => {
  for (const kind of [0, 1])
    for (const count of [1, 2, 17, 32])
      for (const strips of [1, 3, 32])
        for (const ragged of [0, 1])
          for (let lengths = 0; lengths <= SLOTS.lengths; lengths++) {
            const choices = { kind, count: number(count), strips: number(strips), ragged, lengths };
            const { bytes, tags } = build(recipe(choices));
            expect(tags).toEqual([]);
            expect(outcomeOf(bytes), JSON.stringify(choices)).toEqual([
              `fmap/map/${kind ? "interleaved" : "simple"}`,
            ]);
            const { header, heads, end, sum } = read(bytes);
            expect(header).toMatchObject({ nextents: count, file_size: sum });
            expect(end).toBe(bytes.length);
            expect(heads.map((h) => h.ie_nstrips)).toEqual(
              kind ? Array.from({ length: count }, (_, i) => (ragged && i % 2 ? 1 : strips)) : [],
            );
          }
});

it("lengths and offsets follow their patterns", () => {
  const ranges = (choices: object) => read(build(recipe({ count: number(4), ...choices })).bytes).ranges;
  const lengths = (pattern: number) => ranges({ lengths: pattern }).map((r) => r.se_len);
  expect([0, 1, 2, 3, 4, 5].map(lengths)).toEqual([
    [MIB2, MIB2, MIB2, MIB2],
    [MIB2, 2n * MIB2, 3n * MIB2, 4n * MIB2],
    new Array(4).fill(1n << 30n),
    [MIB2, 3n * MIB2, 5n * MIB2, 2n * MIB2],
    new Array(4).fill(1n << 40n),
    [1n, 2n, 3n, 4n].map((i) => (i << 32n) + (i + 2n) * MIB2),
  ]);
  const offsets = (pattern: number) => ranges({ offsets: pattern }).map((r) => r.se_offset);
  const far = (i: bigint) => (i << 40n) + i * MIB2;
  expect([0, 1, 2, 3, 4].map(offsets)).toEqual([
    [0n, MIB2, 2n * MIB2, 3n * MIB2],
    [0n, far(1n), far(2n), far(3n)],
    [4n * MIB2, 3n * MIB2, 2n * MIB2, MIB2],
    new Array(4).fill(MIB2),
    [0n, (4n << 32n) + 5n * MIB2, (1n << 32n) + MIB2, (5n << 32n) + 6n * MIB2],
  ]);
});

it("what is beyond the limits says so, and never outgrows the longest message", () => {
  expect(build(recipe({ count: number(33) })).tags).toEqual(["fmap/header/nextents-limit"]);
  expect(build(recipe({ strips: number(33) })).tags).toEqual([]);
  expect(build(recipe({ kind: 1, strips: number(33) })).tags).toEqual(["fmap/interleaved/nstrips-limit"]);
  const { bytes } = build(recipe({ kind: 1, count: number(64), strips: number(64) }));
  expect(bytes.length).toBeLessThanOrEqual(MAX_MESSAGE);
  expect(read(bytes).end).toBe(bytes.length);
});
