import { type Figure, isMet } from "./part.ts";
import type { PartResults } from "./results.ts";

/** Three digits that count, and no more than a person reads. */
export function rounded(value: number): string {
  if (Math.abs(value) >= 10_000) return Math.round(value).toLocaleString("en-US");
  return String(Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
}

/** The goal, and by how much it is met or missed. */
export function goalText(figure: Figure): string {
  const { goal, value } = figure;
  if (goal === undefined) return "";
  const [word, limit] = "atMost" in goal ? ["at most", goal.atMost] : ["at least", goal.atLeast];
  const apart = Math.abs(value - limit);
  const part = limit === 0 ? rounded(apart) : `${rounded((100 * apart) / limit)} %`;
  return `${word} ${rounded(limit)}: ${isMet(figure) ? "met" : "MISSED"}${apart === 0 ? "" : ` by ${part}`}`;
}

/** A part's figures for a terminal. */
export function table(name: string, { figures, notes, at, load, scheduling }: PartResults): string {
  const rows = figures.map((f) => [
    f.id.replace(`${name}/`, ""),
    `${rounded(f.value)} ${f.unit}`,
    f.median === undefined ? "" : `(median ${rounded(f.median)})`,
    goalText(f),
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => (row[column] as string).length)));
  const lines = rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd(),
  );
  const more = notes.map((note) => `  note: ${note}\n`).join("");
  return `\n${name} (${at.slice(0, 16)}, load ${load}, scheduling ${scheduling})\n${lines.join("\n")}\n${more}`;
}
