import { counted } from "../../base/counted.ts";
import { type RunVerdict, worstOf } from "../../suites/run/verdict.ts";
import { isBad, type Result, rulesOf } from "../result/result.ts";
import { because, countsText } from "../result/summary.ts";
import { type Html, html, when } from "./escape.ts";
import { boundariesHtml, coverageHtml } from "./extent.ts";
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
  const worst = worstOf(results.map((r) => r.conclusion.verdict));
  const runs = results.map((r) => runHtml(r, budget));
  const { word, style } = VERDICTS[worst];
  return frame({
    title: `${word}: ${[...new Set(results.map((r) => r.subject))].join(", ")}`,
    version: results[0]?.version ?? "",
    body: html`<h1 class="verdict ${style}">${word}</h1>
${results.map((r) => summaryHtml(r, results.length <= MAX_LISTS))}
${matrix}
<div class="tools" role="search"><input id="search" type="search" placeholder="Search rules, reasons, bytes" aria-label="Search" autocomplete="off"><span class="filters" role="group" aria-label="Show only">${FILTERS.map((f) => filterHtml(f, results))}</span><span id="count" class="count" role="status"></span></div>
${runs}
${when(budget.omitted > 0, () => html`<p class="dim">${counted(budget.omitted, "more failure")} had no room here: the stored report has them.</p>`)}`,
    footer: results.map((r) => html`<div>${r.suite}, ${r.profile}: ${r.stored}</div>`),
    script: SCRIPT,
  });
}

/** How a verdict is displayed. */
const VERDICTS = {
  conforming: { word: "Conforming", style: "good", mark: "✓" },
  "not conforming": { word: "Not conforming", style: "bad", mark: "✗" },
  inconclusive: { word: "Inconclusive", style: "open", mark: "?" },
} as const satisfies Record<RunVerdict, object>;

/** The filters, one for each number of a run. */
const FILTERS = [
  {
    name: "failed",
    style: "f-bad",
    counts: "failed",
    outcomes: ["failed", "broken", "unexpected-pass", "inconclusive"],
  },
  { name: "warnings", style: "f-warn", counts: "warnings", outcomes: ["warning"] },
  { name: "known", style: "f-known", counts: "known", outcomes: ["expected-failure"] },
  { name: "passed", style: "f-passed", counts: "passed", outcomes: ["passed"] },
  { name: "not run", style: "f-left", counts: "notRun", outcomes: ["not-run"] },
  { name: "not applicable", style: "f-left", counts: "notApplicable", outcomes: ["not-applicable"] },
] as const;

type Filter = (typeof FILTERS)[number];

const countOf = ({ counts }: Filter, r: Result) => r.conclusion.counts[counts];

const filterHtml = (f: Filter, results: readonly Result[]) =>
  html`<button type="button" aria-pressed="false" value="${f.outcomes.join(" ")}">${results.reduce((n, r) => n + countOf(f, r), 0)} ${f.name}</button>`;

/** Of more runs than this the matrix alone has the links. */
const MAX_LISTS = 2;

/** Failing rules that have a link at the top, and characters of what is said there. */
const MAX_LINKS = 25;
const MAX_REASON = 160;

const clipped = (text: string) => (text.length > MAX_REASON ? `${text.slice(0, MAX_REASON)}…` : text);

function summaryHtml(r: Result, listed: boolean): Html {
  let x = 0;
  const bars = FILTERS.map((f) => {
    const width = (countOf(f, r) / Math.max(1, rulesOf(r).length)) * 100;
    const bar = html`<rect class="${f.style}" x="${x}" width="${width}" height="1"/>`;
    x += width;
    return bar;
  });
  const failing = r.tests.filter(isBad);
  const label = FILTERS.map((f) => `${countOf(f, r)} ${f.name}`).join(", ");
  const { verdict, reasons, scope } = r.conclusion;
  const { word, style, mark } = VERDICTS[verdict];
  return html`<p class="facts"><span class="${style}">${mark} ${word}</span>: <strong>${r.subject}</strong></p>
<p class="facts">${r.suite} suite, profile ${r.profile}, seed ${r.seed}, ${r.level}${r.complete ? "" : ", cut short"}; ${r.extent}; ${r.seconds.toFixed(1)} s</p>
<p class="facts">${countsText(r.conclusion.counts)}</p>
${reasons.map((reason) => html`<p class="facts reason">${reason}</p>`)}
<p class="facts">${scope}</p>
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
