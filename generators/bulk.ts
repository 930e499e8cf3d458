import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { BOUNDARY_COUNTS } from "./base.ts";
import { FAULTS } from "./faults.ts";
import { SLOTS } from "./recipe.ts";

/** Recipes that are drawn from one state of the generator. Whoever shares out a run does so in whole blocks. */
export const BLOCK = 16;

/** Numbers that are thrown away at first, since the states of neighbouring blocks differ in a few bits only. */
const WARM_UP = 16;

// Plain constants of this file, for the draws.
const { ragged, lengths, offsets, fit, where1, value1, where2, value2, noise } = SLOTS;
const NFAULTS = FAULTS.length;

/** Random recipes: which one stands at a position depends on the seed and the position alone. */
export class RecipeStream {
  private readonly seed: number;
  private position = -1;
  private random!: RandomGenerator;

  constructor(seed: number) {
    this.seed = seed;
    this.seek(0);
  }

  /** Goes to a position, from wherever it is, at the cost of a few recipes. */
  seek(position: number): void {
    if (position === this.position) return;
    this.position = position - (position % BLOCK);
    this.begin();
    while (this.position < position) this.next();
  }

  /** Starts the generator of the block that begins here. */
  private begin(): void {
    const block = this.position / BLOCK;
    this.random = xoroshiro128plusFromState([this.seed | 0, block | 0, (block / 2 ** 32) | 0, 0x5eed]);
    for (let i = 0; i < WARM_UP; i++) this.random.next();
  }

  /** A number in [0, n). */
  private below(n: number): number {
    // Multiplied and not divided: a division costs as much as the number itself.
    return ((this.random.next() >>> 0) * n * 2 ** -32) | 0;
  }

  /** Mostly few, often a boundary, sometimes any number up to the limits. */
  private count(): number {
    const way = this.below(8);
    if (way < 5) return this.below(4);
    return way === 5 ? this.below(BOUNDARY_COUNTS) : BOUNDARY_COUNTS + this.below(way === 6 ? 32 : 8);
  }

  /** The recipe of this position, written over `into`, and a step on. */
  next(into: number[] = []): number[] {
    if (this.position % BLOCK === 0) this.begin();
    this.position++;
    const interleaved = this.below(2);
    const damage = this.below(64);
    const faulty = damage < 56;
    const second = this.below(8) < 3;
    into[0] = interleaved;
    into[1] = this.count();
    into[2] = interleaved === 1 ? this.count() : 0;
    into[3] = interleaved === 1 && this.below(4) === 0 ? 1 + this.below(ragged) : 0;
    into[4] = this.below(lengths + 1);
    into[5] = this.below(offsets + 1);
    into[6] = this.below(2) === 0 ? 0 : this.below(fit + 1);
    into[7] = faulty ? this.below(NFAULTS + 3) % (NFAULTS + 1) : 0;
    into[8] = this.below(where1 + 1);
    into[9] = this.below(value1 + 1);
    into[10] = second ? this.below(NFAULTS + 1) : 0;
    into[11] = this.below(where2 + 1);
    into[12] = this.below(value2 + 1);
    into[13] = this.below(2);
    const way = this.below(16);
    into[14] = way < 3 ? way + 1 : 0;
    into[15] =
      way === 0
        ? this.below(this.below(4) === 0 ? 2048 : 128)
        : way === 1
          ? 1 + this.below(32)
          : way === 2
            ? 1 + this.below(64)
            : 0;
    const noisy = damage >= 60;
    into[16] = noisy ? 1 + this.below(noise) : 0;
    into[17] = noisy ? this.below(65_536) : 0;
    into[18] = noisy ? this.below(65_536) : 0;
    return into;
  }
}
