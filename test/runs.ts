import { DEFAULT_PROFILE } from "../spec/index.ts";
import type { ParserSubject } from "../subjects/driver/subject.ts";
import type { ParserReport } from "../suites/parser/outcome.ts";
import { Reporter } from "../suites/parser/report.ts";
import { ParserRun, type RunOptions } from "../suites/parser/run.ts";

/** What most tests run with: a short, silent run that nobody interrupts. */
const SHORT = {
  profile: DEFAULT_PROFILE,
  level: "quick",
  seed: 1,
  runs: 100,
  failFast: false,
  filters: [],
  timeout: 5000,
  signal: new AbortController().signal,
  progress: () => {},
} as const satisfies RunOptions;

/** Runs the parser suite over the subject, without shrinking anything, and stops it. */
export async function runOver(subject: ParserSubject, options: Partial<RunOptions> = {}): Promise<ParserRun> {
  const run = new ParserRun(subject, { ...SHORT, ...options });
  try {
    await subject.start();
    await run.go();
  } finally {
    await subject.stop();
  }
  return run;
}

/** Runs the parser suite over the subject, shrinks what it finds, stops it and returns the report. */
export async function reportOn(
  subject: ParserSubject,
  options: Partial<RunOptions> & { strict?: boolean } = {},
): Promise<ParserReport> {
  const all = { ...SHORT, version: "0", strict: false, filters: [], timeout: 5000, ...options };
  const run = new ParserRun(subject, all);
  try {
    const implementation = await subject.start();
    await run.go();
    return await new Reporter(run, subject, all).report(implementation, 1);
  } finally {
    await subject.stop();
  }
}
