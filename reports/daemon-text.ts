import { rule } from "../spec/index.ts";
import type { DaemonReport, StoredSession } from "../suites/index.ts";
import { flakiness } from "../suites/repeats.ts";
import { type DaemonStoredAt, extentOf } from "./daemon-result.ts";
import type { Paint } from "./paint.ts";
import { word } from "./shell.ts";
import { renderRules, renderTable } from "./table.ts";

/** What a person reads at the end of a run over a daemon. */
export function renderDaemonReport(
  report: DaemonReport,
  storedAt: DaemonStoredAt,
  paint: Paint,
  verbose: boolean,
): string {
  const parts = [
    `${report.subject.command.join(" ")}, asked as the kernel of ${report.profile} over a ${report.channel} channel (seed ${report.seed})`,
    renderTable(report.rules, "checks", paint),
  ];
  if (verbose) parts.push(renderRules(report.rules, "checks", paint));
  const robust = report.failures.filter((f) => f.rule.startsWith("robustness/"));
  if (robust.length > 0)
    parts.push(
      [
        paint("bold", `${robust.length} findings on requests that no kernel sends (reported, not required)`),
        ...robust.map((f) => `  ${paint("yellow", f.rule)}: ${f.detail}`),
      ].join("\n"),
    );
  const counted = report.failures.filter((f) => !f.rule.startsWith("robustness/"));
  for (const f of counted) {
    const lines = [
      `${paint("red", "FAILED")} ${paint("bold", f.rule)}${f.path === undefined ? "" : ` ${f.path}`}`,
      `  ${rule(f.rule).sentence}`,
      `  ${f.detail}`,
    ];
    if (f.request !== undefined) lines.push(`  request ${f.request}`);
    if (f.reply !== undefined)
      lines.push(`  reply   ${f.reply.length > 400 ? `${f.reply.slice(0, 400)}...` : f.reply}`);
    lines.push(`  consequence: ${rule(f.rule).consequence}`);
    if (report.session?.rule === f.rule) lines.push(...sessionLines(report.session));
    parts.push(lines.join("\n"));
  }
  if (report.notes.length > 0) parts.push(report.notes.map((n) => `note: ${n}`).join("\n"));
  const count = (outcome: string) =>
    report.rules.filter((r) => r.outcome === outcome && !r.rule.startsWith("robustness/")).length;
  const verdict = report.passed ? paint("green", "CONFORMING") : paint("red", "NOT CONFORMING");
  const known = count("expected-failure");
  parts.push(
    [
      ...(known > 0 ? [`${known} requirements fail as listed`] : []),
      ...report.rules
        .filter((r) => r.outcome === "unexpected-pass")
        .map((r) => `${paint("red", "PASSED")} ${r.rule}, ${r.reason}`),
      `${verdict}${report.complete ? "" : " as far as the run went"}: ${count("passed")} requirements passed, ${count("failed")} failed, ${count("not-run")} not run, ${count("not-applicable")} not applicable`,
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
