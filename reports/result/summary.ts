import { counted } from "../../base/counted.ts";
import { type Conclusion, type Counts, countsOf, type RunVerdict } from "../../suites/run/verdict.ts";
import { oneLine, type Paint } from "../line.ts";
import { byGroup, type Failure, isBad, type Result, rulesOf, type TestResult } from "./result.ts";

/** `expected E2BIG, got accepted`: what a failure comes to in one line. */
export const failureLine = (f: Failure): string =>
  `${f.path === null ? "" : `${f.path}: `}${f.kind === "requirement" ? f.actual : `expected ${f.expected}, got ${f.actual}`}${f.flaky === null ? "" : ` (${f.flaky})`}`;

/** Why a test has its outcome, as far as one line says it. */
export function because(t: TestResult): string {
  const first = t.failures[0];
  if (first !== undefined && (isBad(t) || t.outcome === "warning")) return failureLine(first);
  if (t.reason !== null) return t.reason;
  return isBad(t) ? `${t.failed} of ${counted(t.checks, "check")} failed` : "";
}

/** How many of the tests had one of the outcomes, with the one that is no rule's. */
export const tally = ({ tests }: Pick<Result, "tests">, ...outcomes: TestResult["outcome"][]): number =>
  tests.filter((t) => outcomes.includes(t.outcome)).length;

/** What the columns of numbers are called; `known` and `n/a` have little room. */
export const COLUMNS = {
  passed: "passed",
  failed: "failed",
  warnings: "warnings",
  known: "known",
  notRun: "not run",
  notApplicable: "n/a",
} as const satisfies Record<keyof Counts, string>;

/** A row for each group of rules: its name, how many rules it has, what they came to, and the checks that they decided. */
export const groupRows = (r: Result): string[][] =>
  [...byGroup(rulesOf(r))].map(([group, tests]) => {
    const counts = countsOf(tests);
    const columns = Object.keys(COLUMNS) as (keyof Counts)[];
    const checks = tests.reduce((sum, t) => sum + t.checks, 0);
    return [group, ...[tests.length, ...columns.map((c) => counts[c]), checks].map(String)];
  });

/** `40 rules passed, 0 failed, 1 warning...`: the numbers of a run, as every format has them. */
export const countsText = (c: Counts, noun = ""): string =>
  [
    `${noun === "" ? c.passed : counted(c.passed, noun)} passed`,
    `${c.failed} failed`,
    counted(c.warnings, "warning"),
    `${c.known} known`,
    `${c.notRun} not run`,
    `${c.notApplicable} not applicable`,
  ].join(", ");

/** `NOT CONFORMING`. */
const verdictWord = (verdict: RunVerdict): string => verdict.toUpperCase();

/** The verdict with its numbers on one line, for formats that have no other place for it. */
export const verdictLine = ({ verdict, counts }: Conclusion): string =>
  `${verdictWord(verdict)}: ${countsText(counts)}`;

const COLOUR = { conforming: "green", "not conforming": "red", inconclusive: "yellow" } as const;

/** The end of what a person reads: the verdict with its numbers, why it is no other one, and what was tested. */
export function verdictLines({ conclusion, complete, noun }: Result, paint: Paint): string[] {
  const { verdict, reasons, scope, counts } = conclusion;
  const cut = verdict === "not conforming" && !complete ? " as far as the run went" : "";
  return [
    `${paint(COLOUR[verdict], verdictWord(verdict))}${cut}: ${countsText(counts, noun)}`,
    ...reasons.map(oneLine),
    oneLine(scope),
  ];
}
