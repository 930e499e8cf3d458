import { type DaemonReport, failureMessage, type ParserReport } from "../suites/index.ts";

/**
 * A line for everything that keeps a run from conforming: the rule and what went wrong, or what was not checked. Empty exactly
 * when the verdict is `conforming`, so that `expect(failuresOf(report)).toEqual([])` names each of them.
 */
export function failuresOf(report: ParserReport | DaemonReport): readonly string[] {
  const found = "counterexamples" in report ? parserFailures(report) : daemonFailures(report);
  return found.length > 0 ? found : report.reasons;
}

const broken = (report: ParserReport | DaemonReport) =>
  new Set(report.rules.filter((r) => r.outcome === "failed").map((r) => r.rule));

function parserFailures(report: ParserReport): string[] {
  if (report.passed) return [];
  const failed = broken(report);
  return [
    ...report.counterexamples
      .filter((c) => failed.has(c.rule))
      .map((c) => `${c.rule}: ${failureMessage(c)} on ${c.message}`),
    ...report.findings.filter((f) => !f.predicted).map((f) => `not predicted: ${f.what}`),
    ...report.rules
      .filter((r) => r.outcome === "unexpected-pass")
      .map((r) => `${r.rule}: listed as a known failure, and passed`),
  ];
}

function daemonFailures(report: DaemonReport): string[] {
  const failed = broken(report);
  return report.failures.filter((f) => failed.has(f.rule)).map((f) => `${f.rule}: ${f.detail}`);
}
