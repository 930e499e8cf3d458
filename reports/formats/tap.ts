import { oneLine } from "../line.ts";
import { isBad, isSkipped, type Result, type TestResult } from "../result/result.ts";
import { because, verdictLine } from "../result/summary.ts";

/** TAP 14: a subtest for each result, a test point for each rule, and a YAML block for each failure. */
export function renderTap(results: readonly Result[]): string {
  const lines = ["TAP version 14", `1..${results.length}`];
  for (const [i, r] of results.entries()) {
    const name = description(`${r.suite} ${r.profile}`);
    lines.push(`# Subtest: ${name}`, `    1..${r.tests.length}`);
    lines.push(`    # ${comment(`${r.subject}, seed ${r.seed}, fmapspec ${r.version}`)}`);
    for (const [j, t] of r.tests.entries()) lines.push(...point(t, j + 1).map((line) => `    ${line}`));
    lines.push(`    # ${comment(verdictLine(r.conclusion))}`);
    lines.push(`${r.tests.some(isBad) ? "not ok" : "ok"} ${i + 1} - ${name}`);
  }
  const cut = results.find((r) => !r.complete);
  if (cut !== undefined) lines.push(`Bail out! ${oneLine(cut.conclusion.reasons.at(-1) ?? "")}`);
  return `${lines.join("\n")}\n`;
}

/** What is behind `#` ends a description, and a backslash escapes: both are escaped. */
const description = (text: string) => oneLine(text).replace(/[\\#]/g, "\\$&");

/** Behind SKIP or TODO. node-tap takes a brace at the end of a line for the start of a block. */
const reason = (t: TestResult) => description(because(t)).replace(/\{$/, "{.");

const comment = (text: string) => oneLine(text);

function point(t: TestResult, n: number): string[] {
  const warns = t.outcome === "warning";
  const ok = t.outcome === "passed" || warns || isSkipped(t) ? "ok" : "not ok";
  const directive = isSkipped(t)
    ? ` # SKIP ${reason(t)}`
    : t.outcome === "expected-failure"
      ? ` # TODO ${reason(t)}`
      : "";
  const line = `${ok} ${n} - ${description(t.id)}${directive}`.trimEnd();
  return isBad(t) || warns ? [line, "  ---", ...diagnosis(t).map((l) => `  ${l}`), "  ..."] : [line];
}

const SEVERITY: Readonly<Partial<Record<TestResult["outcome"], string>>> = {
  broken: "error",
  inconclusive: "error",
  warning: "warning",
};

function diagnosis(t: TestResult): string[] {
  const lines = [
    `message: ${yaml(because(t))}`,
    `severity: ${SEVERITY[t.outcome] ?? "fail"}`,
    `rule: ${yaml(t.sentence)}`,
    `consequence: ${yaml(t.consequence)}`,
  ];
  if (t.failures.length === 0) return lines;
  lines.push("failures:");
  for (const s of t.failures) {
    const fields = { kind: s.kind, path: s.path, message: s.message, expected: s.expected, actual: s.actual };
    const all = { ...fields, request: s.request, reply: s.reply, reproduce: s.reproduce };
    for (const [i, [name, value]] of Object.entries(all)
      .filter(([, v]) => v !== null && v !== "")
      .entries())
      lines.push(`${i === 0 ? "  - " : "    "}${name}: ${yaml(value as string)}`);
  }
  return lines;
}

/** What JSON leaves as it is and YAML takes only escaped. */
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** A double-quoted scalar, on one line. */
const yaml = (text: string): string =>
  JSON.stringify(text).replace(UNPRINTABLE, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
