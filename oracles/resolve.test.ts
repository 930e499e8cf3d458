import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fileRangeArb } from "../generators/index.ts";
import { type DaxRange, DEFAULT_PROFILE, type Fmap, type InterleavedExtent } from "../spec/index.ts";
import { type FileState, publishedFile, type Resolution, resolve } from "./resolve.ts";
import { placesOf } from "./test/per-byte.ts";

const shared = { fileType: 0, devBitmap: 1n };
const simple = (...extents: DaxRange[]): Fmap => ({
  ...shared,
  fileSize: 1n << 40n,
  extType: "simple",
  extents,
});
const interleaved = (fileSize: bigint, ...extents: InterleavedExtent[]): Fmap => ({
  ...shared,
  fileSize,
  extType: "interleaved",
  extents,
});
const at = (offset: bigint, length: bigint, devindex = 0n): DaxRange => ({ devindex, offset, length });
const find = (map: Fmap, offset: bigint, want = 1n << 40n, file?: FileState) =>
  resolve(DEFAULT_PROFILE, map, offset, want, file);

const shorter = (a: bigint, b: bigint) => (a < b ? a : b);
const EMPTY: Resolution = { kind: "empty" };
const found = (offset: bigint, length: bigint, devindex = 0n): Resolution => ({
  kind: "mapped",
  devindex,
  offset,
  length,
});

describe("a map of few bytes: every byte where it was dealt to", () => {
  const small = (max: number, min = 0) => fc.integer({ min, max }).map(BigInt);
  const rangeArb = fc.record({ devindex: small(3), offset: small(1000), length: small(9) });
  const stripedArb = fc.record({
    chunkSize: small(5, 1),
    nbytes: small(20),
    strips: fc.array(rangeArb, { minLength: 1, maxLength: 4 }),
  });
  const mapArb = fc.oneof(
    fc.array(rangeArb, { maxLength: 6 }).map((extents) => simple(...extents)),
    fc
      .tuple(small(40), fc.array(stripedArb, { maxLength: 4 }))
      .map(([size, extents]) => interleaved(size, ...extents)),
  );

  it("agrees with a walk byte by byte", () => {
    const law = fc.property(mapArb, small(12, 1), (map, want) => {
      const places = placesOf(map);
      for (let i = 0; i < places.length + 3; i++) {
        const place = places[i];
        const expected = place ? found(place.offset, shorter(place.rest, want), place.devindex) : EMPTY;
        expect(find(map, BigInt(i), want)).toEqual(expected);
      }
    });
    fc.assert(law, { numRuns: 500 });
  });
});

describe("simple extents", () => {
  const map = simple(at(100n, 10n, 1n), at(7n, 0n, 2n), at(500n, 5n, 3n));
  it.each([
    [0n, found(100n, 10n, 1n)],
    [9n, found(109n, 1n, 1n)],
    [10n, found(500n, 5n, 3n)],
    [14n, found(504n, 1n, 3n)],
    [15n, EMPTY],
    [(1n << 63n) - 1n, EMPTY],
  ])("offset %s", (offset, expected) => {
    expect(find(map, offset)).toEqual(expected);
  });

  it("gives no more than was asked for", () => {
    expect(find(map, 2n, 3n)).toEqual(found(102n, 3n, 1n));
    expect(find(map, 2n, 0n)).toEqual(found(102n, 0n, 1n));
  });
});

describe("lengths and offsets from 2^63 on, as loff_t takes them", () => {
  const HALF = 1n << 63n;
  const hazard = "hazard/walk-overflow";
  it.each([
    [
      "a negative length is passed by, and lengthens the walk",
      simple(at(100n, HALF + 9n), at(0n, 0n)),
      0n,
      EMPTY,
    ],
    ["-1 behind offset 5 makes it 6", simple(at(0n, (1n << 64n) - 1n), at(100n, 7n)), 5n, found(106n, 1n)],
    [
      "less the smallest s64 overflows to below zero",
      simple(at(0n, HALF), at(100n, 7n)),
      0n,
      { ...found((1n << 64n) - HALF + 100n, HALF + 7n), hazard },
    ],
    ["and overflows without a place", simple(at(0n, HALF)), 0n, { ...EMPTY, hazard }],
    ["from the largest offset on", simple(at(0n, (1n << 64n) - 1n)), HALF - 1n, { ...EMPTY, hazard }],
    ["an offset that is negative is only added to", simple(at(HALF, 10n)), 4n, found(HALF + 4n, 6n)],
    [
      "an offset that overflows on the way",
      simple(at(HALF - 2n, 10n)),
      4n,
      { ...found(HALF + 2n, 6n), hazard },
    ],
    ["the largest length", simple(at(0n, HALF - 1n)), HALF - 2n, found(HALF - 2n, 1n)],
  ])("%s", (_, map, offset, expected) => {
    expect(find(map, offset, HALF - 1n)).toEqual(expected);
  });

  it("all that a resolution says is a u64", () => {
    const edge = fc.constantFrom(0n, 1n << 21n, HALF - 1n, HALF, HALF + 1n, (1n << 64n) - 1n);
    const rangeArb = fc.record({ devindex: fc.constant(0n), offset: edge, length: edge });
    const law = fc.property(fc.array(rangeArb), fileRangeArb, (extents, [offset, want]) => {
      const r = find(simple(...extents), offset, want);
      if (r.kind !== "mapped") return;
      for (const n of [r.offset, r.length]) expect(BigInt.asUintN(64, n)).toBe(n);
    });
    fc.assert(law);
  });
});

