import { oneLine } from "../line.ts";
import { isBad, isSkipped, type TestResult } from "../result/result.ts";
import { because } from "../result/summary.ts";

/** A name that kernel CI can track over years: only letters, digits, `_`, `.` and `-`. */
export const ktapName = (text: string): string => text.replaceAll("/", ".").replace(/[^A-Za-z0-9_.-]/g, "-");

/** Kinds of breakdown in which time ran out. */
const LATE: readonly string[] = ["hang", "slow"];

/** A `#` starts a directive wherever it stands: a reason has none. */
const reason = (t: TestResult) => oneLine(because(t).replaceAll("#", ""));

function directive(t: TestResult): string {
  if (t.outcome === "inconclusive") return ` # ERROR ${reason(t)}`;
  if (isSkipped(t)) return ` # SKIP ${reason(t)}`;
  if (t.outcome === "expected-failure") return ` # XFAIL ${reason(t)}`;
  if (t.outcome !== "broken") return "";
  const late = t.failures.length > 0 && t.failures.every((s) => LATE.includes(s.kind));
  return ` # ${late ? "TIMEOUT" : "ERROR"} ${reason(t)}`;
}

/** Diagnostics and the result line of one test, which is the n-th of its plan. */
export function ktapLines(t: TestResult, n: number, name: string): string[] {
  const lines: string[] = [];
  const warns = t.outcome === "warning";
  if (isBad(t) || warns) {
    lines.push(`# ${t.id}: ${warns ? "warning: " : ""}${oneLine(because(t))}`);
    for (const line of new Set(t.failures.map((s) => s.reproduce))) {
      if (line !== "") lines.push(`# reproduce: ${oneLine(line)}`);
    }
  }
  lines.push(`${isBad(t) ? "not ok" : "ok"} ${n} ${name}${directive(t)}`.trimEnd());
  return lines;
}
