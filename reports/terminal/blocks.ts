/** Paragraphs, titled lists and tables, which texts for a person are made of. */
import type { Paint } from "../line.ts";

type Style = Parameters<Paint>[0];

/**
 * Columns as wide as their widest cell; the first row is the heading. `numbers`: the column from which on cells stand at
 * the right. `style`: how a cell of the others looks.
 */
export function textTable(
  rows: readonly (readonly string[])[],
  paint: Paint,
  style: (x: number, row: readonly string[]) => Style | null,
  numbers = Number.POSITIVE_INFINITY,
): string {
  const widths = rows[0]?.map((_, x) => Math.max(...rows.map((r) => (r[x] as string).length))) ?? [];
  const line = (row: readonly string[], y: number) =>
    row.map((cell, x) => {
      const width = widths[x] as number;
      const padded = x < numbers ? cell.padEnd(width) : cell.padStart(width);
      const painted = y === 0 ? "dim" : style(x, row);
      return painted === null ? padded : paint(painted, padded);
    });
  return rows.map((row, y) => line(row, y).join("  ").trimEnd()).join("\n");
}

/** A table of Markdown. The cells are Markdown already; `numbers`: the column from which on they stand at the right. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbers = Number.POSITIVE_INFINITY,
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, x) => (x < numbers ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

/** The text as a cell of a table of Markdown. */
export const markdownCell = (text: string): string => text.replaceAll("|", "\\|");

/** Paragraphs with a blank line between them; one without lines is left out. */
export const paragraphs = (parts: readonly (readonly string[])[]): string =>
  `${parts.flatMap((lines) => (lines.length === 0 ? [] : [lines.join("\n")])).join("\n\n")}\n`;

/** A title over its lines; nothing where there are none. */
export const titled = (title: string, lines: readonly string[], paint: Paint): string[] =>
  lines.length === 0 ? [] : [paint("bold", title), ...lines.map(indented)];

/** The text with each of its lines two columns to the right. */
export const indented = (text: string): string => text.replace(/^/gm, "  ");
