import type { ParserReport } from "../outcome.ts";
import type { ParserSubject } from "../subjects/subject.ts";
import { Reporter, type ReportOptions } from "./report.ts";
import { ParserRun, type RunOptions } from "./run.ts";

/** Where a run goes on, and who keeps its state; asked when the subject has said what it is. */
export type Keeping = (implementation: string) => Pick<RunOptions, "from" | "checkpoint">;

/** Starts the subject, runs the parser suite over it, shrinks what it finds, and stops it. Throws SubjectError. */
export async function runParserSuite(
  subject: ParserSubject,
  options: ReportOptions,
  keeping: Keeping = () => ({}),
): Promise<ParserReport> {
  try {
    const implementation = await subject.start();
    const run = new ParserRun(subject, { ...options, ...keeping(implementation) });
    await run.go();
    const seconds = run.seconds();
    const coverage = await subject.coverage?.();
    const report = await new Reporter(run, subject, options).report(implementation, seconds);
    return coverage === undefined ? report : { ...report, coverage };
  } finally {
    await subject.stop();
  }
}
