/** What a guided run asks. */
import { describe, expect, it } from "vitest";
import { type Recipe, RecipeMutator, RecipeStream, recipe } from "../../../generators/index.ts";
import { DEFAULT_PROFILE } from "../../../spec/index.ts";
import { misfit } from "../../schema-check.ts";
import { badDriver } from "../../test/bad-driver.ts";
import { reportOn, runOver } from "../../test/runs.ts";
import { Portion } from "../portion.ts";
import { type Recipes, RunRecipes } from "../recipes.ts";
import { ledgerToJson } from "../stored.ts";
import { Corpus } from "./corpus.ts";
import { Guide } from "./guide.ts";
import { OracleFeatures } from "./oracle-features.ts";

const EXTENT = { level: "quick", seed: 1, runs: 30_000 } as const;

/** A recipe, and where it stands in a run. */
interface Placed {
  readonly position: number;
  readonly recipe: Recipe;
  readonly fixed: boolean;
}

/** The recipes one after the other, each in a portion of its own when it is looked at. */
function* each(recipes: Recipes): Generator<readonly [Placed, Portion]> {
  const portion = new Portion(1, DEFAULT_PROFILE);
  for (portion.batch.clear(); portion.take(recipes); portion.batch.clear()) {
    const { position, fixed } = recipes;
    yield [{ position, fixed, recipe: [...portion.recipe(0)] }, portion];
  }
}

/** The recipes of a guided run, each looked at, and of what it keeps. */
function guided(seed: number, runs: number = EXTENT.runs) {
  const guide = new Guide(DEFAULT_PROFILE, seed);
  const asked: Placed[] = [];
  for (const [placed, portion] of each(guide.recipes({ ...EXTENT, seed, runs }, "bulk"))) {
    guide.look(portion, 0);
    asked.push(placed);
  }
  return { asked, search: guide.report() };
}

describe("a guided run", () => {
  const { asked, search } = guided(1);

  it("asks as many messages as any, the table of any run first, or as much of it as there are", () => {
    expect(asked.map((p) => p.position)).toEqual(asked.map((_, i) => i));
    expect(asked).toHaveLength(EXTENT.runs);
    const plain = [...each(new RunRecipes(EXTENT, "bulk"))].map(([placed]) => placed);
    const fixed = plain.filter((p) => p.fixed);
    expect(asked.slice(0, fixed.length)).toEqual(fixed);
    expect(asked.slice(fixed.length).some((p) => p.fixed)).toBe(false);
    expect(guided(1, 10).asked).toEqual(plain.slice(0, 10));
  });

  it("asks the same for the same seed, and something else for another", () => {
    expect(guided(1)).toEqual({ asked, search });
    expect(guided(2).asked).not.toEqual(asked);
  });

  it("is more to the oracle than as many messages that nothing guides", () => {
    const features = new OracleFeatures(DEFAULT_PROFILE);
    for (const [, portion] of each(new RunRecipes(EXTENT, "bulk"))) {
      features.look(
        portion.batch.view,
        portion.batch.starts[0] as number,
        4 + (portion.batch.lengths[0] as number),
      );
    }
    expect(search.features).toBeGreaterThan(features.seen.count);
  });
});

describe("what is kept", () => {
  const portionOf = (...recipes: Recipe[]) => {
    const portion = new Portion(recipes.length, DEFAULT_PROFILE);
    for (const [i, one] of recipes.entries()) portion.take({ position: i, fixed: false, next: () => one });
    return portion;
  };
  const simple = recipe({ count: 1 });

  it("is a recipe that is new to the oracle, and not the same again", () => {
    const guide = new Guide(DEFAULT_PROFILE, 1);
    const portion = portionOf(simple, simple);
    guide.look(portion, 0);
    expect(guide.report().kept).toBe(1);
    guide.look(portion, 1);
    expect(guide.report().kept).toBe(1);
  });

  it("is a recipe that reached something in the subject's code, if anybody knows", () => {
    const guide = new Guide(DEFAULT_PROFILE, 1);
    const portion = portionOf(simple, simple, simple);
    guide.learn(portion, {});
    expect(guide.report()).toMatchObject({ kept: 0, keptForSource: 0 });
    guide.learn(portion, { reached: (i) => (i === 1 ? 3 : 0) });
    expect(guide.report()).toMatchObject({ kept: 1, keptForSource: 1 });
  });
});

describe("a corpus", () => {
  const corpus = () => new Corpus(new RecipeMutator(1), new RecipeStream(1));
  /** How many of the next recipes have a choice that the plain stream never makes alone. */
  const distance = (from: readonly number[], r: readonly number[]) =>
    r.filter((c, i) => c !== from[i]).length;

  it("that is empty gives the plain stream", () => {
    const [mine, plain] = [corpus(), new RecipeStream(1)];
    for (let i = 0; i < 20; i++) expect(mine.next()).toEqual(plain.next());
  });

  it("gives children of what it keeps, and plain ones too", () => {
    const mine = corpus();
    const rare = recipe({
      count: 17,
      strips: 21,
      fit: 9,
      tail: 3,
      tailAt: 40_000,
      noise: 4,
      noiseA: 999,
      noiseB: 12_345,
    });
    mine.keep(rare, 100);
    const near = Array.from({ length: 1000 }, () => distance(rare, mine.next())).filter((d) => d <= 4).length;
    expect(near).toBeGreaterThan(600);
    expect(near).toBeLessThan(900);
  });

  it("prefers the latest, and of two the shorter", () => {
    const mine = corpus();
    const [long, short] = [recipe({ noiseA: 60_000, noiseB: 1 }), recipe({ noiseA: 60_000, noiseB: 2 })];
    for (let i = 0; i < 500; i++) mine.keep(recipe({}), 50);
    for (let i = 0; i < 16; i++) {
      mine.keep(long, 10_000);
      mine.keep(short, 56);
    }
    const next = Array.from({ length: 2000 }, () => mine.next());
    const of = (r: readonly number[]) => next.filter((n) => distance(r, n) <= 1).length;
    expect(of(short)).toBeGreaterThan(200);
    expect(of(short)).toBeGreaterThan(2 * of(long));
    expect(of(long)).toBeGreaterThan(0);
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
      const options = { runs: 26_000, guided: true, ...(filter && { filter }) };
      return ledgerToJson((await runOver(badDriver("frames", "accept").subject, options)).ledger);
    };
    const first = await again();
    expect(await again()).toEqual(first);
    const narrow = await again((rule) => rule === "fmap/header/ext-type");
    expect(new Set(narrow.failures.map((f) => f.rule))).toEqual(new Set(["fmap/header/ext-type"]));
  });
});
