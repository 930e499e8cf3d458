import { byGroup, type Result } from "../result/result.ts";
import { type Html, html, when } from "./escape.ts";

/** Names of boundaries that were not hit, of which so many are listed. */
const MAX_MISSED = 200;

/** What was generated: how the checks are spread over the groups, and how far the boundaries were hit. */
export function boundariesHtml(r: Result): Html {
  const checks = [...byGroup(r.tests)].map(([group, tests]) => ({
    group,
    n: tests.reduce((sum, t) => sum + t.checks, 0),
  }));
  // Groups differ by powers of ten: a bar is as long as the logarithm.
  const most = Math.max(1, ...checks.map((c) => Math.log1p(c.n)));
  const b = r.boundaries;
  return html`<section><h3>what was asked</h3><div class="meters">${checks.map((c) => meter(c.group, Math.log1p(c.n) / most, String(c.n)))}${
    b === null
      ? html``
      : html`${meter("boundary classes hit", b.hit / Math.max(1, b.classes), `${b.hit} of ${b.classes}`)}${meter("pairs of them hit", b.pairsHit / Math.max(1, b.pairs), `${b.pairsHit} of ${b.pairs}`)}`
  }</div>${when(
    b !== null && b.missed.length > 0,
    () =>
      html`<details class="more"><summary>${b?.missed.length ?? 0} boundaries not hit</summary><ul class="missed">${(b?.missed ?? []).slice(0, MAX_MISSED).map((m) => html`<li>${m}</li>`)}</ul></details>`,
  )}</section>`;
}

const meter = (name: string, part: number, text: string) =>
  html`<span>${name}</span><svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><rect width="${Math.round(part * 1000) / 10}" height="1"/></svg><span class="n">${text}</span>`;
