import type { Profile } from "../../spec/index.ts";
import { build } from "../build.ts";
import { recipe } from "../recipe.ts";

/** Names for the choices of the slot `lengths`; each is combined with another choice of `offsets`. */
const LENGTHS = ["equal", "growing", "1-gib", "irregular", "1-tib", "odd"];

/** Valid messages of few extents and strips: every pattern of lengths, one after the other, apart, backwards, overlapping. */
export function* namedShapes(profile: Profile): Generator<[name: string, message: Uint8Array]> {
  for (const [lengths, pattern] of LENGTHS.entries()) {
    const shape = { lengths, offsets: lengths % 5, ragged: lengths % 2 };
    for (const count of [0, 1, 2, 3]) {
      const extents = `${count + 1}-extents`;
      yield [`shape/simple/${extents}/${pattern}`, build(recipe({ ...shape, count }), profile).bytes];
      for (const strips of [0, 1, 2])
        yield [
          `shape/interleaved/${extents}-of-${strips + 1}/${pattern}`,
          build(recipe({ ...shape, kind: 1, count, strips }), profile).bytes,
        ];
    }
  }
}
