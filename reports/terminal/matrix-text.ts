import { counted } from "../../base/counted.ts";
import type { Matrix, MatrixRow } from "../../suites/index.ts";
import type { Paint } from "../line.ts";
import { markdownCell, markdownTable, textTable } from "./blocks.ts";

/** Whether a row's cells are not all the same. */
export const differs = ({ cells }: MatrixRow): boolean => new Set(cells).size > 1;

/** Whether the row's i-th profile differs from the one before. */
export const turns = ({ cells }: MatrixRow, i: number): boolean => i > 0 && cells[i] !== cells[i - 1];

/** The bytes of a row's message, and how many messages the row stands for: `56 bytes, 3 alike`. */
export const sizeText = ({ message = "", alike = 1 }: MatrixRow): string =>
  `${counted(message.length / 2, "byte")}${alike > 1 ? `, ${alike} alike` : ""}`;

const title = (row: MatrixRow): string =>
  row.message === undefined ? row.name : `${row.name} (${sizeText(row)})`;

/** The matrix as a table: a star where a row's profiles differ, and what each profile's kernel makes of a daemon. */
export function renderMatrix(matrix: Matrix, paint: Paint): string {
  const head = ["", matrix.of === "daemon" ? "requirement" : "message", ...matrix.profiles];
  const rows = matrix.rows.map((row) => [differs(row) ? "*" : "", title(row), ...row.cells]);
  const table = textTable([head, ...rows], paint, (x, row) => {
    const cell = row[x] as string;
    if (x < 2) return null;
    return cell === "accept" || cell === "passed" ? "green" : cell === "failed" ? "red" : "yellow";
  });
  const conclusions = (matrix.conclusions ?? []).map(
    (c, i) => `${matrix.profiles[i]}: ${inAll(matrix, c, i, paint)}`,
  );
  return `${[table, ...(conclusions.length > 0 ? [conclusions.join("\n")] : [])].join("\n\n")}\n`;
}

/** What the i-th profile's kernel makes of a daemon. */
function inAll({ verdicts }: Matrix, conclusion: string, i: number, paint: Paint): string {
  if (verdicts?.[i] === "inconclusive") return paint("yellow", `inconclusive: ${conclusion}`);
  return verdicts?.[i] === "conforming" ? paint("green", conclusion) : paint("red", `breaks ${conclusion}`);
}

/** The matrix as a table of Markdown, cells that differ from the one before in bold. */
export function renderMatrixPage(matrix: Matrix): string {
  const marked = (row: MatrixRow) => row.cells.map((c, i) => (turns(row, i) ? `**${c}**` : c));
  const rows = matrix.rows.map((row) => [markdownCell(title(row)), ...marked(row)]);
  const conclusions = matrix.conclusions === undefined ? [] : [["**in all**", ...matrix.conclusions]];
  return `${markdownTable(["", ...matrix.profiles], [...rows, ...conclusions])}\n`;
}
