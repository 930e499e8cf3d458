import { boundaryRecipes, type Recipe, RecipeStream } from "../../generators/index.ts";
import type { Level, Shard } from "../outcome.ts";
import type { ParserSubject } from "../subjects/subject.ts";

/** Messages of a run by pace and level; soak goes on until its time is up. */
const RUNS = {
  bulk: { quick: 200_000, full: 2_000_000, soak: Number.POSITIVE_INFINITY },
  line: { quick: 30_000, full: 300_000, soak: Number.POSITIVE_INFINITY },
  process: { quick: 1_000, full: 20_000, soak: Number.POSITIVE_INFINITY },
} as const;

export interface Extent {
  readonly level: Level;
  readonly seed: number;
  /** Messages to ask in all; by default what the level and the subject's pace allow. */
  readonly runs?: number;
  /** Only every n-th message is asked, beginning with the i-th. */
  readonly shard?: Shard;
}

/** A recipe of a run, and where it stands among all of them. */
export interface Placed {
  /** Counted from 0 over the whole run, whatever the shard: level, seed and pace decide what stands there. */
  readonly position: number;
  readonly recipe: Recipe;
  /** Whether it is of the table that every run begins with. */
  readonly fixed: boolean;
}

/** Position of the first special question: behind every message that there is time for. */
export const SPECIAL = 2 ** 52;

/** Whether a message or question of this index is the shard's. */
export const isOf = (shard: Shard | undefined, index: number): boolean =>
  shard === undefined || index % shard.n === shard.i - 1;

/** How many recipes a run, or its shard, has; infinitely many in a soak. */
export function recipeCount({ level, runs, shard }: Extent, pace: ParserSubject["pace"]): number {
  const { i, n } = shard ?? { i: 1, n: 1 };
  return Math.ceil(((runs ?? RUNS[pace][level]) - i + 1) / n);
}

/** The recipes of a run, or of its shard, from a position on: the fixed table, then random ones. */
export function* runRecipes(extent: Extent, pace: ParserSubject["pace"], from = 0): Generator<Placed> {
  let position = 0;
  for (const [recipe, fixed] of allRecipes(extent, pace)) {
    if (position >= from && isOf(extent.shard, position)) yield { position, recipe, fixed };
    position++;
  }
}

/** The table that every run begins with; a thin one for a subject that takes long. */
export const fixedRecipes = (
  { level }: Pick<Extent, "level">,
  pace: ParserSubject["pace"],
): Generator<Recipe> => boundaryRecipes(pace === "process" && level === "quick");

function* allRecipes(
  { level, seed, runs }: Extent,
  pace: ParserSubject["pace"],
): Generator<readonly [Recipe, boolean]> {
  let left = runs ?? RUNS[pace][level];
  for (const recipe of fixedRecipes({ level }, pace)) {
    if (left-- <= 0) return;
    yield [recipe, true];
  }
  const stream = new RecipeStream(seed);
  while (left-- > 0) yield [stream.next(), false];
}
