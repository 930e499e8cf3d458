import type { ParserSubject } from "../../../subjects/driver/subject.ts";
import type { RunOptions } from "../run.ts";
import type { ParserState } from "../stored.ts";
import type { SharedRun, Stretch } from "./stretch.ts";
import { Workers } from "./workers.ts";

/** Whose run it is: says when it is over, and takes what came of each stretch, in the order of positions. */
interface Owner {
  over(): boolean;
  take(stretch: Stretch, state: ParserState): void;
}

/** What threads have to know of a run over the subject. */
export function sharedRun(options: RunOptions, subject: ParserSubject): SharedRun {
  const { profile, level, seed, failFast, timeout, filters, runs, shard } = options;
  return {
    subject: subject.description,
    profile: profile.name,
    level,
    seed,
    failFast: failFast ?? false,
    timeout,
    filters,
    ...(runs === undefined ? {} : { runs }),
    ...(shard === undefined ? {} : { shard }),
  };
}

/**
 * Has threads do a run from position `from` to `to`, in stretches of `each` positions. What a stretch shows depends on its
 * positions alone and not on the thread that does it, so that the sum is what one thread would have seen. Throws SubjectError.
 */
export async function shareOut(
  jobs: number,
  run: SharedRun,
  { from, to, each }: Stretch & { readonly each: number },
  signal: AbortSignal,
  owner: Owner,
): Promise<void> {
  const workers = new Workers(jobs, run);
  const done = new Map<number, readonly [Stretch, ParserState]>();
  let [dealt, taken] = [from, from];
  const deal = (): Stretch | null => {
    if (owner.over() || dealt >= to) return null;
    const stretch = { from: dealt, to: Math.min(dealt + each, to) };
    dealt = stretch.to;
    return stretch;
  };
  const settle = (ended: Stretch, state: ParserState) => {
    done.set(ended.from, [ended, state]);
    for (let next = done.get(taken); next !== undefined; next = done.get(taken)) {
      const [stretch, seen] = next;
      done.delete(taken);
      owner.take(stretch, seen);
      // What lies behind a stretch that was broken off is not counted.
      if (seen.ended !== null) return;
      taken = stretch.to;
    }
  };
  const breakOff = () => workers.breakOff();
  signal.addEventListener("abort", breakOff);
  try {
    await workers.run(deal, settle);
  } finally {
    signal.removeEventListener("abort", breakOff);
    await workers.end();
  }
}
