import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { RecipeDraws } from "./recipe-draws.ts";

/** Recipes that are drawn from one state of the generator. A run is divided into whole blocks. */
export const BLOCK = 16;

/** Random numbers that are skipped first, because the states of neighbouring blocks differ in a few bits only. */
const WARM_UP = 16;

/** Random recipes: the recipe at a position depends on the seed and the position only. */
export class RecipeStream extends RecipeDraws {
  private readonly seed: number;
  private position = -1;
  private random!: RandomGenerator;

  constructor(seed: number) {
    super();
    this.seed = seed;
    this.seek(0);
  }

  /** Moves to any position, at the cost of a few recipes. */
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

  /** Writes the recipe of this position into `into`, and moves on by one. */
  next(into: number[] = []): number[] {
    if (this.position % BLOCK === 0) this.begin();
    this.position++;
    return this.draw(into);
  }

  protected next32(): number {
    return this.random.next();
  }
}
