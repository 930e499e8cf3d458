import { isBad, type Result, type TestResult } from "../result/result.ts";
import { type Html, html, when } from "./escape.ts";
import { anchor, CALLED } from "./rules.ts";

/** Rows that are listed one by one; more of them nobody reads. */
const MAX_ROWS = 300;

/** A requirement with what each run of the page found of it; undefined: it is none of that run's profile. */
interface Row {
  readonly id: string;
  readonly cells: readonly (TestResult | undefined)[];
}

const outcomes = ({ cells }: Row) => new Set(cells.map((t) => t?.outcome));

/** What is worth a row of its own: something failed, or the runs do not agree. */
const isTelling = (row: Row): boolean =>
  outcomes(row).size > 1 || row.cells.some((t) => t !== undefined && isBad(t));

/** Requirements by profile, for a page of several runs: those that fail or differ, then those that are the same in all. */
export function profileMatrixHtml(results: readonly Result[]): Html {
  if (results.length < 2) return html``;
  const found = results.map((r) => new Map(r.tests.map((t) => [t.id, t])));
  const ids = new Set(results.flatMap((r) => r.tests.map((t) => t.id)));
  const rows = [...ids].map((id): Row => ({ id, cells: found.map((tests) => tests.get(id)) }));
  const telling = rows.filter(isTelling);
  const alike = rows.filter((row) => !isTelling(row));
  return html`<section class="by-profile"><h3>requirements by profile</h3>${when(telling.length > 0, () => table(results, telling))}
<details><summary>${alike.length} ${telling.length > 0 ? "more are the same" : "are the same"} in all of them</summary>${table(results, alike)}</details></section>`;
}

const table = (results: readonly Result[], rows: readonly Row[]): Html =>
  html`<div class="scroll" tabindex="0"><table><thead><tr><th scope="col">requirement</th>${results.map((r) => html`<th scope="col">${r.profile}</th>`)}</tr></thead><tbody>${rows
    .slice(0, MAX_ROWS)
    .map(
      ({ id, cells }) =>
        html`<tr><th scope="row"><code>${id}</code></th>${cells.map((t, i) => cell(results[i] as Result, t))}</tr>
`,
    )}</tbody></table></div>${when(rows.length > MAX_ROWS, () => html`<p class="dim">and ${rows.length - MAX_ROWS} more</p>`)}`;

const cell = (r: Result, t: TestResult | undefined): Html =>
  t === undefined
    ? html`<td class="dim">no such rule</td>`
    : html`<td class="${t.outcome}"><a class="o" href="#${anchor(r, t)}">${CALLED[t.outcome]}</a></td>`;
