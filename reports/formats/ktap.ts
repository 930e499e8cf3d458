import { oneLine } from "../line.ts";
import { byGroup, isBad, type Result, type TestResult } from "../result/result.ts";
import { verdictLine } from "../result/summary.ts";
import { ktapLines, ktapName } from "./ktap-line.ts";

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
