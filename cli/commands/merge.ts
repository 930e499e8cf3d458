import { join, resolve } from "node:path";
import { sealed } from "../../base/digest.ts";
import { UsageError } from "../../base/errors.ts";
import type { Result } from "../../reports/index.ts";
import { type DaemonShard, mergeDaemonShards } from "../../suites/daemon/merge.ts";
import {
  applyKnownFailures,
  applyToDaemon,
  type DaemonReport,
  type Expectations,
  type ParserReport,
} from "../../suites/index.ts";
import { mergeParserShards, type ParserShard } from "../../suites/parser/merge.ts";
import type { StoredDocument } from "../../suites/stored/document.ts";
import { type Read, shardSets } from "../../suites/stored/shards.ts";
import type { Command } from "../command.ts";
import { expectationsOf } from "../options/expectations.ts";
import { expectedOf } from "../options/manifest-input.ts";
import { readOptions, text } from "../options/options.ts";
import { REPORT_HELP, REPORT_OPTIONS, reportsOf, statusOf } from "../options/reports.ts";
import { lockFolder } from "../store/lock.ts";
import { DEFAULT_OUT } from "../store/output.ts";
import { readDocuments } from "../store/stored-reports.ts";
import { REPORT } from "../store/stored-run.ts";
import { DAEMON_REPORT, fileOf, storeAndView } from "../store/stored-view.ts";

export const merge: Command = {
  help: `usage: fmapspec merge [options] PATH...

Reads the reports that runs with --shard I/N have left, files or the folders that hold them, and makes the
report that one run without --shard would have made. Of several profiles, a report for each. A shard that is
missing leaves the report incomplete; what belongs to different runs, or is not whole, is refused.

  --known-failing FILE  failures listed there do not count, and one that passes does
  --quarantine FILE     failures listed there do not count, and may pass
  --expect FILE         of daemons, the manifest of their runs: it goes into the failures that are about it
  --out DIR             report.json and failures/ go there (default ${DEFAULT_OUT});
                        with several profiles, to a folder of each profile's name in it
${REPORT_HELP}
  -v, --verbose         an outcome for each rule     --quiet   nothing but failures
`,
  async run(args, context) {
    const options = readOptions(args, {
      ...REPORT_OPTIONS,
      "known-failing": { type: "string" },
      quarantine: { type: "string" },
      expect: { type: "string" },
      out: { type: "string" },
      verbose: { type: "boolean", short: "v" },
      quiet: { type: "boolean" },
    });
    if (options.command !== null) throw new UsageError("merge runs nothing: nothing goes behind --");
    if (options.positionals.length === 0) throw new UsageError("merge takes the reports of shards");
    const expected = await expectationsOf(options);
    const reports = reportsOf(options);
    const manifest = await expectedOf(options);
    const read = await readDocuments(options.positionals, [REPORT, DAEMON_REPORT]);
    const merged = mergeAll(read, expected);
    const target = text(options, "out") ?? DEFAULT_OUT;
    const outOf = ({ profile }: { profile: string }) =>
      merged.length === 1 ? target : join(target, profile);
    for (const report of merged) refuseToReplace(read, join(outOf(report), fileOf(report)));
    const results: Result[] = [];
    const release = lockFolder(target);
    try {
      for (const report of merged) {
        const result = storeAndView(report, outOf(report), manifest);
        results.push(result);
        reports.print(result, context);
      }
      reports.write(results, context);
    } finally {
      release();
    }
    return reports.status(results, statusOf(results));
  },
};

/** Throws UsageError where the merged report would take the place of a shard's. */
function refuseToReplace(read: readonly Read[], path: string): void {
  const shard = read.find((r) => resolve(r.path) === resolve(path));
  if (shard !== undefined)
    throw new UsageError(
      `${shard.path} is a shard, which the merged report would replace: give another --out`,
    );
}

/** A report of each profile. Throws UsageError where the documents are not the shards of one run. */
function mergeAll(read: readonly Read[], expected: Expectations): (ParserReport | DaemonReport)[] {
  const whole = read.find(({ document }) => !("state" in document) || document.format === "fmapspec-journal");
  if (whole !== undefined) throw new UsageError(`${whole.path} is not the report of a shard`);
  return shardSets(read).map(({ shards, missing }) => {
    const documents = shards.map((s) => s.document);
    if (documents.every(isDaemons))
      return sealed(applyToDaemon(mergeDaemonShards(documents, missing), expected));
    const report = mergeParserShards(documents as ParserShard[], missing);
    return sealed(applyKnownFailures(report, expected));
  });
}

const isDaemons = (document: StoredDocument): document is DaemonShard =>
  document.format === "fmapspec-daemon-report";
