import fc from "fast-check";
import { expect, it } from "vitest";
import { oddities, parseFmap, type TraceStep } from "../../oracles/index.ts";
import { DEFAULT_PROFILE, fmapHeader, interleavedExt, type RuleId, simpleExt } from "../../spec/index.ts";
import { SLOT_NAMES, SLOTS } from "../recipe.ts";

/** The rules that decide what becomes of a message: the one it breaks, or those that it is accepted under; or none that is settled. */
export function outcomeOf(bytes: Uint8Array, profile = DEFAULT_PROFILE): RuleId[] {
  const verdict = parseFmap(profile, bytes);
  if (verdict.verdict === "reject") return [verdict.rule];
  if (verdict.verdict === "unspecified") return [];
  const odd = oddities(profile, bytes, verdict.map);
  return odd.length > 0 ? odd : [`fmap/map/${verdict.map.extType}`];
}

/** Hex of bytes: compared much faster than the bytes are. */
export const hexOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");

const LARGEST = SLOT_NAMES.map((slot) => SLOTS[slot]);

/** What keeps a list of choices from being a recipe; null: nothing. */
export function misfit(choices: readonly number[]): string | null {
  if (choices.length !== LARGEST.length) return `${choices.length} choices`;
  for (let i = 0; i < LARGEST.length; i++) {
    const choice = choices[i] as number;
    if (!Number.isInteger(choice) || choice < 0 || choice > (LARGEST[i] as number))
      return `${SLOT_NAMES[i]} is ${choice}`;
  }
  return null;
}

/** Every check that the parser makes of a message. */
export function checksOf(bytes: Uint8Array): TraceStep[] {
  const steps: TraceStep[] = [];
  parseFmap(DEFAULT_PROFILE, bytes, { trace: { check: (step) => steps.push(step) } });
  return steps;
}

/** The counterexample that fast-check shrinks to, from the seed; fails when there is none. */
export function shrunk<T>(arb: fc.Arbitrary<T>, holds: (value: T) => boolean, seed: number): T {
  const { counterexample } = fc.check(fc.property(arb, holds), { seed, numRuns: 20_000 });
  if (counterexample === null) return expect.unreachable("no counterexample was found");
  return counterexample[0];
}

/** Law: whatever is generated is valid, and so is all that it shrinks to, by whichever way. */
export function shrinksStayValid<T>(name: string, arb: fc.Arbitrary<T>, valid: (value: T) => void) {
  it(`${name}: all that it generates, and all that it shrinks to, is valid`, () => {
    for (let seed = 1; seed <= 20; seed++) {
      // Which values "fail" depends on the seed: each leads the shrinker another way.
      let calls = 0;
      let wrong: unknown = null;
      const property = fc.property(arb, (value) => {
        try {
          valid(value);
        } catch (e) {
          wrong ??= e;
        }
        return ++calls % ((seed % 4) + 1) !== 0;
      });
      const run = fc.check(property, { seed, numRuns: 50 });
      if (wrong !== null) throw wrong;
      expect(run.failed).toBe(true);
    }
  });
}

/** The numbers of a message that no fault made unreadable. */
export function read(bytes: Uint8Array) {
  const header = fmapHeader.read(bytes);
  const heads: ReturnType<typeof interleavedExt.read>[] = [];
  const ranges: ReturnType<typeof simpleExt.read>[] = [];
  let at: number = fmapHeader.size;
  const takeRanges = (n: number) => {
    for (let i = 0; i < n; i++, at += simpleExt.size) ranges.push(simpleExt.read(bytes, at));
  };
  if (header.ext_type === 0) takeRanges(header.nextents);
  else
    for (let i = 0; i < header.nextents; i++) {
      const head = interleavedExt.read(bytes, at);
      heads.push(head);
      at += interleavedExt.size;
      takeRanges(head.ie_nstrips);
    }
  return { header, heads, ranges, end: at, sum: ranges.reduce((n, r) => n + r.se_len, 0n) };
}
