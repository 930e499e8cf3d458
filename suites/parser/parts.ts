import { join } from "node:path";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import type { Profile } from "../../spec/index.ts";
import type { SubjectDescription } from "../../subjects/driver/subject.ts";
import type { Budget, Limits } from "../run/budget.ts";
import { Jobs, type Owner } from "../run/jobs.ts";
import { partOf } from "../run/shard.ts";
import type { Extent } from "./asking/recipes.ts";
import type { ParserState } from "./stored.ts";

/** What is the same in all parts of a run. */
interface Common extends Extent {
  readonly filters: readonly string[];
  /** Milliseconds in which an answer is due. */
  readonly timeout: number;
}

/** What a process has to know of the part that it does. */
export interface ParserPart extends Common {
  readonly failFast: boolean;
  readonly subject: SubjectDescription;
  readonly profile: string;
  readonly from: ParserState;
}

/** A process is given compiled code, whether we are compiled ourselves or run from the sources by a test. */
const JOB = join(PACKAGE_ROOT, "dist/suites/parser/job.js");

/** Has `jobs` processes at once go on with the parts that stand there. Throws SubjectError. */
export async function doParts(
  parts: readonly ParserState[],
  subject: SubjectDescription,
  run: Common & Limits & { readonly profile: Profile; readonly jobs?: number },
  budget: Budget,
  owner: Owner<ParserState>,
): Promise<void> {
  const { profile, level, seed, failFast = false, timeout, filters, runs, shard, signal, jobs = 1 } = run;
  const common = { subject, profile: profile.name, level, seed, failFast, timeout, filters };
  const processes = new Jobs<ParserPart, ParserState>(JOB, owner);
  const stop = () => processes.stop();
  const noDeadline = budget.atDeadline(stop);
  signal.addEventListener("abort", stop);
  try {
    const shardOf = (k: number) => partOf(shard, k, parts.length);
    await processes.run(
      parts.map((from, k) => ({ ...common, ...(runs !== undefined && { runs }), shard: shardOf(k), from })),
      jobs,
    );
  } finally {
    signal.removeEventListener("abort", stop);
    noDeadline();
  }
}
