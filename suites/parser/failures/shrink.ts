import fc from "fast-check";
import { build, type Recipe, recipeArb, slotIndex } from "../../../generators/index.ts";
import type { Profile } from "../../../spec/index.ts";

/** Shrinking one failure ends after this many milliseconds at the latest, with the smallest message so far. */
const SHRINK_TIME = 10_000;

/**
 * The simplest recipe whose message still shows the failure, starting from one that does.
 * `shows` asks the subject; it may restart it.
 */
export async function shrink(
  profile: Profile,
  recipe: Recipe,
  shows: (message: Uint8Array) => Promise<boolean>,
): Promise<number[]> {
  let simplest: number[] = [...recipe];
  const property = fc.asyncProperty(recipeArb, async (r) => {
    if (!(await shows(build(r, profile).bytes))) return true;
    simplest = r;
    return false;
  });
  const deadline = Date.now() + SHRINK_TIME;
  // Choices depend on each other, and fast-check does not come back to one that it could not make simpler before.
  for (let before: number[] | null = null; before !== simplest && Date.now() < deadline; ) {
    before = simplest;
    const interruptAfterTimeLimit = deadline - Date.now();
    await fc.check(property, { examples: [[[...simplest]]], numRuns: 1, interruptAfterTimeLimit });
    if (String(before) === String(simplest)) simplest = before;
  }
  return trim(profile, simplest, shows);
}

/** The beginnings of a message that are tried in its place: every 8 bytes, up to two extents with a few strips. */
const STEP = 8;
const LONGEST = 256;

/** The recipe of the shortest beginning of its message that still shows the failure. */
async function trim(
  profile: Profile,
  recipe: number[],
  shows: (message: Uint8Array) => Promise<boolean>,
): Promise<number[]> {
  const { length } = build(recipe, profile).bytes;
  for (let end = 0; end < Math.min(length, LONGEST); end += STEP) {
    const shorter = [...recipe];
    shorter[TAIL] = 1;
    shorter[TAIL + 1] = end;
    if (await shows(build(shorter, profile).bytes)) return shorter;
  }
  return recipe;
}

const TAIL = slotIndex("tail");
