import { BOUNDARY_COUNTS } from "./base.ts";
import { FAULTS } from "./faults.ts";
import { type Recipe, SLOTS, type Slot, slotIndex } from "./recipe.ts";

/** Slots of which every choice is tried; of counts those that are boundaries. */
const SINGLE: readonly (readonly [slot: Slot, choices: number])[] = [
  ["kind", SLOTS.kind + 1],
  ["count", BOUNDARY_COUNTS],
  ["strips", BOUNDARY_COUNTS],
  ["ragged", SLOTS.ragged + 1],
  ["lengths", SLOTS.lengths + 1],
  ["offsets", SLOTS.offsets + 1],
  ["fit", SLOTS.fit + 1],
  ["where1", SLOTS.where1 + 1],
  ["where2", SLOTS.where2 + 1],
  ["refit", SLOTS.refit + 1],
];

/** A fault with its value is one choice: neither means anything without the other. */
const FAULTY = [
  ["fault1", "value1"],
  ["fault2", "value2"],
] as const;

/** Bytes by which a message is longer or shorter, or where it ends: an end without them changes nothing. */
const TAIL_BYTES = [1, 24, 48];

/**
 * Every recipe that is one small step away, about three hundred: what random changes find of them in the end, each once. Damage
 * to finished bytes is left to chance.
 */
export function* neighbours(recipe: Recipe): Generator<Recipe> {
  const faults = FAULTY.map(([fault]) => recipe[slotIndex(fault)] as number);
  for (const [fault, value] of FAULTY)
    for (const [i, { values }] of FAULTS.entries())
      for (let v = 0; v < values; v++) {
        const child = withChoice(withChoice(recipe, fault, i + 1), value, v);
        if (differs(child, recipe)) yield child;
      }
  for (const [i, [fault]] of FAULTY.entries()) if (faults[i] !== 0) yield withChoice(recipe, fault, 0);
  if (recipe[slotIndex("tail")] !== 0) yield withChoice(recipe, "tail", 0);
  for (let tail = 1; tail <= SLOTS.tail; tail++)
    for (const bytes of TAIL_BYTES) {
      const child = withChoice(withChoice(recipe, "tail", tail), "tailAt", bytes);
      if (differs(child, recipe)) yield child;
    }
  for (const [slot, choices] of SINGLE)
    for (let choice = 0; choice < choices; choice++)
      if (choice !== recipe[slotIndex(slot)]) yield withChoice(recipe, slot, choice);
}

const differs = (a: Recipe, b: Recipe): boolean => a.some((choice, slot) => choice !== b[slot]);

function withChoice(recipe: Recipe, slot: Slot, choice: number): Recipe {
  const child = [...recipe];
  child[slotIndex(slot)] = choice;
  return child;
}
