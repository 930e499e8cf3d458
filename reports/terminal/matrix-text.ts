import type { Matrix, MatrixRow } from "../../suites/index.ts";
import { differs, turns } from "./matrix-row.ts";
import type { Paint } from "./paint.ts";

/** How a row is called: its name, and how many messages it stands for. */
const title = ({ name, message, alike }: MatrixRow): string =>
  message === undefined
    ? name
    : `${name} (${message.length / 2} bytes${alike === undefined || alike === 1 ? "" : `, ${alike} alike`})`;

/** The matrix as a table: a star where a row's profiles differ, and what each profile's kernel makes of a daemon. */
export function renderMatrix(matrix: Matrix, paint: Paint): string {
  const rows = matrix.rows.map((row) => [differs(row) ? "*" : "", title(row), ...row.cells]);
  const table = [["", matrix.of === "daemon" ? "requirement" : "message", ...matrix.profiles], ...rows];
  const widths = (table[0] as string[]).map((_, x) => Math.max(...table.map((r) => (r[x] as string).length)));
  const lines = table.map((row, y) =>
    row
      .map((text, x) => {
        const padded = text.padEnd(widths[x] as number);
        if (y === 0) return paint("dim", padded);
        if (x < 2) return padded;
        return good(text) ? paint("green", padded) : paint(text === "failed" ? "red" : "yellow", padded);
      })
      .join("  ")
      .trimEnd(),
  );
  const conclusions = (matrix.conclusions ?? []).map(
    (c, i) => `${matrix.profiles[i]}: ${inAll(matrix, c, i, paint)}`,
  );
  return `${[lines.join("\n"), ...(conclusions.length > 0 ? [conclusions.join("\n")] : [])].join("\n\n")}\n`;
}

/** What the i-th profile's kernel makes of a daemon. */
function inAll({ verdicts }: Matrix, conclusion: string, i: number, paint: Paint): string {
  if (verdicts?.[i] === "inconclusive") return paint("yellow", `inconclusive: ${conclusion}`);
  return verdicts?.[i] === "conforming" ? paint("green", conclusion) : paint("red", `breaks ${conclusion}`);
}

const good = (text: string) => text === "accept" || text === "passed";

/** The matrix as a table of Markdown, cells that differ from the one before in bold. */
export function renderMatrixPage(matrix: Matrix): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const marked = (row: MatrixRow) => row.cells.map((c, i) => (turns(row, i) ? `**${c}**` : c));
  const rows = matrix.rows.map((row) => line([title(row).replaceAll("|", "\\|"), ...marked(row)]));
  const conclusions = matrix.conclusions === undefined ? [] : [line(["**in all**", ...matrix.conclusions])];
  return `${[line(["", ...matrix.profiles]), line(["---", ...matrix.profiles.map(() => "---")]), ...rows, ...conclusions].join("\n")}\n`;
}
