import { BLOCK, boundaryRecipes, type Recipe, RecipeStream } from "../../../generators/index.ts";
import type { ParserSubject } from "../../../subjects/driver/subject.ts";
import type { Level, Shard } from "../../run/outcome.ts";
import { isOf } from "../../run/shard.ts";

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
  /** Only every n-th block of messages is asked, beginning with the i-th. */
  readonly shard?: Shard;
}

const lengths = new Map<boolean, number>();

/** Recipes in the fixed table, counted once. */
function tableLength(thin: boolean): number {
  const known = lengths.get(thin) ?? [...boundaryRecipes(thin)].length;
  lengths.set(thin, known);
  return known;
}

/** Position of the first special question: behind every message that there is time for. */
export const SPECIAL = 2 ** 52;

/** Positions of a run, of all its shards together; infinitely many in a soak. */
const runLength = ({ level, runs }: Extent, pace: ParserSubject["pace"]): number => runs ?? RUNS[pace][level];

/** How many recipes a run, or its shard, has; infinitely many in a soak. */
export function recipeCount(extent: Extent, pace: ParserSubject["pace"]): number {
  const { shard } = extent;
  const all = runLength(extent, pace);
  if (shard === undefined || all === Number.POSITIVE_INFINITY) return all;
  const round = BLOCK * shard.n;
  const rest = (all % round) - BLOCK * (shard.i - 1);
  return BLOCK * Math.floor(all / round) + Math.min(Math.max(rest, 0), BLOCK);
}

/** Where the recipes of a run come from. */
export interface Recipes {
  /** Of the recipe that `next` gave last, counted from 0 over the whole run. */
  readonly position: number;
  /** Whether that is of the table that every run begins with. */
  readonly fixed: boolean;
  /** The next recipe, or null at the end; what is not of the table may be written over `into`. */
  next(into?: number[]): Recipe | null;
}

/** The table that every run begins with; a thin one for a subject that takes long. */
export const fixedRecipes = (
  { level }: Pick<Extent, "level">,
  pace: ParserSubject["pace"],
): Generator<Recipe> => boundaryRecipes(isThin({ level }, pace));

const isThin = ({ level }: Pick<Extent, "level">, pace: ParserSubject["pace"]): boolean =>
  pace === "process" && level === "quick";

/**
 * The recipes of a run, or of its shard, from a position on: the fixed table, then random ones. Positions are counted from
 * 0 over the whole run, whatever the shard: level, seed and pace decide what stands there.
 */
export class RunRecipes implements Recipes {
  position = -1;
  fixed = true;
  private at = 0;
  private table: Iterator<Recipe> | null;
  private readonly stream: RecipeStream;
  private readonly shard: Shard | undefined;
  private readonly from: number;
  private readonly end: number;

  constructor(extent: Extent, pace: ParserSubject["pace"], from = 0) {
    const { seed, shard } = extent;
    const inTable = from === 0 || from < tableLength(isThin(extent, pace));
    this.table = inTable ? fixedRecipes(extent, pace) : null;
    if (this.table === null) this.at = from;
    this.stream = new RecipeStream(seed);
    this.shard = shard;
    this.from = from;
    this.end = runLength(extent, pace);
  }

  next(into: number[] = []): Recipe | null {
    while (this.at < this.end) {
      const position = this.at++;
      const mine = isOf(this.shard, Math.floor(position / BLOCK));
      if (this.table !== null) {
        const { value, done } = this.table.next();
        if (done === true) {
          this.table = null;
          this.at = position;
        } else if (mine && position >= this.from) {
          this.position = position;
          return value;
        }
      } else if (mine) {
        this.position = position;
        this.fixed = false;
        this.stream.seek(position);
        return this.stream.next(into);
      } else this.at += BLOCK - 1 - (position % BLOCK);
    }
    return null;
  }
}
