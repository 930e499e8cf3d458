import type { RunVerdict } from "../../suites/run/verdict.ts";
import { oneLine, plain, wellFormed } from "../line.ts";
import { byReason, missedAt, missedWhy } from "../result/coverage.ts";
import { type Failure, isBad, type Result, type TestResult } from "../result/result.ts";
import { because, COLUMNS, countsText, failureLine, groupRows } from "../result/summary.ts";
import { markdownTable } from "../terminal/blocks.ts";
import { failureBytes } from "../terminal/failure-text.ts";

/** A GitHub step takes 1 MiB of summary and refuses a byte more. */
const MAX_BYTES = 1 << 20;
/** Lines of the source that are listed. */
const MAX_MISSED = 100;
const NOTE = "_More did not fit here: the stored report has it._\n";

/** Markdown for a pull request or a GitHub step summary; what does not fit is left out, with a note. */
export function renderMarkdown(results: readonly Result[]): string {
  const kept: string[] = [];
  let size = Buffer.byteLength(NOTE);
  for (const part of parts(results)) {
    size += Buffer.byteLength(part) + 1;
    if (size > MAX_BYTES) return `${kept.join("\n")}\n${NOTE}`;
    kept.push(part);
  }
  return kept.join("\n");
}

/** Verdicts and tables of all results before the failures of any, so that they are never what is cut. */
function* parts(results: readonly Result[]): Generator<string> {
  for (const r of results) yield overview(r);
  for (const { tests, coverage } of results) {
    if (coverage !== null && coverage.missed.length > 0) yield missed(coverage);
    for (const t of tests.filter((t) => isBad(t) || t.outcome === "warning")) {
      yield `### ${t.outcome === "warning" ? "warning: " : ""}\`${t.id}\`\n\n${prose(t.sentence)} _${prose(t.consequence)}_\n`;
      if (t.failures.length === 0) yield `${prose(because(t))}\n`;
      for (const f of t.failures) yield details(f);
    }
    for (const t of tests.filter((t) => t.outcome === "expected-failure")) yield known(t);
  }
}

const HEADING = {
  conforming: "✅ Conforming",
  "not conforming": "❌ Not conforming",
  inconclusive: "❔ Inconclusive",
} as const satisfies Record<RunVerdict, string>;

function overview(r: Result): string {
  const { verdict, reasons, scope, counts } = r.conclusion;
  const lines = [
    `## ${HEADING[verdict]}: ${prose(r.subject)}`,
    "",
    `${r.suite}, profile \`${r.profile}\`, seed ${r.seed}, ${r.level}; ${prose(r.extent)}; ${r.seconds.toFixed(1)} s; fmapspec ${prose(r.version)}`,
    "",
    `**${countsText(counts)}**`,
    "",
    ...[...reasons, scope].map((line) => `- ${prose(line)}`),
    "",
    markdownTable(
      ["rules", "", ...Object.values(COLUMNS), "checks"],
      groupRows(r).map(([group = "", ...cells]) => [prose(group), ...cells]),
      1,
    ),
  ];
  if (r.notes.length > 0) lines.push("", ...r.notes.map((n) => `- ${prose(n)}`));
  return `${lines.join("\n")}\n`;
}

/** Lines of the source in which something was not reached. */
const missed = (coverage: NonNullable<Result["coverage"]>) =>
  [
    "<details><summary>not reached in the source</summary>",
    "",
    ...byReason(coverage)
      .slice(0, MAX_MISSED)
      .map((m) => `- ${prose(missedAt(m))} ${prose(m.text)}: ${prose(missedWhy(m))}`),
    ...(coverage.missed.length > MAX_MISSED ? [`- and ${coverage.missed.length - MAX_MISSED} more`] : []),
    "",
    "</details>",
    "",
  ].join("\n");

const known = (t: TestResult) => `- known: \`${t.id}\` (${prose(because(t))}), ${t.failed} of ${t.checks}\n`;

function details(f: Failure): string {
  const bytes = failureBytes(f, plain);
  const fences = [
    ...(bytes.length === 0 ? [] : [bytes.join("\n")]),
    ...(f.reproduce === "" ? [] : [oneLine(f.reproduce)]),
  ];
  return [prose(failureLine(f)), ...fences.map(fenced), ""].join("\n\n");
}

/** Text in a fence that is longer than any run of backticks in it. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${wellFormed(text)}\n${fence}`;
}

/** Text that means nothing to Markdown, to its tables or to HTML: no list, rule or link begins in it. */
const prose = (text: string): string =>
  oneLine(text).replace(/[&<>\\`*_{}[\]()#+!|~@:.=-]/g, (c) => `&#${c.charCodeAt(0)};`);
