import { join } from "node:path";
import type { ParserSubject } from "../subjects/driver/subject.ts";
import type { ParserReport } from "../suites/index.ts";
import { factsOf } from "../suites/parser/facts.ts";
import type { ReportOptions } from "../suites/parser/report.ts";
import type { ParserJournal } from "../suites/parser/states.ts";
import { runParserSuite } from "../suites/parser/suite.ts";
import { journalOf } from "../suites/run/states.ts";
import type { JournalFile } from "./store/journal-file.ts";
import { REPORT } from "./store/output.ts";
import { finishedIn, refuseOther } from "./store/resuming.ts";

/** Runs the parser suite over a subject, from the state of `interrupted` if there is one, and stops the subject. */
export async function runParser(
  subject: ParserSubject,
  options: ReportOptions,
  journal: JournalFile,
  interrupted: ParserJournal | null,
  out: string,
): Promise<ParserReport> {
  const { version: fmapspec, profile, level, seed } = options;
  const asked = { fmapspec, level, seed, run: factsOf(options), subject: subject.description };
  if (interrupted !== null) refuseOther(interrupted, { ...asked, profile: profile.name }, out);
  return runParserSuite(subject, options, (implementation) => {
    const facts = { ...asked, implementation };
    if (interrupted !== null) refuseOther(interrupted, { ...facts, profile: profile.name }, out);
    return {
      ...(interrupted === null ? {} : { from: interrupted.state }),
      checkpoint: (state, urgent) => journal.keep(() => journalOf("parser", profile, facts, state()), urgent),
    };
  });
}

/** The report of a profile that had finished before the run of several was interrupted. */
export function finishedRun(
  out: string,
  { description: subject }: ParserSubject,
  options: ReportOptions,
): Promise<ParserReport | null> {
  const { version: fmapspec, profile, level, seed } = options;
  const asked = { fmapspec, profile: profile.name, level, seed, run: factsOf(options), subject };
  return finishedIn(join(out, REPORT), "fmapspec-report", asked);
}
