import { describe, expect, it } from "vitest";
import { RULES, type RuleId } from "../spec/index.ts";
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

  it("reaches every rule that a message can reach, and ends a small one at every record or byte", () => {
    const reached = new Set<RuleId>();
    const lengths = new Set<number>();
    for (const r of recipes) {
      const { bytes } = build(r);
      lengths.add(bytes.length);
      for (const rule of outcomeOf(bytes)) reached.add(rule);
    }
    expect(RULES.filter((r) => r.needs === "message" && !reached.has(r.id)).map((r) => r.id)).toEqual([]);
    for (let n = 0; n <= 200; n += thin ? 8 : 1) expect(lengths).toContain(n);
  });
});
