import type { Matrix, MatrixRow } from "../../suites/index.ts";
import { differs, sizeText, turns } from "../terminal/matrix-text.ts";
import { type Html, html, when } from "./escape.ts";
import { frame } from "./frame.ts";

const STYLE = `
.matrix{overflow-x:auto;border:1px solid var(--line);border-radius:.625rem;background:var(--card);margin-top:.75rem}
table{border-collapse:collapse;width:100%;font-size:.875rem}
th,td{padding:.4rem .75rem;text-align:left;white-space:nowrap;border-top:1px solid var(--line)}
thead th{border-top:0;color:var(--dim);font-weight:600;position:sticky;top:0;background:var(--card)}
tbody th{font-weight:400;white-space:normal;min-width:14rem;overflow-wrap:anywhere}
td.ok{color:var(--ok)}td.no{color:var(--bad)}td.open{color:var(--known)}td.none{color:var(--dim)}
td.turn{box-shadow:inset 3px 0 0 var(--bad)}
tr.same{color:var(--dim)}tfoot td,tfoot th{font-weight:600;white-space:normal}
.only .same{display:none}
details code{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.75rem}
`;

const SCRIPT = `
"use strict";
(() => {
  const only = document.getElementById("only");
  const table = document.querySelector("table");
  only.addEventListener("click", () => {
    only.setAttribute("aria-pressed", String(table.classList.toggle("only")));
  });
})();
`.trim();

/** The look of a cell: taken or fulfilled, refused or broken, not settled, or not there. */
const look = (cell: string): string => {
  if (["accept", "passed", "conforming"].includes(cell)) return "ok";
  if (cell === "unspecified") return "open";
  return cell.startsWith("not-") ? "none" : "no";
};

/** The matrix as one page without a network; a mark stands where a profile differs from the one before. */
export function renderMatrixHtml(matrix: Matrix): string {
  const { profiles, rows, conclusions } = matrix;
  const differing = rows.filter(differs).length;
  const title = matrix.of === "daemon" ? "One daemon, every kernel" : "One message, every kernel";
  return frame({
    title,
    version: matrix.fmapspec,
    body: html`<h1>${title}</h1>
<p class="facts">${rows.length} ${matrix.of === "daemon" ? "requirements" : "messages"} before ${profiles.length} kernel revisions; ${differing} differ</p>
<div class="tools"><button type="button" id="only" aria-pressed="false">Only what differs</button></div>
<div class="matrix" tabindex="0" role="region" aria-label="matrix"><table>
<thead><tr><th scope="col">${matrix.of === "daemon" ? "requirement" : "message"}</th>${profiles.map((p) => html`<th scope="col">${p}</th>`)}</tr></thead>
<tbody>${rows.map(rowHtml)}</tbody>
${when(conclusions !== undefined, () => html`<tfoot><tr><th scope="row">in all</th>${(conclusions ?? []).map((c) => html`<td class="${look(c)}">${c}</td>`)}</tr></tfoot>`)}
</table></div>`,
    footer: html`A bar at the left of a cell: it differs from the revision before.`,
    style: STYLE,
    script: SCRIPT,
  });
}

const rowHtml = (row: MatrixRow): Html =>
  html`<tr class="${differs(row) ? "differs" : "same"}"><th scope="row">${row.name}${when(row.message !== undefined, () => bytesHtml(row))}</th>${row.cells.map((c, i) => html`<td class="${look(c)}${turns(row, i) ? " turn" : ""}">${c}</td>`)}</tr>
`;

const bytesHtml = (row: MatrixRow): Html =>
  html`<details><summary>${sizeText(row)}</summary><code>${row.message ?? ""}</code></details>`;
