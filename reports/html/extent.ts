import { counted } from "../../base/counted.ts";
import { byReason, coverageLine, missedAt, missedWhy } from "../result/coverage.ts";
import { byGroup, type Result } from "../result/result.ts";
import { type Html, html, when } from "./escape.ts";

/** Names of boundaries, and lines of the source, that are listed; more of them nobody reads here. */
const MAX_MISSED = 200;

/** What was generated: how the checks are spread over the groups, and how far the boundaries were hit. */
export function boundariesHtml({ tests, boundaries: b }: Result): Html {
  const checks = [...byGroup(tests)].map(([group, of]) => ({
    group,
    n: of.reduce((sum, t) => sum + t.checks, 0),
  }));
  // Groups differ by powers of ten: a bar is as long as the logarithm.
  const most = Math.max(1, ...checks.map((c) => Math.log1p(c.n)));
  const missed = b?.missed ?? [];
  return html`<section><h3>what was asked</h3><div class="meters">${checks.map((c) => meter(c.group, Math.log1p(c.n) / most, String(c.n)))}${
    b === null
      ? html``
      : html`${meter("boundary classes hit", b.hit / Math.max(1, b.classes), `${b.hit} of ${b.classes}`)}${meter("pairs of them hit", b.pairsHit / Math.max(1, b.pairs), `${b.pairsHit} of ${b.pairs}`)}`
  }</div>${when(
    missed.length > 0,
    () =>
      html`<details class="more"><summary>${counted(missed.length, "boundary", "boundaries")} not hit</summary><ul class="missed">${missed.slice(0, MAX_MISSED).map((m) => html`<li>${m}</li>`)}</ul></details>`,
  )}</section>`;
}

const meter = (name: string, part: number, text: string) =>
  html`<span>${name}</span><svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><rect width="${Math.round(part * 1000) / 10}" height="1"/></svg><span class="n">${text}</span>`;

/** What was reached of the parser's own source, and each line where something was not. */
export function coverageHtml({ coverage }: Result): Html {
  if (coverage === null) return html``;
  const missed = byReason(coverage);
  return html`<section class="coverage"><h3>the source</h3><p class="facts">${coverageLine(coverage)}</p>${when(
    missed.length > 0,
    () =>
      html`<details class="more"><summary>${counted(missed.length, "line")} with something that was not reached</summary><div class="scroll" tabindex="0"><table><thead><tr><th scope="col">line</th><th scope="col">text</th><th scope="col">why</th></tr></thead><tbody>${missed
        .slice(0, MAX_MISSED)
        .map(
          (m) =>
            html`<tr><th scope="row"><code>${missedAt(m)}</code></th><td><code>${m.text}</code></td><td>${missedWhy(m)}</td></tr>
`,
        )}</tbody></table></div>${when(missed.length > MAX_MISSED, () => html`<p class="dim">and ${missed.length - MAX_MISSED} more</p>`)}</details>`,
  )}</section>`;
}
