/** Recipes made from recipes. */
import { describe, expect, it } from "vitest";
import { build } from "./build.ts";
import { RecipeStream } from "./bulk.ts";
import { RecipeMutator } from "./mutation.ts";
import { type Recipe, recipe, SLOT_NAMES, SLOTS, slotIndex } from "./recipe.ts";

const parents = (() => {
  const stream = new RecipeStream(7);
  return Array.from({ length: 40 }, () => stream.next());
})();
const children = (seed: number): Recipe[] => {
  const mutator = new RecipeMutator(seed);
  return parents.flatMap((p, i) => [
    ...Array.from({ length: 50 }, () => mutator.vary(p)),
    mutator.splice(p, parents[(i + 1) % parents.length] as Recipe),
  ]);
};

describe("a child", () => {
  it("has choices that its slots have, and a message", () => {
    for (const child of children(1)) {
      for (const [i, name] of SLOT_NAMES.entries()) {
        expect(child[i]).toBeGreaterThanOrEqual(0);
        expect(child[i]).toBeLessThanOrEqual(SLOTS[name]);
      }
      build(child);
    }
  });

  it("is the same for the same seed, and another one for another", () => {
    expect(children(1)).toEqual(children(1));
    expect(children(2)).not.toEqual(children(1));
  });

  it("leaves its parent as it was and differs from it in one to four choices at most", () => {
    const mutator = new RecipeMutator(3);
    const parent = recipe({ count: 3, fault1: 4 });
    const before = [...parent];
    const changed = Array.from({ length: 500 }, () => {
      const child = mutator.vary(parent);
      return child.filter((choice, i) => choice !== parent[i]).length;
    });
    expect(parent).toEqual(before);
    expect(Math.max(...changed)).toBeLessThanOrEqual(4);
    expect(changed.filter((n) => n === 1).length).toBeGreaterThan(150);
  });

  it("can come to differ in every slot, to a neighbouring choice too", () => {
    const mutator = new RecipeMutator(4);
    const parent = recipe({ lengths: 2, count: 10 });
    const all = Array.from({ length: 4000 }, () => mutator.vary(parent));
    for (const [i] of SLOT_NAMES.entries()) expect(all.some((child) => child[i] !== parent[i])).toBe(true);
    const counts = all.map((child) => child[slotIndex("count")] as number);
    expect(counts.filter((n) => n === 9).length).toBeGreaterThan(20);
    expect(counts.filter((n) => n === 11).length).toBeGreaterThan(20);
  });
});

describe("a splice", () => {
  it("takes a fault with its place and its value from one parent", () => {
    const mutator = new RecipeMutator(5);
    const a = recipe({ fault1: 3, where1: 1, value1: 2, tail: 1, tailAt: 40 });
    const b = recipe({ fault1: 9, where1: 4, value1: 7, kind: 1, strips: 5, ragged: 1 });
    const of = (r: Recipe, ...slots: Parameters<typeof slotIndex>[0][]) =>
      slots.map((s) => r[slotIndex(s)]).join();
    const spliced = Array.from({ length: 100 }, () => mutator.splice(a, b));
    for (const child of spliced) {
      expect(["3,1,2", "9,4,7"]).toContain(of(child, "fault1", "where1", "value1"));
      expect(["1,40", "0,0"]).toContain(of(child, "tail", "tailAt"));
      expect(["0,0,0", "1,5,1"]).toContain(of(child, "kind", "strips", "ragged"));
    }
    expect(new Set(spliced.map((r) => r.join())).size).toBe(8);
  });
});
