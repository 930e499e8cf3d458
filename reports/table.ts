import { type RuleId, ruleGroup } from "../spec/index.ts";
import type { RuleOutcome } from "../suites/index.ts";
import type { Paint } from "./paint.ts";

/** A line for each group of rules: how many there are, passed, failed, were not run or do not apply. */
export function renderTable(rules: readonly RuleOutcome[], unit: string, paint: Paint): string {
  const groups = new Map<string, RuleOutcome[]>();
  for (const r of rules) {
    const group = ruleGroup(r.rule as RuleId);
    groups.set(group, [...(groups.get(group) ?? []), r]);
  }
  const rows = [["rules", "", "passed", "failed", "not run", "n/a", unit]];
  for (const [group, outcomes] of groups) {
    const count = (...which: RuleOutcome["outcome"][]) =>
      String(outcomes.filter((o) => which.includes(o.outcome)).length);
    rows.push([
      group,
      String(outcomes.length),
      count("passed", "unexpected-pass"),
      count("failed", "expected-failure"),
      count("not-run"),
      count("not-applicable"),
      String(outcomes.reduce((n, o) => n + o.messages, 0)),
    ]);
  }
  const widths = (rows[0] as string[]).map((_, i) => Math.max(...rows.map((r) => (r[i] as string).length)));
  return rows
    .map((row, y) => {
      const cells = row.map((cell, x) => {
        const width = widths[x] as number;
        const padded = x === 0 ? cell.padEnd(width) : cell.padStart(width);
        if (y === 0) return paint("dim", padded);
        if (x === 3 && cell !== "0") return paint("red", padded);
        return x === 2 && row[3] === "0" && cell !== "0" ? paint("green", padded) : padded;
      });
      return cells.join("  ").trimEnd();
    })
    .join("\n");
}

/** An outcome for each rule, with the reason or the count behind it. */
export function renderRules(rules: readonly RuleOutcome[], unit: string, paint: Paint): string {
  return rules
    .map((r) => {
      const style = r.outcome === "passed" ? "green" : r.outcome === "failed" ? "red" : "dim";
      return `${paint(style, r.outcome.padEnd(16))} ${r.rule.padEnd(36)} ${r.reason ?? `${r.messages} ${unit}`}`;
    })
    .join("\n");
}
