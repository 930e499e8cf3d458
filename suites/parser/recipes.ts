import { boundaryRecipes, RecipeStream } from "../../generators/index.ts";
import type { Level } from "../outcome.ts";
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
  /** Only every n-th message is asked, beginning with the i-th, counted from 1. */
  readonly shard?: { readonly i: number; readonly n: number };
}

/** How many recipes a run, or its shard, has; infinitely many in a soak. */
export function recipeCount({ level, runs, shard }: Extent, pace: ParserSubject["pace"]): number {
  const { i, n } = shard ?? { i: 1, n: 1 };
  return Math.ceil(((runs ?? RUNS[pace][level]) - i + 1) / n);
}

/** The recipes of a run, or of its shard: the fixed table, then random ones. */
export function* runRecipes(extent: Extent, pace: ParserSubject["pace"]): Generator<number[]> {
  const { i, n } = extent.shard ?? { i: 1, n: 1 };
  let at = 0;
  for (const recipe of allRecipes(extent, pace)) if (at++ % n === i - 1) yield recipe;
}

function* allRecipes({ level, seed, runs }: Extent, pace: ParserSubject["pace"]): Generator<number[]> {
  let left = runs ?? RUNS[pace][level];
  for (const recipe of boundaryRecipes(pace === "process" && level === "quick")) {
    if (left-- <= 0) return;
    yield recipe;
  }
  const stream = new RecipeStream(seed);
  while (left-- > 0) yield stream.next();
}
