import { counted } from "../../base/counted.ts";
import { isRobustness } from "../../spec/index.ts";
import { oneLine, type Paint, plain } from "../line.ts";
import { byReason, missedAt, missedWhy } from "../result/coverage.ts";
import { isBad, type Result, type RuleTest, rulesOf, type TestResult } from "../result/result.ts";
import { because, COLUMNS, failureLine, groupRows, verdictLines } from "../result/summary.ts";
import { paragraphs, textTable, titled } from "./blocks.ts";
import { failureBlocks } from "./failure-text.ts";

/** What a person reads at the end of a run, whatever was run: a table, each failure with its bytes, the verdict. */
export function renderText(r: Result, paint: Paint = plain, verbose = false): string {
  const rules = rulesOf(r);
  // What no kernel sends is a line each: it fails no run, and a reader looks for what does.
  const [beyond, kernels] = [rules.filter(isBeyond), rules.filter((t) => !isBeyond(t))];
  const missed = r.boundaries?.missed ?? [];
  return paragraphs([
    [oneLine(r.title)],
    [groupTable(r, paint)],
    verbose ? rules.map((t) => ruleLine(t, r.unit, paint)) : [],
    verbose && missed.length > 0 ? [`boundaries not hit: ${missed.join("; ")}`] : [],
    defectLines(rules.filter(isDefect), r, paint),
    titled(
      "warnings about requests that no kernel sends; they fail no run",
      beyond.flatMap(warningLines),
      paint,
    ),
    ...failureBlocks(kernels.filter(hasFailed), paint).map((block) => [block]),
    r.notes.map((n) => `note: ${oneLine(n)}`),
    missedLines(r, verbose, paint),
    [
      ...rules.filter((t) => !isDefect(t)).flatMap((t) => listedLine(t, paint)),
      ...verdictLines(r, paint),
      `${r.extent}; ${r.seconds.toFixed(1)} s`,
    ],
    titled("reproduce", reproduceLines(rules), paint),
  ]);
}

const hasFailed = (t: TestResult) =>
  t.outcome === "failed" || t.outcome === "broken" || t.outcome === "warning";

const isBeyond = (t: TestResult) => isRobustness(t.id) && t.outcome === "warning";

/** Whether it is a defect that the revision is known for, and that the run observed. */
const isDefect = (t: TestResult) =>
  t.outcome === "expected-failure" && t.failures.some((f) => f.kind === "finding");

/** A line for each group of rules: how many there are, and what they came to. */
function groupTable(r: Result, paint: Paint): string {
  const head = ["rules", "", ...Object.values(COLUMNS), `${r.unit}s`];
  const [passed, failed] = [head.indexOf(COLUMNS.passed), head.indexOf(COLUMNS.failed)];
  const style = (x: number, row: readonly string[]) => {
    if (x === failed && row[x] !== "0") return "red";
    return x === passed && row[failed] === "0" && row[x] !== "0" ? "green" : null;
  };
  return textTable([head, ...groupRows(r)], paint, style, 1);
}

/** The outcome of a rule, with the reason or the count behind it. */
function ruleLine(t: RuleTest, unit: string, paint: Paint): string {
  const style = isBad(t) ? "red" : t.outcome === "passed" ? "green" : "dim";
  const why = t.reason === null ? counted(t.checks, unit) : oneLine(t.reason);
  return `${paint(style, t.outcome.padEnd(16))} ${t.id.padEnd(36)} ${why}`;
}

/** What the revision is known for and the run observed: what it does, and the smallest message that shows it. */
const defectLines = (defects: readonly RuleTest[], { profile }: Result, paint: Paint): string[] =>
  titled(
    `${counted(defects.length, "known defect")} of ${profile} ${defects.length === 1 ? "was" : "were"} observed`,
    defects.flatMap((t) =>
      [...new Map(t.failures.map((f) => [f.actual, f])).values()].map((f) => {
        const count = f.messages === null ? "" : ` (${counted(f.messages, "message")})`;
        const stored =
          f.message === null || f.stored === null
            ? ""
            : `\n  smallest message, ${counted(f.message.length / 2, "byte")}: ${f.stored}`;
        return `${paint("yellow", t.id)}: ${oneLine(f.actual)}${count}\n  ${t.consequence}${stored}`;
      }),
    ),
    paint,
  );

/** A failure that is listed as known, or one that is listed and does not fail any more. */
function listedLine({ id, outcome, reason }: TestResult, paint: Paint): string[] {
  if (outcome === "expected-failure") return [`${paint("yellow", "KNOWN")} ${id}, ${oneLine(reason ?? "")}`];
  return outcome === "unexpected-pass" ? [`${paint("red", "PASSED")} ${id}, ${oneLine(reason ?? "")}`] : [];
}

const warningLines = (t: TestResult): string[] => {
  const lines = t.failures.length === 0 ? [because(t)] : t.failures.map(failureLine);
  return [...new Set(lines)].map((line) => `${t.id}: ${oneLine(line)}`);
};

const reproduceLines = (tests: readonly TestResult[]): string[] => {
  const lines = tests.filter(hasFailed).flatMap((t) => t.failures.map((f) => oneLine(f.reproduce)));
  return [...new Set(lines)].filter((line) => line !== "");
};

/** Lines of the source that are listed where nobody asked for more. */
const MAX_MISSED = 20;

/** Where something of the source was not reached; how much was is part of what was done. */
function missedLines({ coverage }: Result, verbose: boolean, paint: Paint): string[] {
  const missed = coverage === null ? [] : byReason(coverage);
  const listed = verbose ? missed : missed.slice(0, MAX_MISSED);
  return titled(
    "not reached in the source",
    [
      ...listed.map((m) => `${missedAt(m)}  ${m.text}\n  ${missedWhy(m)}`),
      ...(missed.length > listed.length ? [`and ${missed.length - listed.length} more: -v lists them`] : []),
    ],
    paint,
  );
}
