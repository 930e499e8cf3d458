import type { Figure } from "../part.ts";
import { goalText, rounded } from "../table.ts";

const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;

export const tableOf = (
  head: readonly string[],
  rule: readonly string[],
  rows: readonly (readonly string[])[],
): string => [head, rule, ...rows].map(row).join("\n");

/** The words of an id behind the part's name: what was measured, and which number of it. */
function words({ id }: Figure): [subject: string, measure: string] {
  const [, subject = "", measure = ""] = id.split("/");
  return [subject, measure];
}

const unique = <T>(all: readonly T[]): T[] => [...new Set(all)];

/**
 * The figures with what was measured down the side and its numbers across. What has only one number, and shares it with
 * nobody, has a table of its own; it comes last.
 */
export function matrices(figures: readonly Figure[]): string[] {
  const single = (f: Figure) => words(f)[1] === "";
  const [across, alone] = [figures.filter((f) => !single(f)), figures.filter(single)];
  const cell = (f: Figure | undefined) => (f === undefined ? "" : `${rounded(f.value)} ${f.unit}`.trim());
  const subjects = unique(across.map((f) => words(f)[0]));
  const measures = unique(across.map((f) => words(f)[1]));
  const found = (subject: string, measure: string) =>
    across.find((f) => words(f)[0] === subject && words(f)[1] === measure);
  const rule = (n: number) => ["---", ...Array<string>(n).fill("--:")];
  const matrix = tableOf(
    ["", ...measures],
    rule(measures.length),
    subjects.map((subject) => [subject, ...measures.map((measure) => cell(found(subject, measure)))]),
  );
  const list = tableOf(
    ["", ""],
    rule(1),
    alone.map((f) => [words(f)[0], cell(f)]),
  );
  return [...(across.length > 0 ? [matrix] : []), ...(alone.length > 0 ? [list] : [])];
}

/** What each figure with a goal comes to. */
export function goals(name: string, figures: readonly Figure[]): string[] {
  const rows = figures
    .filter((f) => f.goal !== undefined)
    .map((f) => [f.id.replace(`${name}/`, "").replace("/", ": "), rounded(f.value), goalText(f)]);
  return rows.length === 0 ? [] : [tableOf(["goal", "measured", ""], ["---", "--:", "---"], rows)];
}
