import { median } from "./part.ts";

/** Nanoseconds of each of several rounds of the same work. */
export type Rounds = readonly number[];

/** What the rounds say of one unit of the work, in nanoseconds. */
export interface Pace {
  /** Of the quickest round. Work that only computes is never quicker than it is, but often slower: others are about. */
  readonly best: number;
  readonly median: number;
}

/** A round is this long: well below a scheduler's slice, so that many are not interrupted. */
const ROUND = 300_000;

/** Runs the work so many rounds and times each. */
export function timed(rounds: number, passes: number, work: () => void): Rounds {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const began = performance.now();
    for (let pass = 0; pass < passes; pass++) work();
    times.push(1e6 * (performance.now() - began));
  }
  return times;
}

/** How many passes make a round, found by trying: `round` runs a round of so many passes. */
async function passesFor(round: (passes: number) => Rounds | Promise<Rounds>): Promise<number> {
  for (let passes = 1; ; passes *= 2) {
    // The best of some: any one may have been interrupted.
    if (Math.min(...(await round(passes))) >= ROUND / 2) return passes;
  }
}

/** One of several things to be compared. */
export interface Runner {
  /** Runs rounds of so many passes over its work. */
  readonly run: (rounds: number, passes: number) => Rounds | Promise<Rounds>;
  /** Units of work in a pass. */
  readonly units: number;
}

/** Rounds that each has before it is the next one's turn. */
const TURN = 10;

/** Milliseconds that each has beforehand, untimed: V8 optimizes, changes its mind and optimizes again. */
const WARM = 400;

/** Runs the things in turn (A B A B ...), so that what disturbs one disturbs the others; `turns` of 10 rounds each. */
export async function inTurn<Name extends string>(
  turns: number,
  runners: { readonly [name in Name]?: Runner },
): Promise<Record<Name, Pace>> {
  const entries = Object.entries(runners) as [Name, Runner][];
  const passes = new Map<Name, number>();
  for (const [name, { run }] of entries) {
    const warm = turns > 1 ? WARM : 0;
    for (const end = performance.now() + warm; performance.now() < end; ) await run(TURN, 1);
    passes.set(name, await passesFor((n) => run(TURN, n)));
  }
  const measured = new Map<Name, number[]>(entries.map(([name]) => [name, []]));
  for (let turn = 0; turn < turns; turn++)
    for (const [name, { run, units }] of entries) {
      const n = passes.get(name) as number;
      for (const round of await run(TURN, n)) measured.get(name)?.push(round / (n * units));
    }
  return Object.fromEntries(
    [...measured].map(([name, all]) => [name, { best: Math.min(...all), median: median(all) }]),
  ) as Record<Name, Pace>;
}
