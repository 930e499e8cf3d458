import { ktapLines, ktapName } from "./ktap-line.ts";
import { oneLine } from "./line.ts";
import { allSkipped, isSkipped, type Result } from "./result.ts";
import { tally } from "./summary.ts";

/** Exit status of a kselftest that was wholly skipped. */
export const KSFT_SKIP = 4;

/** kselftest's dialect of TAP 13: flat, with totals; a run without any test is one skip. */
export function renderKselftest(results: readonly Result[]): string {
  if (allSkipped(results)) return `TAP version 13\n1..0 # SKIP ${whySkipped(results)}\n`;
  const tests = results.flatMap((r) =>
    r.tests.map((t) => ({ t, name: ktapName(`${r.suite}.${r.profile}.${t.id}`) })),
  );
  const lines = ["TAP version 13", `1..${tests.length}`];
  for (const [i, { t, name }] of tests.entries()) lines.push(...ktapLines(t, i + 1, name));
  const counts = results.map(tally);
  const sum = (...outcomes: (keyof (typeof counts)[number])[]) =>
    counts.reduce((n, c) => n + outcomes.reduce((m, o) => m + c[o], 0), 0);
  lines.push(
    `# Totals: pass:${sum("passed")} fail:${sum("failed")} xfail:${sum("expected-failure")} xpass:${sum("unexpected-pass")} skip:${sum("not-run", "not-applicable")} error:${sum("broken")}`,
  );
  return `${lines.join("\n")}\n`;
}

/** The one reason of all tests, where there is one; that a hazard did not show goes without saying. */
function whySkipped(results: readonly Result[]): string {
  const reasons = new Set(
    results.flatMap((r) => r.tests.filter((t) => isSkipped(t) && t.group !== "hazard").map((t) => t.reason)),
  );
  const [only] = reasons;
  return reasons.size === 1 && only
    ? oneLine(only.replaceAll("#", ""))
    : "nothing of this subject could be tested";
}
