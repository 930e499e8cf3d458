import { type RuleId, ruleGroup } from "../../spec/index.ts";
import { judgedOfDaemon } from "../../suites/daemon/verdict.ts";
import type { DaemonReport, StoredSession } from "../../suites/index.ts";
import { flakiness } from "../../suites/run/repeats.ts";
import { onlyWarns } from "../../suites/run/verdict.ts";
import { type DaemonStoredAt, extentOf } from "../result/daemon-result.ts";
import { listedLines, verdictLines } from "../result/summary.ts";
import { word } from "../shell.ts";
import { failureBlocks } from "./daemon-failure-text.ts";
import type { Paint } from "./paint.ts";
import { renderRules, renderTable } from "./table.ts";

/** What a person reads at the end of a run over a daemon. */
export function renderDaemonReport(
  report: DaemonReport,
  storedAt: DaemonStoredAt,
  paint: Paint,
  verbose: boolean,
): string {
  const judged = judgedOfDaemon(report);
  const parts = [
    `${report.subject.command.join(" ")}, asked as the kernel of ${report.profile} over a ${report.channel} channel (seed ${report.seed})`,
    renderTable(judged, "checks", paint),
  ];
  if (verbose) parts.push(renderRules(judged, "checks", paint));
  const warned = report.failures.filter((f) => ruleGroup(f.rule) === "robustness");
  if (warned.length > 0)
    parts.push(
      [
        paint("bold", "warnings about requests that no kernel sends; they fail no run"),
        ...warned.map((f) => `  ${paint("yellow", f.rule)}: ${f.detail}`),
      ].join("\n"),
    );
  const counted = report.failures.filter((f) => !onlyWarns(f.rule));
  const session = (id: RuleId) => (report.session?.rule === id ? sessionLines(report.session) : []);
  parts.push(...failureBlocks(report, paint, session));
  if (report.notes.length > 0) parts.push(report.notes.map((n) => `note: ${n}`).join("\n"));
  parts.push(
    [
      ...listedLines(report.rules, paint),
      ...verdictLines({ conclusion: report, complete: report.complete }, "requirements", paint),
      `${extentOf(report)}; ${report.seconds.toFixed(1)} s`,
    ].join("\n"),
  );
  if (counted.length > 0) {
    const paths = [...new Set(counted.map(storedAt))];
    parts.push([paint("bold", "reproduce"), ...paths.map((p) => `  fmapspec replay ${word(p)}`)].join("\n"));
  }
  return `${parts.join("\n\n")}\n`;
}

/** Steps of a session that are shown; the file has them all. */
const STEPS = 20;

function sessionLines({ steps, repeats, transcript }: StoredSession): string[] {
  const shown = steps
    .slice(0, STEPS)
    .map((s) => `${s.kind} ${"path" in s ? s.path : "paths" in s ? s.paths.join(", ") : ""}`.trimEnd());
  const more = steps.length > STEPS ? `; and ${steps.length - STEPS} more` : "";
  const fresh =
    repeats.failed > 0
      ? "on a fresh daemon"
      : "which did not fail again on a fresh daemon: what the daemon did before counts too";
  const flaky = flakiness(repeats);
  return [
    `  in a session of ${steps.length} steps and ${transcript.length} messages, ${fresh}:`,
    `    ${shown.join("; ")}${more}`,
    ...(flaky === null ? [] : [`  ${flaky}`]),
  ];
}
