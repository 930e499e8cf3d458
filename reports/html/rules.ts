import { byGroup, type Failure, isBad, type Result, type TestResult } from "../result/result.ts";
import { because } from "../result/summary.ts";
import { bytesHtml } from "./bytes.ts";
import { type Html, html, when } from "./escape.ts";
import { mapHtml } from "./map.ts";

/** Bytes of markup that reasons and failures may still take; the lists of rules are always whole. */
export interface Budget {
  left: number;
  /** Failures for which there was no room. */
  omitted: number;
}

/** What an outcome is called here. */
export const CALLED = {
  passed: "passed",
  failed: "failed",
  broken: "broken",
  warning: "warning",
  inconclusive: "not checked",
  "unexpected-pass": "passed, listed",
  "expected-failure": "known",
  "not-run": "not run",
  "not-applicable": "n/a",
} as const satisfies Record<TestResult["outcome"], string>;

/** Bytes that the bare list of a run's rules takes. */
export const bareSize = (r: Result): number =>
  r.tests.reduce((n, t) => n + Buffer.byteLength(ruleHtml(t, anchor(r, t), { left: 0, omitted: 0 }).html), 0);

/** The rules of a run by group, each with its outcome, its reason and its failures. */
export const rulesHtml = (r: Result, budget: Budget): Html[] =>
  [...byGroup(r.tests)].map(
    ([group, tests]) =>
      html`<section class="group"><h3>${group}</h3><ul class="rules">${tests.map((t) => ruleHtml(t, anchor(r, t), budget))}</ul></section>
`,
  );

/** What a link to a rule ends in. */
export const anchor = (r: Result, t: TestResult): string => `${r.suite}.${r.profile}.${t.id}`;

function ruleHtml(t: TestResult, id: string, budget: Budget): Html {
  const reason = because(t);
  const why = paid(html`<p class="why">${reason}</p>`, reason !== "", budget);
  const counts = t.failed > 0 ? `${t.failed} of ${t.checks}` : `${t.checks}`;
  return html`<li class="${t.outcome}" id="${id}"><span class="o">${CALLED[t.outcome]}</span><code class="id">${t.id}</code><p class="s">${t.sentence}</p><span class="n">${counts}</span>${why ?? html``}${when(t.failures.length > 0, () => failuresHtml(t, budget))}</li>
`;
}

/** The markup, if it is wanted and there is room for it. */
function paid(markup: Html, wanted: boolean, budget: Budget): Html | null {
  const size = Buffer.byteLength(markup.html);
  if (!wanted || size > budget.left) return null;
  budget.left -= size;
  return markup;
}

function failuresHtml(t: TestResult, budget: Budget): Html {
  // What stands around the failures takes room, too; of few failures it is as much as they are.
  const around = Buffer.byteLength(detailsHtml(t, t.failures.length, []).html);
  const left = { left: budget.left - around, omitted: 0 };
  const kept: Html[] = [];
  for (const s of t.failures) {
    const failure = left.left > 0 ? paid(failureHtml(s), true, left) : null;
    if (failure === null) budget.omitted++;
    else kept.push(failure);
  }
  if (kept.length === 0) return html``;
  budget.left = left.left;
  return detailsHtml(t, kept.length, kept);
}

const detailsHtml = (t: TestResult, n: number, kept: readonly Html[]): Html =>
  html`<details class="more"${{ html: isBad(t) ? " open" : "" }}><summary>${n === 1 ? "details" : `details, ${n} times`}</summary><p class="s">${t.consequence}${when(t.source !== null, () => html` <span class="dim">(${t.source as string})</span>`)}</p>${kept}</details>`;

const failureHtml = (f: Failure): Html =>
  html`<div class="failure"><dl>${f.kind === "requirement" ? html`` : html`<dt>expected</dt><dd>${f.expected}</dd>`}<dt>got</dt><dd>${f.actual}</dd>${row("flaky", f.flaky?.replace(/^flaky: /, "") ?? null)}${row("file", f.path)}${row("history", f.history)}</dl>${bytesHtml(f)}${f.map === null ? html`` : mapHtml(f.map)}${when(
    f.reproduce !== "",
    () => html`<code class="cmd">${f.reproduce}</code>`,
  )}</div>`;

const row = (name: string, value: string | null) =>
  value === null ? html`` : html`<dt>${name}</dt><dd>${value}</dd>`;
