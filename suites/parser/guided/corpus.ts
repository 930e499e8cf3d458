import type { Recipe, RecipeMutator, RecipeStream } from "../../../generators/index.ts";

/**
 * The recipes kept last: once most has been met, what is new is what is rare, and the next step is to be made from there.
 * Few enough that each of them has hundreds of children before others take its place.
 */
const LATEST = 32;

/** Recipes that have shown something, and what is made from them. */
export class Corpus {
  /** In the order in which they were kept. */
  private readonly kept: { readonly recipe: Recipe; readonly length: number }[] = [];
  private readonly mutator: RecipeMutator;
  private readonly stream: RecipeStream;

  constructor(mutator: RecipeMutator, stream: RecipeStream) {
    this.mutator = mutator;
    this.stream = stream;
  }

  get size(): number {
    return this.kept.length;
  }

  /** `length`: of the recipe's message, in bytes. */
  keep(recipe: Recipe, length: number): void {
    this.kept.push({ recipe, length });
  }

  /** A recipe to ask next: a quarter of them owe nothing to any other one. */
  next(): Recipe {
    const { mutator, size } = this;
    const way = mutator.below(8);
    if (way < 2 || size === 0) return this.stream.next();
    if (way === 2) return mutator.vary(mutator.splice(this.any(), this.any()));
    return mutator.vary(way < 5 ? this.any() : this.among(Math.min(this.size, LATEST)));
  }

  private any(): Recipe {
    return this.among(this.size);
  }

  /**
   * Of two that were kept among the last `n` the one with the shorter message: long ones show more things, and take so much
   * longer to judge that a run of their children asks a tenth of the messages.
   */
  private among(n: number): Recipe {
    const pick = () => this.kept[this.size - 1 - this.mutator.below(n)] as (typeof this.kept)[number];
    const [a, b] = [pick(), pick()];
    return (a.length <= b.length ? a : b).recipe;
  }
}
