import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DaxRange, Fmap } from "../../spec/index.ts";
import { placesOf } from "../test/per-byte.ts";
import { firstStray, overlaps, ownedRanges, uncovered } from "./strict-map.ts";

const range = (offset: bigint, length: bigint, devindex = 0n): DaxRange => ({ devindex, offset, length });

const simple = (fileSize: bigint, ...extents: DaxRange[]): Fmap => ({
  fileType: 0,
  fileSize,
  devBitmap: 1n,
  extType: "simple",
  extents,
});

const interleaved = (fileSize: bigint, chunkSize: bigint, nbytes: bigint, ...strips: DaxRange[]): Fmap => ({
  fileType: 0,
  fileSize,
  devBitmap: 1n,
  extType: "interleaved",
  extents: [{ chunkSize, nbytes, strips }],
});

describe("every byte of the file is carried", () => {
  it.each<[string, Fmap, string | null]>([
    ["exactly", simple(10n, range(0n, 4n), range(4n, 6n)), null],
    ["with room to spare", simple(9n, range(0n, 10n)), null],
    ["an empty file", simple(0n, range(0n, 10n)), null],
    ["not its last byte", simple(11n, range(0n, 10n)), "the last 1 bytes of the file have no extent"],
    ["two strips, whole stripes", interleaved(8n, 2n, 8n, range(0n, 4n), range(4n, 4n)), null],
    ["the last stripe cut short", interleaved(7n, 2n, 8n, range(0n, 4n), range(4n, 3n)), null],
    [
      "a strip too short for its chunks",
      interleaved(8n, 2n, 8n, range(0n, 4n), range(4n, 3n)),
      "extent 0, strip 1 is 3 bytes long and carries chunks up to byte 4",
    ],
    [
      "the first strip carries one chunk more",
      interleaved(10n, 2n, 10n, range(0n, 4n), range(8n, 6n)),
      "extent 0, strip 0 is 4 bytes long and carries chunks up to byte 6",
    ],
    ["chunks of nothing", interleaved(8n, 0n, 8n, range(0n, 8n)), "extent 0 has chunk size 0"],
    [
      "an extent that serves too little",
      interleaved(8n, 2n, 6n, range(0n, 8n)),
      "the last 2 bytes of the file have no extent",
    ],
    ["an empty interleaved file", interleaved(0n, 0n, 8n, range(0n, 8n)), null],
  ])("%s", (_name, map, expected) => {
    expect(uncovered(map)).toBe(expected);
  });
});

it("with chunks of nothing no byte has a range", () => {
  expect(firstStray(interleaved(8n, 0n, 8n, range(0n, 8n)))).toMatchObject({ offset: 0n, kind: "no range" });
});

it("the first byte that strays is the first one that dealing bytes to strips puts outside", () => {
  const small = (max: number, min = 0) => fc.integer({ min, max }).map(BigInt);
  const rangeArb = fc.record({ devindex: small(1), offset: small(1000), length: small(9) });
  const stripedArb = fc.record({
    chunkSize: small(4, 1),
    nbytes: small(20, 1),
    strips: fc.array(rangeArb, { minLength: 1, maxLength: 3 }),
  });
  const mapArb: fc.Arbitrary<Fmap> = fc
    .tuple(small(40), fc.array(stripedArb, { maxLength: 3 }))
    .map(([fileSize, extents]) => ({
      fileType: 0,
      fileSize,
      devBitmap: 1n,
      extType: "interleaved",
      extents,
    }));
  fc.assert(
    fc.property(mapArb, (map) => {
      const places = placesOf(map).slice(0, Number(map.fileSize));
      const outside = places.findIndex((p) => !p.inside);
      const end = BigInt(places.length);
      const expected = outside >= 0 ? BigInt(outside) : end < map.fileSize ? end : null;
      expect(firstStray(map)?.offset ?? null).toBe(expected);
    }),
    { numRuns: 1000 },
  );
});

describe("ranges that share bytes", () => {
  const pairs = (map: Fmap) => overlaps(ownedRanges(map)).map(([a, b]) => `${a.owner} / ${b.owner}`);

  it.each<[string, Fmap, string[]]>([
    ["side by side", simple(8n, range(0n, 4n), range(4n, 4n)), []],
    ["one byte shared", simple(8n, range(0n, 5n), range(4n, 4n)), ["extent 0 / extent 1"]],
    ["the same range on two devices", simple(8n, range(0n, 4n), range(0n, 4n, 1n)), []],
    ["nothing has no byte to share", simple(4n, range(0n, 4n), range(2n, 0n)), []],
    [
      "a long one over two short ones",
      simple(8n, range(0n, 10n), range(1n, 1n), range(5n, 1n)),
      ["extent 0 / extent 1", "extent 0 / extent 2"],
    ],
    [
      "strips of one extent",
      interleaved(8n, 2n, 8n, range(0n, 4n), range(2n, 4n)),
      ["extent 0, strip 0 / extent 0, strip 1"],
    ],
    [
      "one that reaches as far as an earlier one",
      simple(8n, range(0n, 4n), range(2n, 2n), range(3n, 2n)),
      ["extent 0 / extent 1", "extent 0 / extent 2"],
    ],
    [
      "each with the next",
      simple(8n, range(0n, 5n), range(4n, 5n), range(8n, 4n)),
      ["extent 0 / extent 1", "extent 1 / extent 2"],
    ],
    [
      "on a second device, below the end of what is on the first",
      simple(8n, range(0n, 10n), range(0n, 4n, 1n), range(2n, 4n, 1n)),
      ["extent 1 / extent 2"],
    ],
    ["unsorted", simple(8n, range(6n, 2n), range(0n, 7n)), ["extent 1 / extent 0"]],
  ])("%s", (_name, map, expected) => {
    expect(pairs(map)).toEqual(expected);
  });
});
