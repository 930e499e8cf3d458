import { describe, expect, it } from "vitest";
import { RULES, type RuleId } from "../spec/index.ts";
import { boundaryRecipes } from "./boundaries.ts";
import { build } from "./build.ts";
import { SLOT_NAMES, SLOTS } from "./recipe.ts";
import { outcomeOf } from "./test/laws.ts";

describe.each([
  ["thin", true, 1000],
  ["full", false, 50_000],
])("the %s table", (_, thin, limit) => {
  const recipes = [...boundaryRecipes(thin)];

  it("reaches every rule that a message can reach", () => {
    const reached = new Set<RuleId>(recipes.flatMap((r) => outcomeOf(build(r).bytes)));
    const missing = RULES.filter((r) => r.needs === "message" && !reached.has(r.id)).map((r) => r.id);
    expect(missing).toEqual([]);
  });

  it("is made of recipes, and is not larger than a quick run can take", () => {
    for (const r of recipes) {
      expect(r).toHaveLength(SLOT_NAMES.length);
      for (const [i, slot] of SLOT_NAMES.entries())
        if ((r[i] as number) < 0 || (r[i] as number) > SLOTS[slot]) expect.fail(`${slot} is ${r[i]}`);
    }
    expect(recipes.length).toBeLessThan(limit);
  });
});

it("ends a message at every byte of a small one", () => {
  const lengths = new Set([...boundaryRecipes()].map((r) => build(r).bytes.length));
  for (let n = 0; n <= 200; n++) expect(lengths).toContain(n);
});
