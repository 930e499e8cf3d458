import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { type Recipe, SLOT_NAMES, SLOTS, type Slot, slotIndex } from "./recipe.ts";

/** Slots that mean something only together: in a splice they come from the same parent. */
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

/** The damage to finished bytes: most recipes do without, and a change to it there would change nothing. */
const IDLE = new Set((["tailAt", "noise", "noiseA", "noiseB"] as const).map(slotIndex));

/** Choices of a wide slot that are worth more than the others: lengths up to a few records. */
const SMALL = 128;

/** Recipes made from recipes: the same seed and the same parents give the same children. */
export class RecipeMutator {
  private readonly random: RandomGenerator;

  constructor(seed: number) {
    this.random = xoroshiro128plus(seed);
  }

  /** A number in [0, n). */
  below(n: number): number {
    return (this.random.next() >>> 0) % n;
  }

  /** The recipe with one to four of its choices made anew, one most often. */
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

  /** Each group of slots from one of the two. */
  splice(a: Recipe, b: Recipe): Recipe {
    const child = [...a];
    for (const gene of GENES)
      if (this.below(2) === 0) for (const slot of gene) child[slot] = b[slot] as number;
    return child;
  }

  /** Another choice of a slot: a neighbour of the one that it was, or any. */
  private choice(slot: number, was: number): number {
    const n = (LARGEST[slot] as number) + 1;
    if (this.below(3) === 0) return (was + (this.below(2) === 0 ? 1 : n - 1)) % n;
    return this.below(n > SMALL && this.below(2) === 0 ? SMALL : n);
  }
}
