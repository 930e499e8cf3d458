import { dirname } from "node:path";
import { UsageError } from "../../base/errors.ts";
import { reportOfDaemonJournal } from "../../suites/daemon/journal.ts";
import type { DaemonReport, ParserReport } from "../../suites/index.ts";
import { reportOfJournal } from "../../suites/parser/journal.ts";
import type { Journal } from "../../suites/stored/document.ts";
import type { Read } from "../../suites/stored/shards.ts";
import type { Command } from "../command.ts";
import { readOptions } from "../options/options.ts";
import { REPORT_HELP, REPORT_OPTIONS, reportsOf, statusOf } from "../options/reports.ts";
import { DEFAULT_OUT } from "../store/output.ts";
import { resumingDaemon, resumingParser } from "../store/resume-line.ts";
import { latestDocuments } from "../store/stored-reports.ts";
import { REPORT } from "../store/stored-run.ts";
import { DAEMON_REPORT, viewOf } from "../store/stored-view.ts";

export const report: Command = {
  help: `usage: fmapspec report [options] [PATH]

Of a run that came to its end, its report, once more and in any format. Of one that was interrupted, what it
had found by then, as its journal says: failures as they were found, and how the run goes on. PATH is a
report, a journal, or the folder of --out (default ${DEFAULT_OUT}). The exit status is the run's own.

${REPORT_HELP}
  -v, --verbose         an outcome for each rule     --quiet   nothing but failures
`,
  async run(args, context) {
    const options = readOptions(args, {
      ...REPORT_OPTIONS,
      verbose: { type: "boolean", short: "v" },
      quiet: { type: "boolean" },
    });
    if (options.command !== null) throw new UsageError("report runs nothing: nothing goes behind --");
    const [path = DEFAULT_OUT, extra] = options.positionals;
    if (extra !== undefined) throw new UsageError("report takes one report, journal or folder");
    const reports = reportsOf(options);
    const latest = await latestDocuments(path, [REPORT, DAEMON_REPORT]);
    const results = latest.map(({ read }) => resultOf(read));
    for (const result of results) reports.print(result, context);
    for (const { journal } of latest)
      if (journal !== null) context.say(`${resuming(journal.document, dirname(journal.path))}\n`);
    reports.write(results, context);
    return reports.status(results, statusOf(results));
  },
};

const resultOf = ({ path, document }: Read) =>
  viewOf(document.format === "fmapspec-journal" ? reportOf(document) : document, path, {
    manifest: null,
    keep: true,
  });

const reportOf = (journal: Journal): ParserReport | DaemonReport =>
  journal.suite === "parser" ? reportOfJournal(journal) : reportOfDaemonJournal(journal);

function resuming(journal: Journal, out: string): string {
  if (journal.suite === "daemon") return `to go on: ${resumingDaemon(journal, out)}`;
  return journal.run.guided === true
    ? "a guided run cannot be gone on with: what it asks depends on everything that it has asked before"
    : `to go on: ${resumingParser(journal, out)}`;
}
