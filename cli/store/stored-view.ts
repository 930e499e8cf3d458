import { dirname, join } from "node:path";
import { digestOf } from "../../base/digest.ts";
import { UsageError } from "../../base/errors.ts";
import { versionsWith } from "../../base/versions.ts";
import { daemonResult, parserResult, type Result } from "../../reports/index.ts";
import type { Manifest } from "../../spec/index.ts";
import type { DaemonReport, ParserReport } from "../../suites/index.ts";
import { profileOf } from "../options/profiles.ts";
import { writeFile } from "./files.ts";
import { REPORT, storeDaemonFailures, storeFailures, writeMissing } from "./output.ts";

export const DAEMON_REPORT = "daemon-report.json";

/** Name of the file that a report is stored in. */
export const fileOf = (report: ParserReport | DaemonReport): string =>
  report.format === "fmapspec-report" ? REPORT : DAEMON_REPORT;

/** How the failures of a report are stored. */
interface Failures {
  /** The manifest that a daemon had to serve; null: failures are stored without it. */
  readonly manifest: Manifest | null;
  /** Whether existing files stay as they are. */
  readonly keep: boolean;
}

/** The view of a report that is stored at a path; its failures are stored beside it. Throws UsageError. */
export function viewOf(
  report: ParserReport | DaemonReport,
  path: string,
  { manifest, keep }: Failures,
): Result {
  const out = dirname(path);
  const write = keep ? writeMissing : writeFile;
  if (report.format === "fmapspec-report") {
    return parserResult(report, path, storeFailures(report, out, write));
  }
  const { timeout, expect } = report.run;
  if (manifest !== null && digestOf(manifest) !== expect)
    throw new UsageError("--expect is not the manifest that the daemon was held against");
  const besides = { timeout, expect: manifest, versions: versionsWith(report.fmapspec) };
  return daemonResult(
    report,
    path,
    storeDaemonFailures(out, report, profileOf(report.profile), besides, write),
  );
}

/** Writes a report to its folder, and its failures beside it. Throws UsageError. */
export function storeAndView(
  report: ParserReport | DaemonReport,
  out: string,
  manifest: Manifest | null,
): Result {
  const path = join(out, fileOf(report));
  const view = viewOf(report, path, { manifest, keep: false });
  writeFile(path, `${JSON.stringify(report, null, 2)}\n`);
  return view;
}
