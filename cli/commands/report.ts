import { dirname } from "node:path";
import { DAEMON_SUITE } from "../../suites/daemon/states.ts";
import type { DaemonReport, ParserReport } from "../../suites/index.ts";
import { PARSER_SUITE } from "../../suites/parser/states.ts";
import { reportOfJournal } from "../../suites/run/states.ts";
import type { Journal } from "../../suites/stored/document.ts";
import type { Read } from "../../suites/stored/shards.ts";
import { REPORT_OPTIONS, REPORT_STATUS, reportsOf, statusOf } from "../options/reports.ts";
import { command } from "../options/table.ts";
import { DEFAULT_OUT, REPORT } from "../store/output.ts";
import { resumingDaemon, resumingParser } from "../store/resuming.ts";
import { latestDocuments } from "../store/stored-reports.ts";
import { DAEMON_REPORT, viewOf } from "../store/stored-view.ts";

export const report = command({
  about: `Prints the report of a run that finished once more, in any format. Of an interrupted run it prints what the
journal holds: the failures until then, and how to go on. PATH is a report, a journal, or the folder of
--out (default ${DEFAULT_OUT}). The exit status is the run's own.`,
  options: { "the results": REPORT_OPTIONS },
  operand: { takes: "PATH", noun: "report, journal or folder", count: "at most one", offers: "paths" },
  closing: REPORT_STATUS,
  async run(options, context) {
    const [path = DEFAULT_OUT] = options.operands;
    const reports = reportsOf(options);
    const latest = await latestDocuments(path, [REPORT, DAEMON_REPORT]);
    const results = latest.map(({ read }) => resultOf(read));
    for (const result of results) reports.print(result, context);
    for (const { journal } of latest)
      if (journal !== null) context.say(`${resuming(journal.document, dirname(journal.path))}\n`);
    reports.write(results, context);
    return reports.status(results, statusOf(results));
  },
});

const resultOf = ({ path, document }: Read) =>
  viewOf(document.format === "fmapspec-journal" ? reportOf(document) : document, path, {
    manifest: null,
    keep: true,
  });

const reportOf = (journal: Journal): ParserReport | DaemonReport =>
  journal.suite === "parser"
    ? reportOfJournal(PARSER_SUITE, journal)
    : reportOfJournal(DAEMON_SUITE, journal);

function resuming(journal: Journal, out: string): string {
  if (journal.suite === "daemon") return `to go on: ${resumingDaemon(journal, out)}`;
  return journal.run.guided === true
    ? "a guided run cannot be resumed: what it asks depends on everything that it has asked before"
    : `to go on: ${resumingParser(journal, out)}`;
}
