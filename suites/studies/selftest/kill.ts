import { VERSION } from "../../../base/package-root.ts";
import type { Profile, RuleId } from "../../../spec/index.ts";
import type { ParserSubject } from "../../../subjects/driver/subject.ts";
import type { ParserReport } from "../../parser/outcome.ts";
import { Reporter } from "../../parser/report.ts";
import { ParserRun, type RunOptions } from "../../parser/run.ts";
import type { Trial } from "./outcome.ts";

/** What determines the runs of a selftest beside the mutant. */
export type RunFacts = Pick<RunOptions, "seed" | "signal">;

/** Milliseconds in which a mutant's answer is due. */
const TIMEOUT = 5000;

/**
 * Messages of the run that goes on after the first failure. In so many of the fixed table each family has had its turn often
 * enough to show nearly all that a mutant breaks; all 21,000 take four times as long.
 */
const WIDE = 5_000;

/** Runs the quick suite over a subject that is wrong until it fails, and once more to see what else it breaks. */
export async function killOf(
  make: () => ParserSubject,
  profile: Profile,
  facts: RunFacts,
  began = performance.now(),
): Promise<Trial> {
  const { messages } = await runOver(make(), profile, { ...facts, failFast: true });
  const seconds = (performance.now() - began) / 1000;
  if (messages === null) return { messages, seconds, rules: [], witness: null };
  const { report } = await runOver(make(), profile, {
    ...facts,
    failFast: false,
    runs: Math.max(WIDE, messages),
  });
  const found = report.counterexamples;
  return {
    messages,
    seconds,
    rules: [...new Set(found.map((c) => c.rule as RuleId))],
    witness: Math.max(...found.map((c) => c.message.length / 2)),
  };
}

async function runOver(
  subject: ParserSubject,
  profile: Profile,
  how: RunFacts & Pick<RunOptions, "failFast" | "runs">,
): Promise<{ messages: number | null; report: ParserReport }> {
  const options = {
    profile,
    level: "quick",
    progress: () => {},
    version: VERSION,
    strict: false,
    repeats: false,
    filters: [],
    timeout: TIMEOUT,
    ...how,
  } as const;
  const parserRun = new ParserRun(subject, options);
  const implementation = await subject.start();
  try {
    await parserRun.go();
    const first = parserRun.ledger.firstFailure;
    const report = await new Reporter(parserRun, subject, options).report(implementation, 0);
    // What failed behind all messages is a question with circumstances: so many messages came before.
    return { messages: first === null ? null : Math.min(first, parserRun.ledger.messages), report };
  } finally {
    await subject.stop();
  }
}
