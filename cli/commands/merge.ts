import { join, resolve } from "node:path";
import { sealed } from "../../base/digest.ts";
import { UsageError } from "../../base/errors.ts";
import type { Result } from "../../reports/index.ts";
import { DAEMON_SUITE } from "../../suites/daemon/states.ts";
import {
  applyKnownFailures,
  applyToDaemon,
  type DaemonReport,
  type Expectations,
  type ParserReport,
} from "../../suites/index.ts";
import { PARSER_SUITE } from "../../suites/parser/states.ts";
import { mergeShards, type ShardReport } from "../../suites/run/states.ts";
import type { StoredDocument } from "../../suites/stored/document.ts";
import { type Read, shardSets } from "../../suites/stored/shards.ts";
import { expectationsOf, KNOWN_FAILING, QUARANTINE } from "../options/expectations.ts";
import { file } from "../options/kinds.ts";
import { expectedOf } from "../options/manifest-input.ts";
import { REPORT_OPTIONS, REPORT_STATUS, reportsOf, statusOf } from "../options/reports.ts";
import { OUT } from "../options/run-options.ts";
import { command } from "../options/table.ts";
import { lockFolder } from "../store/lock.ts";
import { REPORT } from "../store/output.ts";
import { readDocuments } from "../store/stored-reports.ts";
import { DAEMON_REPORT, fileOf, storeAndView } from "../store/stored-view.ts";

export const merge = command({
  about: `Reads the reports that runs with --shard I/N left, files or the folders with them, and makes the report that
one run without --shard would have made. Of several profiles, a report for each. A missing shard leaves the report
incomplete; shards of different runs, and damaged ones, are refused.`,
  options: {
    options: {
      "known-failing": KNOWN_FAILING,
      quarantine: QUARANTINE,
      expect: file("of daemons, the manifest of their runs: it goes into the failures that are about it"),
      out: OUT,
    },
    "the results": REPORT_OPTIONS,
  },
  operand: { takes: "PATH", noun: "report of a shard", count: "at least one", offers: "paths" },
  closing: REPORT_STATUS,
  async run(options, context) {
    const { out: target } = options.values;
    const expected = await expectationsOf(options);
    const reports = reportsOf(options);
    const manifest = await expectedOf(options);
    const read = await readDocuments(options.operands, [REPORT, DAEMON_REPORT]);
    const merged = mergeAll(read, expected);
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
});

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
      return sealed(applyToDaemon(mergeShards(DAEMON_SUITE, documents, missing), expected));
    const report = mergeShards(PARSER_SUITE, documents as ShardReport<ParserReport>[], missing);
    return sealed(applyKnownFailures(report, expected));
  });
}

const isDaemons = (document: StoredDocument): document is ShardReport<DaemonReport> =>
  document.format === "fmapspec-daemon-report";
