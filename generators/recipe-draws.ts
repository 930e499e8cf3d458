import { BOUNDARY_COUNTS } from "./base.ts";
import { FAULTS } from "./faults.ts";
import { SLOTS } from "./recipe.ts";

// Constants of this file, because each draw would look up the properties.
const { ragged, lengths, offsets, fit, where1, value1, where2, value2, noise } = SLOTS;
const NFAULTS = FAULTS.length;

/**
 * Draws recipes from random numbers, for the bulk stream and for properties: mostly with one fault, seldom cut or damaged, so
 * that every check decides on some messages and no check on most. With even draws two thirds of the messages would have too
 * many extents or too few bytes for a header.
 */
export abstract class RecipeDraws {
  /** 32 random bits. */
  protected abstract next32(): number;

  /** A number in [0, n). */
  private below(n: number): number {
    // A multiplication, because a division costs as much as drawing the number.
    return ((this.next32() >>> 0) * n * 2 ** -32) | 0;
  }

  /** Mostly a small number, often a boundary, sometimes any number up to the limits. */
  private count(): number {
    const way = this.below(8);
    if (way < 5) return this.below(4);
    return way === 5 ? this.below(BOUNDARY_COUNTS) : BOUNDARY_COUNTS + this.below(way === 6 ? 32 : 8);
  }

  /** Writes a recipe into `into`. */
  protected draw(into: number[]): number[] {
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
