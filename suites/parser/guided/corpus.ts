import { neighbours, type Recipe, type RecipeMutator, type RecipeStream } from "../../../generators/index.ts";

/** A recipe whose neighbours are asked one after the other. */
type Visit = Generator<Recipe>;

/** Visits that wait: beyond them the oldest are given up, as those that follow are nearer to what is rare. */
const MOST_VISITS = 512;

/** Recipes that have shown something, and what is made from them. */
export class Corpus {
  private readonly kept: { readonly recipe: Recipe; readonly length: number }[] = [];
  /** The newest last. Those of the subject's source come first: the oracle's features say nothing of its bugs. */
  private readonly visits: { readonly source: Visit[]; readonly oracle: Visit[] } = {
    source: [],
    oracle: [],
  };
  private readonly mutator: RecipeMutator;
  private readonly stream: RecipeStream;

  constructor(mutator: RecipeMutator, stream: RecipeStream) {
    this.mutator = mutator;
    this.stream = stream;
  }

  get size(): number {
    return this.kept.length;
  }

  /** `length`: of the recipe's message, in bytes; `to`: what it showed something new to. */
  keep(recipe: Recipe, length: number, to: "source" | "oracle"): void {
    this.kept.push({ recipe, length });
    const visits = this.visits[to];
    visits.push(neighbours(recipe));
    if (visits.length > MOST_VISITS) visits.shift();
  }

  /** A recipe to ask next: half of them a neighbour of the latest find, a quarter random ones that owe nothing to any other. */
  next(): Recipe {
    const { mutator, size } = this;
    const way = mutator.below(8);
    if (way < 2 || size === 0) return this.stream.next();
    const neighbour = way < 6 ? (visit(this.visits.source) ?? visit(this.visits.oracle)) : null;
    if (neighbour !== null) return neighbour;
    return mutator.vary(way === 6 ? mutator.splice(this.any(), this.any()) : this.any());
  }

  /**
   * Of two that were kept the one with the shorter message: long ones show more things, and take so much longer to judge that
   * a run of their children asks a tenth of the messages.
   */
  private any(): Recipe {
    const pick = () => this.kept[this.mutator.below(this.size)] as (typeof this.kept)[number];
    const [a, b] = [pick(), pick()];
    return (a.length <= b.length ? a : b).recipe;
  }
}

/** The next neighbour of the newest visit that has one; null: there is none left. */
function visit(visits: Visit[]): Recipe | null {
  for (let latest = visits.at(-1); latest !== undefined; latest = visits.at(-1)) {
    const { value, done } = latest.next();
    if (done !== true) return value;
    visits.pop();
  }
  return null;
}
