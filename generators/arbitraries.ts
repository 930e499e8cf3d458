import fc from "fast-check";
import { BOUNDARY_COUNTS } from "./base.ts";
import { type Built, build } from "./build.ts";
import { recipe, SLOT_NAMES, SLOTS } from "./recipe.ts";

/** Any recipe; shrinks every choice towards 0, the simplest. */
export const recipeArb: fc.Arbitrary<number[]> = fc.tuple(...SLOT_NAMES.map((slot) => fc.nat(SLOTS[slot])));

/** Any message, valid or adversarial, with the rules that it means to break or to use. */
export const messageArb: fc.Arbitrary<Built> = recipeArb.map(build);

/** A message that is without a fault: 1 to 32 extents of 1 to 32 strips, disjoint, file_size exact. */
export const validMessageArb: fc.Arbitrary<Uint8Array> = fc
  .record({
    kind: fc.nat(1),
    count: fc.nat(31),
    strips: fc.nat(31),
    ragged: fc.nat(1),
    lengths: fc.nat(SLOTS.lengths),
  })
  .map(
    ({ count, strips, ...rest }) =>
      build(recipe({ ...rest, count: BOUNDARY_COUNTS + count, strips: BOUNDARY_COUNTS + strips })).bytes,
  );

/** Bytes without any structure. */
export const randomBytesArb: fc.Arbitrary<Uint8Array> = fc.uint8Array({ maxLength: 512, size: "max" });

/** File offsets and lengths (s64, not negative) to resolve, with the edges of pages, extents and the number range. */
export const fileRangeArb: fc.Arbitrary<readonly [bigint, bigint]> = fc.tuple(
  fc.oneof(
    fc.constantFrom(
      0n,
      1n,
      4095n,
      4096n,
      (1n << 21n) - 1n,
      1n << 21n,
      1n << 30n,
      1n << 40n,
      (1n << 63n) - 1n,
    ),
    fc.bigInt({ min: 0n, max: 1n << 32n }),
    fc.bigInt({ min: 0n, max: (1n << 63n) - 1n }),
  ),
  fc.constantFrom(4096n, 1n, 1n << 21n, (1n << 63n) - 1n),
);