describe("interleaved extents", () => {
  const strips = [at(1000n, 8n, 1n), at(2000n, 8n, 2n), at(3000n, 8n, 3n)];
  const map = interleaved(
    100n,
    { chunkSize: 4n, nbytes: 24n, strips },
    { chunkSize: 2n, nbytes: 3n, strips },
  );
  it.each([
    ["chunk 0", 0n, found(1000n, 4n, 1n)],
    ["chunk 1, its last byte", 7n, found(2003n, 1n, 2n)],
    ["chunk 3: the second stripe", 13n, found(1005n, 3n, 1n)],
    ["chunk 5", 23n, found(3007n, 1n, 3n)],
    ["the second extent", 24n, found(1000n, 2n, 1n)],
    ["its last byte, with the rest of the chunk behind it", 26n, found(2000n, 2n, 2n)],
    ["past the end", 27n, EMPTY],
  ])("%s", (_, offset, expected) => {
    expect(find(map, offset)).toEqual(expected);
  });

  it("never looks at a strip's length", () => {
    const short = interleaved(100n, {
      chunkSize: 4n,
      nbytes: 24n,
      strips: strips.map((s) => ({ ...s, length: 0n })),
    });
    expect(find(short, 13n)).toEqual(found(1005n, 3n, 1n));
  });

  it("clips an extent to the file's size, and ends at one that serves nothing", () => {
    const one = { chunkSize: 4n, nbytes: 24n, strips };
    expect(find(interleaved(5n, one), 4n)).toEqual(found(2000n, 4n, 2n));
    expect(find(interleaved(5n, one), 5n)).toEqual(EMPTY);
    expect(find(interleaved(5n, one, one), 5n)).toEqual(found(1000n, 4n, 1n));
    expect(find(interleaved(0n, one), 0n)).toEqual(EMPTY);
    expect(find(interleaved(5n, { ...one, nbytes: 0n }, one), 0n)).toEqual(EMPTY);
  });

  it("divides by a chunk size of zero, but only for an offset in that extent", () => {
    const broken = interleaved(
      100n,
      { chunkSize: 4n, nbytes: 24n, strips },
      { chunkSize: 0n, nbytes: 1n, strips },
    );
    expect(find(broken, 23n)).toEqual(found(3007n, 1n, 3n));
    expect(find(broken, 24n)).toEqual({
      kind: "unspecified",
      rule: "hazard/zero-chunk-division",
      reason: "a chunk size of zero is divided by",
    });
    expect(find(broken, 25n)).toEqual(EMPTY);
  });

  it("wraps an address at 2^64, and takes nbytes as unsigned", () => {
    const high = [at((1n << 64n) - 2n, 8n)];
    const wide = interleaved((1n << 64n) - 1n, { chunkSize: 4n, nbytes: (1n << 64n) - 1n, strips: high });
    expect(find(wide, 3n)).toEqual(found(1n, 1n));
    expect(find(wide, (1n << 63n) - 1n)).toEqual(found((1n << 63n) - 3n, 1n));
  });
});

describe("a file that is not as its map says resolves nothing", () => {
  const map = simple(at(100n, 10n));
  const good = publishedFile(map);
  it.each([
    ["as it was published", good, found(100n, 10n)],
    ["no daxdev table", { ...good, daxdevTable: false }, EMPTY],
    ["another i_size", { ...good, iSize: good.iSize + 1n }, EMPTY],
    ["no S_DAX", { ...good, dax: false }, EMPTY],
  ])("%s", (_, file, expected) => {
    expect(find(map, 0n, 10n, file)).toEqual(expected);
  });
});
