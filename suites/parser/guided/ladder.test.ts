/** What guidance is for: a bug behind conditions that random messages hardly ever meet together. */
import { describe, expect, it } from "vitest";
import { KernelParser } from "../../../oracles/index.ts";
import { DEFAULT_PROFILE, EXT_INTERLEAVE, fmapHeader } from "../../../spec/index.ts";
import { Portion } from "../asking/portion.ts";
import { type Recipes, RunRecipes } from "../asking/recipes.ts";
import { Guide } from "./guide.ts";

const RUNS = 100_000;
const ALL = 5;
const oracle = new KernelParser(DEFAULT_PROFILE);

/** How many of its conditions, one behind the other, a parser with that bug comes through; ALL: it is wrong. */
function depth({ batch }: Portion, i: number): number {
  const start = batch.starts[i] as number;
  if (oracle.parse(batch.view, start, start + (batch.lengths[i] as number)) !== 0) return 0;
  const header = fmapHeader.read(batch.bytes, start);
  const conditions = [
    header.ext_type === EXT_INTERLEAVE,
    header.fmap_version === 256,
    header.file_type === 2,
    header.nextents === 3,
    // The generator's own bytes behind a message.
    batch.bytes[start + (batch.lengths[i] as number) - 1] === 0xa5,
  ];
  const first = conditions.indexOf(false);
  return first < 0 ? conditions.length : first;
}

/** How deep the messages of a run come; `guide` null: as many that nothing guides. */
function deepest(seed: number, guide: Guide | null, hears: boolean): number {
  const extent = { level: "quick", seed, runs: RUNS } as const;
  const source: Recipes = guide?.recipes(extent, "bulk") ?? new RunRecipes(extent, "bulk");
  const portion = new Portion(512, DEFAULT_PROFILE);
  let most = 0;
  for (let more = true; more; ) {
    portion.batch.clear();
    while (!portion.batch.full) {
      more = portion.take(source);
      if (!more) break;
      guide?.look(portion, portion.batch.count - 1);
    }
    // Where the code branches a message goes a way that none has gone, once for each condition.
    const before = most;
    const depths = Array.from({ length: portion.batch.count }, (_, i) => depth(portion, i));
    if (hears) guide?.learn(portion, { reached: (i) => ((depths[i] as number) > before ? 1 : 0) });
    most = Math.max(before, ...depths);
  }
  return most;
}

describe.each([1, 2])("a bug behind five conditions, seed %i", (seed) => {
  it("is found by who hears which of them were met", () => {
    expect(deepest(seed, new Guide(DEFAULT_PROFILE, seed), true)).toBe(ALL);
  });

  it("is not found by as many messages that nothing guides", () => {
    expect(deepest(seed, null, false)).toBeLessThan(ALL);
  });
});
