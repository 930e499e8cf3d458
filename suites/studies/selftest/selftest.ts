import { VERSION } from "../../../base/package-root.ts";
import type { Profile } from "../../../spec/index.ts";
import { concludeSelftest, fateOf } from "./conclusion.ts";
import { daemonMutants, tryDaemon } from "./daemon-mutants.ts";
import type { RunFacts } from "./kill.ts";
import type { Fate, Kind, Mutant, SelftestReport, Trial } from "./outcome.ts";
import { type ParserMutant, ParserMutants, readMutants } from "./parser-mutants.ts";
import { revisionMutants, tryRevision } from "./revision-mutants.ts";

/** All mutants. */
export const allMutants = async (): Promise<Mutant[]> => [
  ...(await readMutants()),
  ...daemonMutants(),
  ...revisionMutants(),
];

/** Runs a mutant. */
type Try = (mutant: Mutant) => Promise<Trial>;

export interface SelftestOptions extends RunFacts {
  /** Number of mutants that are tried at the same time. */
  readonly jobs: number;
  /** The kinds of which every mutant was chosen. */
  readonly whole: readonly Kind[];
}

/** Tries the mutants. A signal ends it early with an incomplete report. Throws SubjectError if a mutant cannot be built. */
export async function selftest(
  profile: Profile,
  chosen: readonly Mutant[],
  options: SelftestOptions,
): Promise<SelftestReport> {
  const { seed, signal, jobs, whole } = options;
  // Without `jobs`, because a run of the parser suite has its own. One signal each, because a run never removes its listeners.
  const factsOfRun = () => ({ seed, signal: AbortSignal.any([signal]) });
  const parsers = chosen.some((m) => m.kind === "parser")
    ? await ParserMutants.prepare(profile, factsOfRun())
    : null;
  const ways: Readonly<Record<Kind, Try>> = {
    parser: (m) => (parsers as ParserMutants).try(m as ParserMutant),
    daemon: (m) => patiently(m, async () => (await tryDaemon(profile, m.name, factsOfRun())).trial),
    revision: (m) => tryRevision(m, factsOfRun()),
  };
  const waiting = [...chosen];
  const fates: Fate[] = [];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined && !signal.aborted; next = waiting.shift()) {
      const trial = await ways[next.kind](next).catch((error) => {
        // Ctrl-C ends the compiler, too.
        if (signal.aborted) return null;
        throw error;
      });
      if (trial === null || signal.aborted) return; // an interrupted trial proves nothing
      fates.push(fateOf(next, trial));
    }
  };
  try {
    await Promise.all(Array.from({ length: jobs }, worker));
  } finally {
    await parsers?.dispose();
  }
  const complete = fates.length === chosen.length;
  return concludeSelftest({ fmapspec: VERSION, seed, complete }, profile, fates, whole);
}

/** Tries a daemon again after a failure: on a busy machine it can miss a deadline without a fault. A second miss counts. */
async function patiently(mutant: Mutant, attempt: () => Promise<Trial>): Promise<Trial> {
  const first = await attempt();
  return fateOf(mutant, first).right ? first : { ...(await attempt()), tries: 2 };
}
