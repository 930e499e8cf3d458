import { oneLine } from "../line.ts";
import { byGroup, isBad, isSkipped, type Result, type TestResult } from "../result/result.ts";
import { because, verdictLine } from "../result/summary.ts";

const HEAD = "KTAP version 1";

/** KTAP version 1: suite and profile, in it the groups of rules, in these the rules. */
export function renderKtap(results: readonly Result[]): string {
  const lines = [HEAD, `1..${results.length}`];
  for (const [i, r] of results.entries()) {
    const groups = byGroup(r.tests);
    const inner = [HEAD, `1..${groups.size}`];
    let n = 0;
    for (const [group, tests] of groups) {
      inner.push(...indented(rules(tests, group)), parent(tests, ++n, group));
    }
    lines.push(
      ...indented(inner),
      `# ${oneLine(verdictLine(r.conclusion))}`,
      parent(r.tests, i + 1, `${r.suite}.${r.profile}`),
    );
  }
  return `${lines.join("\n")}\n`;
}

const indented = (lines: readonly string[]) => lines.map((line) => `  ${line}`);

const rules = (tests: readonly TestResult[], group: string) => [
  HEAD,
  `1..${tests.length}`,
  ...tests.flatMap((t, i) => ktapLines(t, i + 1, ktapName(t.id.slice(group.length + 1)))),
];

/** A parent fails if one of its children does. */
const parent = (tests: readonly TestResult[], n: number, name: string) =>
  `${tests.some(isBad) ? "not ok" : "ok"} ${n} ${ktapName(name)}`;

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
