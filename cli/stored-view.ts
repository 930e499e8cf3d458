import { dirname, join } from "node:path";
import {
  daemonResult,
  parserResult,
  type Result,
  renderDaemonReport,
  renderReport,
} from "../reports/index.ts";
import { sealed } from "../suites/digest.ts";
import type { DaemonReport, ParserReport } from "../suites/index.ts";
import type { Context } from "./context.ts";
import { writeFile } from "./files.ts";
import { storeFailure } from "./output.ts";
import { REPORT, storeFailures } from "./stored-run.ts";

export const DAEMON_REPORT = "daemon-report.json";

/** Name of the file that a report is stored in. */
export const fileOf = (report: ParserReport | DaemonReport): string =>
  report.format === "fmapspec-report" ? REPORT : DAEMON_REPORT;

/** A report as it is shown: how the writers see it, and what a person reads. */
export interface View {
  readonly result: Result;
  text(paint: Context["paint"], verbose: boolean): string;
}

/** The view of a report that is stored at a path; its failures are stored beside it. Throws UsageError. */
export function viewOf(report: ParserReport | DaemonReport, path: string): View {
  const out = dirname(path);
  if (report.format === "fmapspec-report") {
    const stored = storeFailures(report, out);
    return {
      result: parserResult(report, path, stored, report.run.strict),
      text: (paint, verbose) => renderReport(report, stored, paint, verbose),
    };
  }
  const session = report.session === undefined ? null : storeFailure(out, report.session);
  const given = ["--timeout", `${report.run.timeout}`];
  return {
    result: daemonResult(report, path, session, given),
    text: (paint, verbose) => renderDaemonReport(report, session, paint, verbose),
  };
}

/** Writes a report to its folder, and its failures beside it. Throws UsageError. */
export function storeAndView(report: ParserReport | DaemonReport, out: string): View {
  const path = join(out, fileOf(report));
  const view = viewOf(report, path);
  writeFile(path, `${JSON.stringify(sealed(report), null, 2)}\n`);
  return view;
}
