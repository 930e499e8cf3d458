import { isBad, type Result } from "../result.ts";
import { because, tally } from "../summary.ts";
import { boundariesHtml } from "./boundaries.ts";
import { coverageHtml } from "./coverage.ts";
import { type Html, html, when } from "./escape.ts";
import { frame } from "./frame.ts";
import { profileMatrixHtml } from "./profile-matrix.ts";
import { anchor, type Budget, bareSize, rulesHtml } from "./rules.ts";
import { SCRIPT } from "./script.ts";

/** Bytes of one page's rules and failures: with the rest it stays below 2 MB, which a browser and a mail both take. */
const ROOM = 1_900_000;

/** One page without a network: verdicts, rules with filter and search, failures with bytes and maps, what was generated. */
export function renderHtml(results: readonly Result[]): string {
  const bare = results.reduce((n, r) => n + bareSize(r), 0);
  const matrix = profileMatrixHtml(results);
  const budget: Budget = { left: ROOM - bare - Buffer.byteLength(matrix.html), omitted: 0 };
  const bad = results.some((r) => r.tests.some(isBad));
  const runs = results.map((r) => runHtml(r, budget));
  const verdict = bad ? "Not conforming" : "Conforming";
  return frame({
    title: `${verdict}: ${[...new Set(results.map((r) => r.subject))].join(", ")}`,
    version: results[0]?.version ?? "",
    body: html`<h1 class="verdict ${bad ? "bad" : "good"}">${verdict}</h1>
${results.map((r) => summaryHtml(r, results.length <= MAX_LISTS))}
${matrix}
<div class="tools" role="search"><input id="search" type="search" placeholder="Search rules, reasons, bytes" aria-label="Search" autocomplete="off"><span class="filters" role="group" aria-label="Show only">${FILTERS.map((f) => filterHtml(f, results))}</span><span id="shown" class="shown" role="status"></span></div>
${runs}
${when(budget.omitted > 0, () => html`<p class="dim">${budget.omitted} more failures had no room here: the stored report has them.</p>`)}`,
    footer: results.map((r) => html`<div>${r.suite}, ${r.profile}: ${r.stored}</div>`),
    script: SCRIPT,
  });
}

/** The filters, each of the outcomes that a reader takes for one. */
const FILTERS = [
  { name: "failed", style: "f-bad", outcomes: ["failed", "broken", "unexpected-pass"] },
  { name: "known", style: "f-known", outcomes: ["expected-failure"] },
  { name: "passed", style: "f-passed", outcomes: ["passed"] },
  { name: "left out", style: "f-left", outcomes: ["not-run", "not-applicable"] },
] as const;

type Filter = (typeof FILTERS)[number];

const counted = ({ outcomes }: Filter, r: Result) => outcomes.reduce((n, o) => n + tally(r)[o], 0);

const filterHtml = (f: Filter, results: readonly Result[]) =>
  html`<button type="button" aria-pressed="false" value="${f.outcomes.join(" ")}">${results.reduce((n, r) => n + counted(f, r), 0)} ${f.name}</button>`;

/** Of more runs than this the matrix alone has the links. */
const MAX_LISTS = 2;

/** Failing rules that have a link at the top, and characters of what is said there. */
const MAX_LINKS = 25;
const MAX_REASON = 160;

const clipped = (text: string) => (text.length > MAX_REASON ? `${text.slice(0, MAX_REASON)}…` : text);

function summaryHtml(r: Result, listed: boolean): Html {
  let x = 0;
  const bars = FILTERS.map((f) => {
    const width = (counted(f, r) / r.tests.length) * 100;
    const bar = html`<rect class="${f.style}" x="${x}" width="${width}" height="1"/>`;
    x += width;
    return bar;
  });
  const failing = r.tests.filter(isBad);
  const label = FILTERS.map((f) => `${counted(f, r)} ${f.name}`).join(", ");
  return html`<p class="facts"><span class="${failing.length > 0 ? "bad" : "good"}">${failing.length > 0 ? "✗" : "✓"}</span> <strong>${r.subject}</strong></p>
<p class="facts">${r.suite} suite, profile ${r.profile}, seed ${r.seed}, ${r.level}${r.complete ? "" : ", cut short"}; ${r.extent}; ${r.seconds.toFixed(1)} s</p>
<svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" role="img" aria-label="${label}">${bars}</svg>
${when(listed && failing.length > 0, () => html`<ul class="failing">${failing.slice(0, MAX_LINKS).map((t) => html`<li><a href="#${anchor(r, t)}">${t.id}</a> <span class="dim">${clipped(because(t))}</span></li>`)}${when(failing.length > MAX_LINKS, () => html`<li class="dim">and ${failing.length - MAX_LINKS} more</li>`)}</ul>`)}`;
}

const runHtml = (r: Result, budget: Budget): Html =>
  html`<section><h2>${r.suite}, ${r.profile}</h2>
${rulesHtml(r, budget)}${boundariesHtml(r)}${coverageHtml(r)}${when(
  r.notes.length > 0,
  () =>
    html`<section><h3>notes</h3><ul class="notes">${r.notes.map((n) => html`<li>${n}</li>`)}</ul></section>`,
)}</section>
`;
