import { oneLine } from "../line.ts";
import { allSkipped, type Result, type TestResult } from "../result/result.ts";
import { tally, verdictLine } from "../result/summary.ts";
import { ktapLines, ktapName } from "./ktap.ts";

/** Exit status of a kselftest that was wholly skipped. */
export const KSFT_SKIP = 4;

/** kselftest's dialect of TAP 13: flat, with totals; a run without any test is one skip. */
export function renderKselftest(results: readonly Result[]): string {
  if (allSkipped(results)) return `TAP version 13\n1..0 # SKIP ${whySkipped(results)}\n`;
  const tests = results.flatMap((r) =>
    r.tests.map((t) => ({ t, name: ktapName(`${r.suite}.${r.profile}.${t.id}`) })),
  );
  const lines = ["TAP version 13", `1..${tests.length}`];
  // kselftest has a word for a run without a verdict: it is skipped, and so is its exit status.
  for (const [i, { t, name }] of tests.entries())
    lines.push(...ktapLines(t.outcome === "inconclusive" ? { ...t, outcome: "not-run" } : t, i + 1, name));
  for (const r of results)
    lines.push(`# ${ktapName(`${r.suite}.${r.profile}`)} ${verdictLine(r.conclusion)}`);
  const sum = (...outcomes: TestResult["outcome"][]) =>
    results.reduce((n, r) => n + tally(r, ...outcomes), 0);
  lines.push(
    `# Totals: pass:${sum("passed", "warning")} fail:${sum("failed")} xfail:${sum("expected-failure")} xpass:${sum("unexpected-pass")} skip:${sum("not-run", "not-applicable", "inconclusive")} error:${sum("broken")}`,
  );
  return `${lines.join("\n")}\n`;
}

/** Why nothing could be tested. */
const whySkipped = (results: readonly Result[]): string =>
  oneLine([...new Set(results.flatMap((r) => r.conclusion.reasons))].join("; ").replaceAll("#", ""));
