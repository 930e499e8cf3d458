import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { BOUNDARY_COUNTS } from "./base.ts";
import { FAULTS } from "./faults.ts";
import { SLOTS } from "./recipe.ts";

/** A stream of random recipes from a seed: the same seed gives the same recipes. */
export class RecipeStream {
  private readonly random: RandomGenerator;

  constructor(seed: number) {
    this.random = xoroshiro128plus(seed);
  }

  /** A number in [0, n). */
  private below(n: number): number {
    return (this.random.next() >>> 0) % n;
  }

  /** Mostly few, often a boundary, sometimes any number up to the limits. */
  private count(): number {
    const way = this.below(8);
    if (way < 5) return this.below(4);
    return way === 5 ? this.below(BOUNDARY_COUNTS) : BOUNDARY_COUNTS + this.below(way === 6 ? 32 : 8);
  }

  next(): number[] {
    const interleaved = this.below(2);
    const damage = this.below(64);
    const faulty = damage < 56;
    const second = this.below(8) < 3;
    return [
      interleaved,
      this.count(),
      interleaved === 1 ? this.count() : 0,
      interleaved === 1 && this.below(4) === 0 ? 1 + this.below(SLOTS.ragged) : 0,
      this.below(SLOTS.lengths + 1),
      this.below(SLOTS.offsets + 1),
      this.below(2) === 0 ? 0 : this.below(SLOTS.fit + 1),
      faulty ? this.below(FAULTS.length + 3) % (FAULTS.length + 1) : 0,
      this.below(SLOTS.where1 + 1),
      this.below(SLOTS.value1 + 1),
      second ? this.below(FAULTS.length + 1) : 0,
      this.below(SLOTS.where2 + 1),
      this.below(SLOTS.value2 + 1),
      this.below(2),
      ...this.tail(),
      ...(damage >= 60 ? [1 + this.below(SLOTS.noise), this.below(65_536), this.below(65_536)] : [0, 0, 0]),
    ];
  }

  private tail(): [number, number] {
    const way = this.below(16);
    if (way === 0) return [1, this.below(4) === 0 ? this.below(2048) : this.below(128)];
    if (way === 1) return [2, 1 + this.below(32)];
    if (way === 2) return [3, 1 + this.below(64)];
    return [0, 0];
  }
}
