import { SubjectError } from "../../base/errors.ts";
import type { ParserSubject } from "../../subjects/driver/subject.ts";
import type { ParserReport } from "./outcome.ts";
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
    const seconds = run.budget.seconds();
    const reported = await coverageOf(subject);
    const report = await new Reporter(run, subject, options).report(implementation, seconds);
    return { ...report, ...reported.coverage, notes: [...reported.notes, ...report.notes] };
  } finally {
    await subject.stop();
  }
}

/** What was reached of the subject's source, or why nobody knows: a run is worth its report without it. */
async function coverageOf(subject: ParserSubject) {
  try {
    const coverage = await subject.coverage?.();
    return { coverage: coverage === undefined ? {} : { coverage }, notes: [] };
  } catch (error) {
    if (!(error instanceof SubjectError)) throw error;
    return { coverage: {}, notes: [`what was reached of the source is not known: ${error.message}`] };
  }
}
