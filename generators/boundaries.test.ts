import { describe, expect, it } from "vitest";
import { holdsIn, PROFILES, RULES, type RuleId, unsettledIn } from "../spec/index.ts";
import { boundaryRecipes } from "./boundaries.ts";
import { build } from "./build.ts";
import { misfit, outcomeOf } from "./test/laws.ts";

describe.each([
  ["thin", true, 1000],
  ["full", false, 50_000],
])("the %s table", (_, thin, limit) => {
  const recipes = [...boundaryRecipes(thin)];

  it("is made of recipes, and is not larger than a quick run can take", () => {
    expect(recipes.map(misfit).filter((wrong) => wrong !== null)).toEqual([]);
    expect(recipes.length).toBeLessThan(limit);
  });

  it.each(PROFILES.map((p) => [p.name, p] as const))(
    "reaches every rule of %s that a message can reach",
    (_, p) => {
      const reached = new Set<RuleId>(recipes.flatMap((r) => outcomeOf(build(r, p).bytes, p)));
      const rules = RULES.filter((r) => r.needs === "message" && holdsIn(r, p) && !unsettledIn(r, p));
      expect(rules.map((r) => r.id).filter((id) => !reached.has(id))).toEqual([]);
    },
  );

  it("ends a small message at every record or byte", () => {
    const lengths = new Set(recipes.map((r) => build(r).bytes.length));
    for (let n = 0; n <= 200; n += thin ? 8 : 1) expect(lengths).toContain(n);
  });
});
