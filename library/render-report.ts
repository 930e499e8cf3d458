import { UsageError } from "../base/errors.ts";
import {
  daemonResult,
  type KcidbSubmitter,
  parserResult,
  WRITERS,
  type WriterKind,
} from "../reports/index.ts";
import type { Counterexample, DaemonReport, ParserReport } from "../suites/index.ts";

/** What a report names beside what it holds. */
export interface RenderOptions {
  /** Path of the file that you keep the report in, for those that refer to it; `report.json` if not given. */
  readonly stored?: string;
  /** Path of the file that you keep a counterexample in, for the lines that replay it; `RULE.json` if not given. */
  readonly storedAt?: (counterexample: Counterexample) => string;
  /** Who submits; the kind `kcidb` needs it. */
  readonly submitter?: KcidbSubmitter;
}

const fileOf = ({ rule }: { readonly rule: string }) => `${rule.replaceAll("/", "-")}.json`;

/** A report, or several of one subject, as a string in one of the formats. Throws UsageError for `kcidb` without a submitter. */
export function renderReport(
  kind: WriterKind,
  reports: ParserReport | DaemonReport | readonly (ParserReport | DaemonReport)[],
  { stored = "report.json", storedAt = fileOf, submitter }: RenderOptions = {},
): string {
  const all = "rules" in reports ? [reports] : reports;
  if (kind === "kcidb" && submitter === undefined)
    throw new UsageError("a report for KCIDB needs a submitter");
  const results = all.map((r) =>
    "counterexamples" in r ? parserResult(r, stored, storedAt) : daemonResult(r, stored, fileOf),
  );
  return WRITERS[kind](results, submitter ?? null);
}
