/** Recipes that are one small step away. */
import { describe, expect, it } from "vitest";
import { build } from "./build.ts";
import { FAULTS, faultChoice } from "./faults.ts";
import { neighbours } from "./neighbours.ts";
import { type Recipe, recipe, SLOT_NAMES, SLOTS, slotIndex } from "./recipe.ts";

const JOINED = new Set((["fault1", "value1", "fault2", "value2", "tail", "tailAt"] as const).map(slotIndex));
const changed = (a: Recipe, b: Recipe) => SLOT_NAMES.flatMap((_, i) => (a[i] === b[i] ? [] : [i]));

describe.each([
  ["the simplest recipe", recipe({})],
  [
    "one with faults",
    recipe({ kind: 1, count: 5, strips: 7, fault1: 3, value1: 2, fault2: 9, where2: 1, tail: 1 }),
  ],
])("the neighbours of %s", (_, parent) => {
  const all = [...neighbours(parent)];

  it("differ from it in one slot, or in a fault and its value or an end and its bytes, and from each other", () => {
    for (const child of all) {
      const slots = changed(parent, child);
      expect(slots.length).toBeGreaterThan(0);
      expect(slots.length === 1 || slots.every((i) => JOINED.has(i))).toBe(true);
      for (const [i, name] of SLOT_NAMES.entries()) expect(child[i]).toBeLessThanOrEqual(SLOTS[name]);
      build(child);
    }
    expect(new Set(all.map((r) => r.join())).size).toBe(all.length);
    expect(all.length).toBeGreaterThan(250);
    expect(all.length).toBeLessThan(350);
  });

  it("have every value of every fault, and both kinds", () => {
    const has = (choices: Partial<Record<keyof typeof SLOTS, number>>) =>
      all.some((child) =>
        Object.entries(choices).every(([s, c]) => child[slotIndex(s as keyof typeof SLOTS)] === c),
      );
    for (const [i, { values }] of FAULTS.entries())
      for (let v = 0; v < values; v++) expect(has({ fault2: i + 1, value2: v })).toBe(true);
    expect(has({ kind: 1 - (parent[slotIndex("kind")] as number) })).toBe(true);
  });
});

it("a fault can be taken away", () => {
  const parent = recipe({ fault1: faultChoice("version"), value1: 3 });
  expect([...neighbours(parent)].map((r) => r.join())).toContain(recipe({ value1: 3 }).join());
});
