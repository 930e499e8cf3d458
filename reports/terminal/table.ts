import { type Counts, countedAs, countsOf, type Judged } from "../../suites/run/verdict.ts";
import { oneLine } from "../line.ts";
import type { Paint } from "./paint.ts";

/** The columns of numbers, which add up to the numbers under the table. */
const COLUMNS = {
  passed: "passed",
  failed: "failed",
  warnings: "warnings",
  known: "known",
  notRun: "not run",
  notApplicable: "n/a",
} as const satisfies Record<keyof Counts, string>;

const FAILED = 2 + Object.keys(COLUMNS).indexOf("failed");
const PASSED = 2 + Object.keys(COLUMNS).indexOf("passed");

/** A line for each group of rules: how many there are, and what they came to. */
export function renderTable(judged: readonly Judged[], unit: string, paint: Paint): string {
  const groups = new Map<string, Judged[]>();
  for (const j of judged) groups.set(j.group, [...(groups.get(j.group) ?? []), j]);
  const rows = [["rules", "", ...Object.values(COLUMNS), unit]];
  for (const [group, of] of groups) {
    const counts = countsOf(of);
    rows.push([
      group,
      String(of.length),
      ...Object.keys(COLUMNS).map((column) => String(counts[column as keyof Counts])),
      String(of.reduce((n, { checks }) => n + checks, 0)),
    ]);
  }
  const widths = (rows[0] as string[]).map((_, i) => Math.max(...rows.map((r) => (r[i] as string).length)));
  return rows
    .map((row, y) => {
      const cells = row.map((cell, x) => {
        const width = widths[x] as number;
        const padded = x === 0 ? cell.padEnd(width) : cell.padStart(width);
        if (y === 0) return paint("dim", padded);
        if (x === FAILED && cell !== "0") return paint("red", padded);
        return x === PASSED && row[FAILED] === "0" && cell !== "0" ? paint("green", padded) : padded;
      });
      return cells.join("  ").trimEnd();
    })
    .join("\n");
}

/** An outcome for each rule, with the reason or the count behind it. */
export function renderRules(judged: readonly Judged[], unit: string, paint: Paint): string {
  return judged
    .map(({ id, outcome, reason, checks }) => {
      const counted = countedAs(outcome);
      const style = counted === "passed" ? "green" : counted === "failed" ? "red" : "dim";
      return `${paint(style, outcome.padEnd(16))} ${id.padEnd(36)} ${reason === null ? `${checks} ${unit}` : oneLine(reason)}`;
    })
    .join("\n");
}
