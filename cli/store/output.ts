import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { sealed } from "../../base/digest.ts";
import type { DaemonStoredAt } from "../../reports/index.ts";
import type { Profile } from "../../spec/index.ts";
import { type RunBesides, requirementFailure } from "../../suites/daemon/requirement-failure.ts";
import type { Counterexample, DaemonReport, ParserReport } from "../../suites/index.ts";
import { failureName, type StoredFailure } from "../../suites/stored/failure-name.ts";
import { writeFile } from "./files.ts";
import type { Write } from "./writing.ts";

/** Where a run leaves its report and its failures. */
export const DEFAULT_OUT = "fmapspec-report";

/** The folder of each profile's results: that of `--out`, or one in it for each of several. */
export const outOf = (target: string, asked: readonly Profile[], profile: Profile): string =>
  asked.length === 1 ? target : join(target, profile.name);

/** The folder of stored failures in it. Those of earlier runs stay. */
const FAILURES = "failures";

/** Writes a failure to a file of its own below the output folder; returns its path relative to the working directory. Throws UsageError. */
function storeFailure(out: string, failure: StoredFailure, write: Write = writeFile): string {
  const path = join(out, FAILURES, failureName(failure));
  write(path, `${JSON.stringify(sealed(failure), null, 2)}\n`);
  return relative(".", path);
}

/** Writes a file where there is none yet. Throws UsageError. */
export const writeMissing: Write = (path, content) => {
  if (!existsSync(path)) writeFile(path, content);
};

/** Writes a failure beside the one that it comes from; returns its path. Throws UsageError. */
export function storeBeside(path: string, failure: StoredFailure): string {
  const beside = join(dirname(path), failureName(failure));
  writeFile(beside, `${JSON.stringify(sealed(failure), null, 2)}\n`);
  return relative(".", beside);
}

/** Writes the session that failed, and the other failures of the report; returns the path of each. Throws UsageError. */
export function storeDaemonFailures(
  out: string,
  report: DaemonReport,
  profile: Profile,
  besides: RunBesides,
  write: Write,
): DaemonStoredAt {
  const { session } = report;
  const paths = new Map<string, string>();
  const documents = new Map(
    report.failures.map((f) => {
      const ofSession = session !== undefined && f.rule === session.rule && f.detail === session.detail;
      return [f, ofSession ? session : requirementFailure(f, report, profile, besides)];
    }),
  );
  // Examples that are alike are one failure: the first one is stored.
  for (const document of documents.values()) {
    const name = failureName(document);
    if (!paths.has(name)) paths.set(name, storeFailure(out, document, write));
  }
  return (f) => paths.get(failureName(documents.get(f) as StoredFailure)) as string;
}

export const REPORT = "report.json";

/** Writes a sealed report as report.json, and a file for each failure; returns the path of each. Throws UsageError. */
export function store(
  report: ParserReport,
  out: string,
  write: Write = writeFile,
): (c: Counterexample) => string {
  // First, because on a full disk it has the most to report.
  write(join(out, REPORT), `${JSON.stringify(report, null, 2)}\n`);
  return storeFailures(report, out, write);
}

/** Writes a file for each failure of a report; returns the path of each. Throws UsageError. */
export function storeFailures(
  report: ParserReport,
  out: string,
  write: Write = writeFile,
): (c: Counterexample) => string {
  const all = [...report.counterexamples, ...report.findings.flatMap((f) => f.counterexample ?? [])];
  const paths = new Map(all.map((c) => [c, storeFailure(out, c, write)]));
  return (c) => paths.get(c) as string;
}
