import { mapFromJson, rule } from "../../spec/index.ts";
import { type Counterexample, expectation, type Finding, type ParserReport } from "../../suites/index.ts";
import { judgedOfParser } from "../../suites/parser/verdict.ts";
import { flakiness } from "../../suites/run/repeats.ts";
import { onlyWarns } from "../../suites/run/verdict.ts";
import { misreadAnswer } from "../exchange/misread.ts";
import { replayLine } from "../reproduce.ts";
import { byReason, coverageLine, missedAt, missedWhy, searchLine } from "../result/coverage.ts";
import { listedLines, verdictLines } from "../result/summary.ts";
import { renderDump } from "./dump.ts";
import { renderMap } from "./map-text.ts";
import type { Paint } from "./paint.ts";
import { renderRules, renderTable } from "./table.ts";

/** Where a counterexample of the report is stored, relative to where the user stands. */
export type StoredAt = (c: Counterexample) => string;

/** What a person reads at the end of a run: table, findings, failures with their bytes, summary, reproduce lines. */
export function renderReport(
  report: ParserReport,
  storedAt: StoredAt,
  paint: Paint,
  verbose: boolean,
): string {
  const judged = judgedOfParser(report);
  const parts = [
    `${report.implementation}, held against ${report.profile} (seed ${report.seed})`,
    renderTable(judged, "messages", paint),
  ];
  if (verbose) parts.push(renderRules(judged, "messages", paint));
  if (verbose && report.boundaries.missed.length > 0)
    parts.push(`boundaries not hit: ${report.boundaries.missed.join("; ")}`);
  const predicted = report.findings.filter((f) => f.predicted);
  if (predicted.length > 0)
    parts.push(
      [
        paint("bold", `${predicted.length} findings that ${report.profile} is known for`),
        ...predicted.map((f) => findingText(f, storedAt, paint)),
      ].join("\n"),
    );
  const fatal = report.findings.filter((f) => !f.predicted);
  for (const f of fatal) parts.push(findingText(f, storedAt, paint));
  for (const c of report.counterexamples) parts.push(failureText(c, paint));
  if (report.notes.length > 0) parts.push(report.notes.map((n) => `note: ${n}`).join("\n"));
  if (report.coverage !== undefined) parts.push(coverageText(report.coverage, verbose));
  parts.push(summary(report, paint));
  const stored = [...report.counterexamples, ...fatal.flatMap((f) => f.counterexample ?? [])];
  if (stored.length > 0)
    parts.push(
      [paint("bold", "reproduce"), ...stored.map((c) => `  ${replayLine(c, storedAt(c))}`)].join("\n"),
    );
  return `${parts.join("\n\n")}\n`;
}

function findingText(f: Finding, storedAt: StoredAt, paint: Paint): string {
  const name = f.rule === null ? paint("red", "NOT PREDICTED") : paint("yellow", f.rule);
  const lines = [`  ${name}: ${f.what} (${f.messages} messages)`];
  if (f.rule !== null) lines.push(`    ${rule(f.rule).consequence}`);
  const c = f.counterexample;
  if (c !== undefined) {
    lines.push(`    smallest message, ${c.message.length / 2} bytes${around(c)}: ${storedAt(c)}`);
    if (f.rule === null) lines.push(renderDump(Buffer.from(c.message, "hex"), [], paint, c.profile));
  }
  return lines.join("\n");
}

/** The circumstances of a question beside the message. */
const around = (c: Counterexample) =>
  [
    c.failAllocation === undefined ? "" : `, allocation ${c.failAllocation} fails`,
    c.scene === undefined || c.scene === "plain" ? "" : `, scene ${c.scene}`,
  ].join("");

function failureText(c: Counterexample, paint: Paint): string {
  const { expected } = c;
  const marks =
    expected.verdict === "reject"
      ? [{ offset: expected.offset, text: `${expected.errno} ${expected.rule}` }]
      : [];
  const lines = [
    `${onlyWarns(c.rule) ? paint("yellow", "WARNING") : paint("red", "FAILED")} ${paint("bold", c.rule)}: ${rule(c.rule).sentence}`,
    `  expected ${c.expectedText ?? expectation(expected)}${around(c)}`,
    `  actual   ${c.kind === "verdict" || c.kind === "map" ? c.actual : `${c.kind}: ${c.actual}`}${misreadAnswer(c.actual)}`,
    renderDump(Buffer.from(c.message, "hex"), marks, paint, c.profile),
  ];
  const flaky = flakiness(c.repeats);
  if (flaky !== null) lines.splice(3, 0, `  ${paint("yellow", flaky)}`);
  if (expected.verdict === "accept") lines.push(renderMap(mapFromJson(expected.map)));
  return lines.join("\n");
}

/** Lines of the source that are listed where nobody asked for more. */
const MAX_MISSED = 20;

function coverageText(coverage: NonNullable<ParserReport["coverage"]>, verbose: boolean): string {
  const missed = byReason(coverage);
  const listed = verbose ? missed : missed.slice(0, MAX_MISSED);
  return [
    coverageLine(coverage),
    ...listed.map((m) => `  ${missedAt(m)}  ${m.text}\n    ${missedWhy(m)}`),
    ...(missed.length > listed.length ? [`  and ${missed.length - listed.length} more: -v lists them`] : []),
  ].join("\n");
}

function summary(report: ParserReport, paint: Paint): string {
  const { rules, boundaries: b } = report;
  const hit = rules.filter((r) => r.messages > 0).length;
  const rate = report.seconds > 0 ? `, ${Math.round(report.messages / report.seconds)} a second` : "";
  return [
    ...listedLines(rules, paint),
    ...verdictLines({ conclusion: report, complete: report.complete }, "rules", paint),
    `${report.messages} messages in ${report.seconds.toFixed(1)} s${rate}; ${hit} rules hit, ${b.hit} of ${b.classes} boundary classes, ${b.pairsHit} of ${b.pairs} pairs of them`,
    ...(report.search === undefined ? [] : [searchLine(report.search)]),
  ].join("\n");
}
