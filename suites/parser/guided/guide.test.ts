/** What a guided run asks. */
import { describe, expect, it } from "vitest";
import { misfit } from "../../../base/schema-check.ts";
import {
  neighbours,
  type Recipe,
  RecipeMutator,
  RecipeStream,
  recipe,
  slotIndex,
} from "../../../generators/index.ts";
import { DEFAULT_PROFILE } from "../../../spec/index.ts";
import { badDriver } from "../../../test/bad-driver.ts";
import { reportOn, runOver } from "../../../test/runs.ts";
import { Portion } from "../asking/portion.ts";
import { type Recipes, RunRecipes } from "../asking/recipes.ts";
import { ledgerToJson } from "../stored.ts";
import { Corpus } from "./corpus.ts";
import { Guide } from "./guide.ts";
import { OracleFeatures } from "./oracle-features.ts";

const EXTENT = { level: "quick", seed: 1, runs: 30_000 } as const;

/** The recipes of a run, each looked at by `look`. */
function asked(from: Recipes, look: (portion: Portion) => void) {
  const portion = new Portion(1, DEFAULT_PROFILE);
  const all: { position: number; fixed: boolean; recipe: Recipe }[] = [];
  for (portion.batch.clear(); portion.take(from); portion.batch.clear()) {
    look(portion);
    const { position, fixed } = portion.circumstances(0);
    all.push({ position, fixed, recipe: [...portion.recipe(0)] });
  }
  return all;
}

/** Those of a guided run, and what it keeps. */
function guided(seed: number, runs: number = EXTENT.runs) {
  const guide = new Guide(DEFAULT_PROFILE, seed);
  const recipes = asked(guide.recipes({ ...EXTENT, seed, runs }, "bulk"), (portion) =>
    guide.look(portion, 0),
  );
  return { recipes, search: guide.report() };
}

describe("a guided run", () => {
  const { recipes, search } = guided(1);

  it("asks as many messages as an ordinary run, beginning with the same fixed table", () => {
    expect(recipes.map((p) => p.position)).toEqual(recipes.map((_, i) => i));
    expect(recipes).toHaveLength(EXTENT.runs);
    const plain = asked(new RunRecipes(EXTENT, "bulk"), () => {});
    const fixed = plain.filter((p) => p.fixed);
    expect(recipes.slice(0, fixed.length)).toEqual(fixed);
    expect(recipes.slice(fixed.length).some((p) => p.fixed)).toBe(false);
    expect(guided(1, 10).recipes).toEqual(plain.slice(0, 10));
  });

  it("asks the same for the same seed, and something else for another", () => {
    expect(guided(1)).toEqual({ recipes, search });
    expect(guided(2).recipes).not.toEqual(recipes);
  });

  it("is more to the oracle than as many messages that nothing guides", () => {
    const features = new OracleFeatures(DEFAULT_PROFILE);
    asked(new RunRecipes(EXTENT, "bulk"), ({ batch }) => {
      const [start, length] = [batch.starts[0] as number, batch.lengths[0] as number];
      features.look(batch.view, start, start + length);
    });
    expect(search.features).toBeGreaterThan(features.reached.count);
  });
});

describe("what is kept", () => {
  /** The same message three times. */
  const same = () => {
    const portion = new Portion(3, DEFAULT_PROFILE);
    const source = { position: 0, fixed: false, next: () => recipe({ count: 1 }) };
    for (let i = 0; i < 3; i++) portion.take(source);
    return portion;
  };

  it("is a recipe that is new to the oracle, and not the same again", () => {
    const guide = new Guide(DEFAULT_PROFILE, 1);
    const portion = same();
    guide.look(portion, 0);
    expect(guide.report().kept).toBe(1);
    guide.look(portion, 1);
    expect(guide.report().kept).toBe(1);
  });

  it("is a recipe that reached something in the subject's code, if anybody knows", () => {
    const guide = new Guide(DEFAULT_PROFILE, 1);
    const portion = same();
    guide.learn(portion, {});
    expect(guide.report()).toMatchObject({ kept: 0, keptForSource: 0 });
    guide.learn(portion, { reached: (i) => (i === 1 ? 3 : 0) });
    expect(guide.report()).toMatchObject({ kept: 1, keptForSource: 1 });
  });
});

