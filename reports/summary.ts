import { isBad, type Result, type Shown, type TestResult } from "./result.ts";

/** `expected E2BIG, got accepted`: what a failure comes to in one line. */
export const failureLine = (s: Shown): string =>
  `${s.path === null ? "" : `${s.path}: `}${s.kind === "requirement" ? s.actual : `expected ${s.expected}, got ${s.actual}`}${s.flaky === null ? "" : ` (${s.flaky})`}`;

/** Why a test has its outcome, as far as one line says it. */
export function because(t: TestResult): string {
  const first = t.shown[0];
  if (first !== undefined && isBad(t)) return failureLine(first);
  if (t.reason !== null) return t.reason;
  return isBad(t) ? `${t.failed} of ${t.checks} checks failed` : "";
}

/** How many tests had each outcome. */
export function tally(r: Result): Record<TestResult["outcome"], number> {
  const counts = {
    passed: 0,
    failed: 0,
    broken: 0,
    warning: 0,
    "expected-failure": 0,
    "unexpected-pass": 0,
    "not-run": 0,
    "not-applicable": 0,
  };
  for (const t of r.tests) counts[t.outcome]++;
  return counts;
}
