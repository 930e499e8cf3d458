import type { ParserReport } from "../outcome.ts";
import type { ParserSubject } from "../subjects/subject.ts";
import { Reporter, type ReportOptions } from "./report.ts";
import { ParserRun } from "./run.ts";

/** Starts the subject, runs the parser suite over it, shrinks what it finds, and stops it. Throws SubjectError. */
export async function runParserSuite(subject: ParserSubject, options: ReportOptions): Promise<ParserReport> {
  try {
    const implementation = await subject.start();
    const run = new ParserRun(subject, options);
    await run.go();
    return await new Reporter(run, subject, options).report(implementation, run.seconds());
  } finally {
    await subject.stop();
  }
}
