import { byReason, coverageLine, missedAt, missedWhy } from "../result/coverage.ts";
import type { Result } from "../result/result.ts";
import { type Html, html, when } from "./escape.ts";

/** Lines that are listed; more of them nobody reads here. */
const MAX_LINES = 200;

/** What was reached of the parser's own source, and each line where something was not. */
export function coverageHtml({ coverage }: Result): Html {
  if (coverage === null) return html``;
  const missed = byReason(coverage);
  return html`<section class="coverage"><h3>the source</h3><p class="facts">${coverageLine(coverage)}</p>${when(
    missed.length > 0,
    () =>
      html`<details class="more"><summary>${missed.length} lines with something that was not reached</summary><div class="scroll" tabindex="0"><table><thead><tr><th scope="col">line</th><th scope="col">text</th><th scope="col">why</th></tr></thead><tbody>${missed
        .slice(0, MAX_LINES)
        .map(
          (m) =>
            html`<tr><th scope="row"><code>${missedAt(m)}</code></th><td><code>${m.text}</code></td><td>${missedWhy(m)}</td></tr>
`,
        )}</tbody></table></div>${when(missed.length > MAX_LINES, () => html`<p class="dim">and ${missed.length - MAX_LINES} more</p>`)}</details>`,
  )}</section>`;
}
