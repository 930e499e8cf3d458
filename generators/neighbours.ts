import { BOUNDARY_COUNTS } from "./base.ts";
import { FAULTS } from "./faults.ts";
import { type Recipe, SLOTS, type Slot, slotIndex } from "./recipe.ts";

/** Slots of which every choice is tried; for counts only the boundaries. */
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

/** A fault and its value are one choice, because neither has an effect alone. */
const FAULTY = [
  ["fault1", "value1"],
  ["fault2", "value2"],
] as const;

/** Bytes by which a message is longer or shorter, or after which it ends. */
const TAIL_BYTES = [1, 24, 48];

/**
 * Every recipe that is one small step away, each once: about three hundred. Random changes would find them later. Damage to
 * finished bytes is left to random changes.
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
