import { expect, it } from "vitest";
import { recipe, SLOT_NAMES, SLOTS, slotIndex } from "./recipe.ts";

it("has a slot for each choice, and each at its place", () => {
  expect(recipe({})).toEqual(new Array(SLOT_NAMES.length).fill(0));
  for (const slot of SLOT_NAMES) {
    const r = recipe({ [slot]: SLOTS[slot] });
    expect(r[slotIndex(slot)]).toBe(SLOTS[slot]);
    expect(r.filter((choice) => choice !== 0)).toEqual([SLOTS[slot]]);
  }
});

it("keeps the slots that belong together side by side", () => {
  const places = ["fault1", "where1", "value1", "fault2", "where2", "value2"] as const;
  const first = slotIndex("fault1");
  expect(places.map(slotIndex)).toEqual(places.map((_, i) => first + i));
  expect(slotIndex("tailAt")).toBe(slotIndex("tail") + 1);
  expect([slotIndex("noiseA"), slotIndex("noiseB")]).toEqual([
    slotIndex("noise") + 1,
    slotIndex("noise") + 2,
  ]);
});
