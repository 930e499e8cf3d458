import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { type Recipe, SLOT_NAMES, SLOTS, type Slot, slotIndex } from "./recipe.ts";

/** Slots that depend on each other: a splice takes them from the same parent. */
const GENES = (
  [
    ["kind", "strips", "ragged"],
    ["count"],
    ["lengths"],
    ["offsets"],
    ["fit"],
    ["fault1", "where1", "value1"],
    ["fault2", "where2", "value2"],
    ["refit"],
    ["tail", "tailAt"],
    ["noise", "noiseA", "noiseB"],
  ] as const satisfies readonly (readonly Slot[])[]
).map((gene) => gene.map(slotIndex));

/** The largest choice of each slot, in their order. */
const LARGEST = SLOT_NAMES.map((name) => SLOTS[name]);

/** The slots of damage to finished bytes. Most recipes have no damage, so a change of these slots would have no effect. */
const IDLE = new Set((["tailAt", "noise", "noiseA", "noiseB"] as const).map(slotIndex));

/** The more useful choices of a wide slot: lengths of up to a few records. */
const SMALL = 128;

/** Makes recipes from recipes: the same seed and parents give the same children. */
export class RecipeMutator {
  private readonly random: RandomGenerator;

  constructor(seed: number) {
    this.random = xoroshiro128plus(seed);
  }

  /** A number in [0, n). */
  below(n: number): number {
    return (this.random.next() >>> 0) % n;
  }

  /** The recipe with one to four changed choices, mostly one. */
  vary(parent: Recipe): Recipe {
    const child = [...parent];
    let changes = 1;
    while (changes < 4 && this.below(2) === 0) changes++;
    for (; changes > 0; changes--) {
      let slot = this.below(child.length);
      if (IDLE.has(slot) && this.below(4) > 0) slot = this.below(child.length);
      child[slot] = this.choice(slot, child[slot] as number);
    }
    return child;
  }

  /** A recipe that has each group of slots from one of the two parents. */
  splice(a: Recipe, b: Recipe): Recipe {
    const child = [...a];
    for (const gene of GENES)
      if (this.below(2) === 0) for (const slot of gene) child[slot] = b[slot] as number;
    return child;
  }

  /** Another choice for a slot: a neighbour of the previous one, or any. */
  private choice(slot: number, was: number): number {
    const n = (LARGEST[slot] as number) + 1;
    if (this.below(3) === 0) return (was + (this.below(2) === 0 ? 1 : n - 1)) % n;
    return this.below(n > SMALL && this.below(2) === 0 ? SMALL : n);
  }
}
