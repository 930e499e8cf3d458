import fc from "fast-check";
import { DEFAULT_PROFILE, MIB2, type Profile, S64_MAX } from "../spec/index.ts";
import { BOUNDARY_COUNTS } from "./base.ts";
import { type Built, build } from "./build.ts";
import { recipe, SLOT_NAMES, SLOTS } from "./recipe.ts";
import { RecipeDraws } from "./recipe-draws.ts";

/** Any recipe; shrinking moves every choice towards 0, the simplest. */
export const recipeArb: fc.Arbitrary<number[]> = fc.tuple(...SLOT_NAMES.map((slot) => fc.nat(SLOTS[slot])));

/** Recipes with the distribution of the bulk stream. */
class LikelyRecipe extends fc.Arbitrary<number[]> {
  private readonly draws = new DrawsOfProperty();

  // Not a tuple of integers, which takes twenty times as long (`npm run bench -- engines`).
  override generate(random: fc.Random): fc.Value<number[]> {
    return new fc.Value(this.draws.of(random), undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is number[] {
    return recipeArb.canShrinkWithoutContext(value);
  }

  override shrink(value: number[], context: unknown): fc.Stream<fc.Value<number[]>> {
    return recipeArb.shrink(value, context);
  }
}

class DrawsOfProperty extends RecipeDraws {
  private random!: fc.Random;

  of(random: fc.Random): number[] {
    this.random = random;
    return this.draw([]);
  }

  protected next32(): number {
    return this.random.nextInt();
  }
}

const likelyRecipeArb = new LikelyRecipe();

/** Any message for that revision, valid or adversarial, with the rules that it is made to break or to exercise. */
export const messageArbOf = (profile: Profile): fc.Arbitrary<Built> =>
  likelyRecipeArb.map((r) => build(r, profile));

export const messageArb: fc.Arbitrary<Built> = messageArbOf(DEFAULT_PROFILE);

/** Largest number of extents and of strips in a valid message if the revision has no limit. */
const MANY = 32;

/** Patterns of equal lengths: the strips of such extents are long enough for their chunks. */
const EVEN_LENGTHS = [0, 2, 4];

/** A valid message for that revision: up to its limits of extents and strips, disjoint ranges, exact file_size. */
export const validMessageArbOf = (profile: Profile): fc.Arbitrary<Uint8Array> => {
  const { limits, parser } = profile;
  return fc
    .record({
      kind: fc.nat(parser.interleaved === null ? 0 : 1),
      count: fc.nat(Math.min(limits.maxExtents ?? MANY, MANY) - 1),
      strips: fc.nat(Math.min(limits.maxStrips ?? MANY, MANY) - 1),
      ragged: fc.nat(1),
      lengths: parser.interleaved?.stripCapacity ? fc.constantFrom(...EVEN_LENGTHS) : fc.nat(SLOTS.lengths),
    })
    .map(
      ({ count, strips, ...rest }) =>
        build(recipe({ ...rest, count: BOUNDARY_COUNTS + count, strips: BOUNDARY_COUNTS + strips }), profile)
          .bytes,
    );
};

/** A valid message for rfc-v2: 1 to 32 extents of 1 to 32 strips. */
export const validMessageArb: fc.Arbitrary<Uint8Array> = validMessageArbOf(DEFAULT_PROFILE);

/** Bytes without any structure. */
export const randomBytesArb: fc.Arbitrary<Uint8Array> = fc.uint8Array({ maxLength: 512, size: "max" });

/** File offsets and lengths (s64, not negative) to resolve, with the edges of pages, extents and the number range. */
export const fileRangeArb: fc.Arbitrary<readonly [bigint, bigint]> = fc.tuple(
  fc.oneof(
    fc.constantFrom(0n, 1n, 4095n, 4096n, MIB2 - 1n, MIB2, 1n << 30n, 1n << 40n, S64_MAX),
    fc.bigInt({ min: 0n, max: 1n << 32n }),
    fc.bigInt({ min: 0n, max: S64_MAX }),
  ),
  fc.constantFrom(4096n, 1n, MIB2, S64_MAX),
);
