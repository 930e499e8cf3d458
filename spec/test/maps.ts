import fc from "fast-check";
import type { DaxRange, Fmap } from "../map.ts";

const u64Arb = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
const rangeArb: fc.Arbitrary<DaxRange> = fc.record({ devindex: u64Arb, offset: u64Arb, length: u64Arb });
const headArb = { fileType: fc.integer({ min: 0, max: 255 }), fileSize: u64Arb, devBitmap: u64Arb };

/** Any map, also one that no parser would make. */
export const mapArb: fc.Arbitrary<Fmap> = fc.oneof(
  fc.record({ ...headArb, extType: fc.constant("simple"), extents: fc.array(rangeArb) }),
  fc.record({
    ...headArb,
    extType: fc.constant("interleaved"),
    extents: fc.array(fc.record({ chunkSize: u64Arb, nbytes: u64Arb, strips: fc.array(rangeArb) })),
  }),
);

export const simpleMap: Fmap = {
  fileType: 2,
  fileSize: 0x400000n,
  devBitmap: 1n,
  extType: "simple",
  extents: [
    { devindex: 0n, offset: 0x200000n, length: 0x600000n },
    { devindex: 3n, offset: (1n << 64n) - 1n, length: 0n },
  ],
};

export const interleavedMap: Fmap = {
  fileType: 0,
  fileSize: 1n,
  devBitmap: 0xffffffff80000000n,
  extType: "interleaved",
  extents: [
    { chunkSize: 0x200000n, nbytes: 5n, strips: [{ devindex: 1n, offset: 2n, length: 3n }] },
    { chunkSize: 0n, nbytes: 1n << 63n, strips: [] },
  ],
};
