import type { Profile } from "../spec/index.ts";
import { headerBoundaries } from "./rule-boundaries/header.ts";
import { ignoredBoundaries } from "./rule-boundaries/ignored.ts";
import { interleavedBoundaries } from "./rule-boundaries/interleaved.ts";
import { rangeBoundaries } from "./rule-boundaries/ranges.ts";
import { totalBoundaries } from "./rule-boundaries/totals.ts";
import { type Boundaries, wordsFor } from "./rule-boundaries/words.ts";

/**
 * For each rule that a message can break, messages on both sides of its boundary, made from the profile's limits. A profile
 * without the rule has the messages, too, with another verdict.
 */
export function* ruleBoundaries(profile: Profile): Generator<[name: string, message: Uint8Array]> {
  const words = wordsFor(profile);
  const all: Boundaries = {
    ...headerBoundaries(words),
    ...rangeBoundaries(words),
    ...interleavedBoundaries(words),
    ...totalBoundaries(words),
    ...ignoredBoundaries(words),
  };
  for (const [rule, messages] of Object.entries(all))
    for (const [what, message] of Object.entries(messages)) yield [`${rule}/${what}`, message];
}
