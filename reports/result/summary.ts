import type { RuleOutcome } from "../../suites/index.ts";
import type { Conclusion, Counts, RunVerdict } from "../../suites/run/verdict.ts";
import { oneLine } from "../line.ts";
import type { Paint } from "../terminal/paint.ts";
import { isBad, type Result, type Shown, type TestResult } from "./result.ts";

/** `expected E2BIG, got accepted`: what a failure comes to in one line. */
export const failureLine = (s: Shown): string =>
  `${s.path === null ? "" : `${s.path}: `}${s.kind === "requirement" ? s.actual : `expected ${s.expected}, got ${s.actual}`}${s.flaky === null ? "" : ` (${s.flaky})`}`;

/** Why a test has its outcome, as far as one line says it. */
export function because(t: TestResult): string {
  const first = t.shown[0];
  if (first !== undefined && (isBad(t) || t.outcome === "warning")) return failureLine(first);
  if (t.reason !== null) return t.reason;
  return isBad(t) ? `${t.failed} of ${t.checks} checks failed` : "";
}

/** How many of the tests had each outcome, with the one that is no rule's. */
export function tally({ tests }: Pick<Result, "tests">): Record<TestResult["outcome"], number> {
  const counts = {
    passed: 0,
    failed: 0,
    broken: 0,
    warning: 0,
    "expected-failure": 0,
    "unexpected-pass": 0,
    "not-run": 0,
    "not-applicable": 0,
    inconclusive: 0,
  };
  for (const t of tests) counts[t.outcome]++;
  return counts;
}

/** `40 rules passed, 0 failed, 1 warning...`: the numbers of a run, as every format has them. */
export const countsText = (c: Counts, unit = ""): string =>
  [
    `${c.passed} ${unit === "" ? "" : `${unit} `}passed`,
    `${c.failed} failed`,
    `${c.warnings} ${c.warnings === 1 ? "warning" : "warnings"}`,
    `${c.known} known`,
    `${c.notRun} not run`,
    `${c.notApplicable} not applicable`,
  ].join(", ");

/** What became of the failures that are listed as known: those that fail as listed, and those that do not fail any more. */
export const listedLines = (rules: readonly RuleOutcome[], paint: Paint): string[] =>
  rules.flatMap(({ rule, outcome, reason = "" }) => {
    if (outcome === "expected-failure") return [`${paint("yellow", "KNOWN")} ${rule}, ${oneLine(reason)}`];
    return outcome === "unexpected-pass" ? [`${paint("red", "PASSED")} ${rule}, ${oneLine(reason)}`] : [];
  });

/** `NOT CONFORMING`. */
const verdictWord = (verdict: RunVerdict): string => verdict.toUpperCase();

const COLOUR = { conforming: "green", "not conforming": "red", inconclusive: "yellow" } as const;

/** The verdict in its colour. */
export const paintedVerdict = (verdict: RunVerdict, paint: Paint): string =>
  paint(COLOUR[verdict], verdictWord(verdict));

/** The verdict with its numbers on one line, for formats that have no other place for it. */
export const verdictLine = ({ verdict, counts }: Conclusion): string =>
  `${verdictWord(verdict)}: ${countsText(counts)}`;

/** The end of what a person reads: the verdict with its numbers, why it is no other one, and what was tested. */
export function verdictLines(
  { conclusion, complete }: Pick<Result, "conclusion" | "complete">,
  unit: string,
  paint: Paint,
): string[] {
  const { verdict, reasons, scope, counts } = conclusion;
  const cut = verdict === "not conforming" && !complete ? " as far as the run went" : "";
  return [
    `${paintedVerdict(verdict, paint)}${cut}: ${countsText(counts, unit)}`,
    ...reasons.map(oneLine),
    oneLine(scope),
  ];
}
