import { expect, it } from "vitest";
import { holdsIn, PROFILES, RULES, unsettledIn } from "../spec/index.ts";
import { countOf } from "./base.ts";
import { build } from "./build.ts";
import { RecipeStream } from "./bulk.ts";
import { FAULTS } from "./faults.ts";
import { SLOTS, type Slot, slotIndex } from "./recipe.ts";
import { misfit, outcomeOf } from "./test/laws.ts";

const take = (seed: number, n: number) => {
  const stream = new RecipeStream(seed);
  return Array.from({ length: n }, () => stream.next());
};
const recipes = take(1, 20_000);
const choices = (slot: Slot) => new Set(recipes.map((r) => r[slotIndex(slot)] as number));
const upTo = (n: number) => Array.from({ length: n + 1 }, (_, i) => i);

it("gives the same recipes for the same seed, and others for another", () => {
  for (const seed of [0, 1, -1, 0x7fffffff]) expect(take(seed, 100)).toEqual(take(seed, 100));
  expect(new Set([0, 1, 2, -1, 0x7fffffff].map((seed) => JSON.stringify(take(seed, 20)))).size).toBe(5);
});

it("stays within the slots", () => {
  expect(recipes.map(misfit).filter((wrong) => wrong !== null)).toEqual([]);
});

it("takes every choice of every slot that has few", () => {
  for (const slot of ["kind", "ragged", "lengths", "offsets", "fit", "refit", "tail", "noise"] as const)
    expect([...choices(slot)].sort((a, b) => a - b)).toEqual(upTo(SLOTS[slot]));
  for (const slot of ["where1", "value1", "where2", "value2"] as const)
    expect([...choices(slot)].sort((a, b) => a - b)).toEqual(upTo(SLOTS[slot]));
  for (const slot of ["fault1", "fault2"] as const)
    expect([...choices(slot)].sort((a, b) => a - b)).toEqual(upTo(FAULTS.length));
  for (const slot of ["count", "strips"] as const)
    expect(new Set([...choices(slot)].map(countOf))).toEqual(new Set([...upTo(34).slice(1), 64]));
});

it.each(PROFILES.map((p) => [p.name, p] as const))("reaches every rule of %s that a message can", (_, p) => {
  const reached = new Set(recipes.flatMap((r) => outcomeOf(build(r, p).bytes, p)));
  const rules = RULES.filter((r) => r.needs === "message" && holdsIn(r, p) && !unsettledIn(r, p));
  expect(rules.map((r) => r.id).filter((id) => !reached.has(id))).toEqual([]);
});
