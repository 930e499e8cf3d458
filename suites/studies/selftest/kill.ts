import { VERSION } from "../../../base/package-root.ts";
import type { Profile, RuleId } from "../../../spec/index.ts";
import type { ParserSubject } from "../../../subjects/driver/subject.ts";
import type { ParserReport } from "../../parser/outcome.ts";
import { Reporter } from "../../parser/report.ts";
import { ParserRun, type RunOptions } from "../../parser/run.ts";
import type { Trial } from "./outcome.ts";

/** The options of a selftest that all its runs share. */
export type RunFacts = Pick<RunOptions, "seed" | "signal">;

/** Time limit for a mutant's answer in milliseconds. */
const TIMEOUT = 5000;

/**
 * Number of messages of the run that continues after the first failure. In this many messages of the fixed table each family
 * finds nearly all rules that a mutant breaks; all 21,000 messages take four times as long.
 */
const WIDE = 5_000;

/** Runs the quick suite over a faulty subject until the first failure, and again to find the other rules that it breaks. */
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
    // A failure behind all messages is a question with circumstances: count the messages before it.
    return { messages: first === null ? null : Math.min(first, parserRun.ledger.messages), report };
  } finally {
    await subject.stop();
  }
}
