/** How far a run says that it has come. */
import { describe, expect, it } from "vitest";
import { badDriver } from "../../test/bad-driver.ts";
import { runOver } from "../../test/runs.ts";
import type { RunProgress } from "../run/outcome.ts";
import { RunRecipes, recipeCount } from "./asking/recipes.ts";
import type { RunOptions } from "./run.ts";

describe("the number of a run's recipes", () => {
  it.each([
    [1, 1, 100],
    [1, 3, 36],
    [2, 3, 32],
    [3, 3, 32],
    [7, 9, 4],
    [9, 9, 0],
  ])("is known beforehand: shard %i of %i", (i, n, count) => {
    const extent = { level: "quick", seed: 1, runs: 100, shard: { i, n } } as const;
    expect(recipeCount(extent, "line")).toBe(count);
    const recipes = new RunRecipes(extent, "line");
    let given = 0;
    while (recipes.next() !== null) given++;
    expect(given).toBe(count);
  });

  it("has no end in a soak", () => {
    expect(recipeCount({ level: "soak", seed: 1 }, "bulk")).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("progress", () => {
  const told = async (deed: string, options: Partial<RunOptions>) => {
    const all: RunProgress[] = [];
    const progress = (p: RunProgress) => void all.push(p);
    await runOver(badDriver("frames", deed).subject, { ...options, progress });
    return all;
  };

  it("is the part of the messages that were asked, up to all of them", async () => {
    const all = await told("none", { runs: 2000 });
    expect(all.at(-1)).toEqual({ done: 2000, failures: 0, part: 1 });
    expect(all[0]?.part).toBe((all[0]?.done ?? 0) / 2000);
  });

  it("counts kinds of failure", async () => {
    const all = await told("accept", { runs: 600 });
    expect(all.at(-1)?.failures).toBeGreaterThan(5);
  });

  it("is the part of the time where that is the limit", async () => {
    const all = await told("none", { level: "soak", runs: Number.POSITIVE_INFINITY, maxTime: 1 });
    const parts = all.map((p) => p.part as number);
    expect(parts).toEqual([...parts].sort((a, b) => a - b));
    expect(parts.at(-1)).toBeGreaterThan(0.5);
  });

  it("knows no end where a filter decides what is asked", async () => {
    const all = await told("none", { runs: 600, filter: (rule) => rule === "fmap/header/underflow" });
    expect(all.map((p) => p.part)).toEqual(all.map(() => null));
    expect(all.length).toBeGreaterThan(0);
  });
});