describe("a corpus", () => {
  const corpus = () => new Corpus(new RecipeMutator(1), new RecipeStream(1));
  it("that is empty gives the plain stream", () => {
    const [mine, plain] = [corpus(), new RecipeStream(1)];
    for (let i = 0; i < 20; i++) expect(mine.next()).toEqual(plain.next());
  });

  it("asks each neighbour of what it keeps once, of the latest first, and plain recipes and children between them", () => {
    const mine = corpus();
    const [first, last] = [recipe({ noiseA: 60_000 }), recipe({ noiseA: 60_001 })];
    for (const r of [first, last]) mine.keep(r, 100, "oracle");
    const next = Array.from({ length: 2000 }, () => mine.next().join());
    const all = (r: readonly number[]) => new Set([...neighbours(r)].map((n) => n.join()));
    const positions = (r: readonly number[]) => {
      const [mineToo, reached] = [all(r), new Map<string, number>()];
      for (const [i, n] of next.entries()) if (mineToo.has(n) && !reached.has(n)) reached.set(n, i);
      expect(reached.size).toBe(mineToo.size);
      return [...reached.values()].reduce((a, b) => a + b, 0) / reached.size;
    };
    expect(positions(last)).toBeLessThan(positions(first));
    const plain = next.filter((n) => !n.includes("60000") && !n.includes("60001"));
    expect(plain.length).toBeGreaterThan(300);
  });

  it("asks neighbours of what reached the source before those of what was new to the oracle", () => {
    const mine = corpus();
    mine.keep(recipe({ noiseA: 60_000 }), 100, "source");
    mine.keep(recipe({ noiseA: 60_001 }), 100, "oracle");
    const next = Array.from({ length: 300 }, () => mine.next());
    const near = (a: number) =>
      next.filter((r) => r[slotIndex("noiseA")] === a && r[slotIndex("noise")] === 0);
    expect(near(60_000).length).toBeGreaterThan(120);
    expect(near(60_001).length).toBeLessThan(60);
  });

  it("gives up the oldest of too many visits, and of two parents prefers the one with the shorter message", () => {
    const mine = corpus();
    const [long, short] = [recipe({ noiseA: 60_000 }), recipe({ noiseA: 60_001 })];
    mine.keep(long, 10_000, "oracle");
    for (let i = 0; i < 512; i++) mine.keep(i < 256 ? short : long, i < 256 ? 56 : 10_000, "oracle");
    const next = Array.from({ length: 4000 }, () => mine.next());
    const of = (a: number) =>
      next.filter((r) => r[slotIndex("noiseA")] === a && (r[slotIndex("tailAt")] as number) > 48).length;
    expect(of(60_001)).toBeGreaterThan(of(60_000));
  });
});

describe("the run over a driver", () => {
  it("says in its report that it was guided, and by how much", async () => {
    const report = await reportOn(badDriver("frames", "none").subject, { runs: 3000, guided: true });
    expect(report.run.guided).toBe(true);
    expect(report.search?.kept).toBeGreaterThan(100);
    expect(report.search?.keptForSource).toBe(0);
    expect(misfit("report", report)).toBeNull();
  });

  it("finds the same twice, and with a filter only what the filter lets through", async () => {
    const again = async (filter?: (rule: string) => boolean) => {
      const options = { runs: 3000, guided: true, ...(filter && { filter }) };
      return ledgerToJson((await runOver(badDriver("frames", "accept").subject, options)).ledger);
    };
    const first = await again();
    expect(await again()).toEqual(first);
    const narrow = await again((rule) => rule === "fmap/header/ext-type");
    expect(new Set(narrow.failures.map((f) => f.rule))).toEqual(new Set(["fmap/header/ext-type"]));
  });
});
