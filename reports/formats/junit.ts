import { plain } from "../line.ts";
import type { Failure, Result, TestResult } from "../result/result.ts";
import { because, countsText, tally } from "../result/summary.ts";
import { failureBytes, failureFacts } from "../terminal/failure-text.ts";
import { attributes, content } from "./xml.ts";

/** JUnit XML as Jenkins (junit-10.xsd) and GitLab read it: a suite for each result, a case for each rule. */
export function renderJunit(results: readonly Result[]): string {
  const suites = results.map(suite);
  const total = (key: "tests" | "failures" | "errors") => suites.reduce((n, s) => n + s.counts[key], 0);
  const all = attributes({
    name: "fmapspec",
    tests: total("tests"),
    failures: total("failures"),
    errors: total("errors"),
    time: seconds(results.reduce((n, r) => n + r.seconds, 0)),
  });
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites${all}>`, ...suites.map((s) => s.xml)];
  return `${lines.join("\n")}\n</testsuites>\n`;
}

const seconds = (n: number) => n.toFixed(3);

function suite(r: Result) {
  const counts = {
    tests: r.tests.length,
    failures: tally(r, "failed", "unexpected-pass", "inconclusive"),
    errors: tally(r, "broken"),
    skipped: tally(r, "not-run", "not-applicable", "expected-failure", "warning"),
  };
  const name = `fmapspec.${r.suite}.${r.profile}`;
  const properties = {
    profile: r.profile,
    seed: r.seed,
    level: r.level,
    subject: r.subject,
    "fmapspec.version": r.version,
    extent: r.extent,
    verdict: r.conclusion.verdict,
    counts: countsText(r.conclusion.counts),
    scope: r.conclusion.scope,
  };
  const xml = [
    `  <testsuite${attributes({ name, ...counts, time: seconds(r.seconds) })}>`,
    "    <properties>",
    ...Object.entries(properties).map(([name, value]) => `      <property${attributes({ name, value })}/>`),
    "    </properties>",
    ...r.tests.map((t) => testcase(t, name)),
    ...(r.notes.length === 0 ? [] : [`    <system-out>${content(r.notes.join("\n"))}</system-out>`]),
    "  </testsuite>",
  ].join("\n");
  return { counts, xml };
}

/** The element that tells an outcome; a test that passed has none. */
const ELEMENT = {
  passed: null,
  failed: "failure",
  "unexpected-pass": "failure",
  broken: "error",
  inconclusive: "failure",
  // There is no element for a failure that does not count.
  "expected-failure": "skipped",
  warning: "skipped",
  "not-applicable": "skipped",
  "not-run": "skipped",
} as const;

function testcase(t: TestResult, suite: string): string {
  const named = attributes({ classname: `${suite}.${t.group.replaceAll("/", ".")}`, name: t.id });
  const element = ELEMENT[t.outcome];
  if (element === null) return `    <testcase${named}/>`;
  const type = t.failures[0]?.kind ?? t.outcome;
  const body = element === "skipped" && t.outcome !== "warning" ? "" : content(details(t));
  const message = attributes({ message: `${t.outcome === "warning" ? "warning: " : ""}${because(t)}`, type });
  return `    <testcase${named}>\n      <${element}${message}>${body}</${element}>\n    </testcase>`;
}

/** The rule, and each failure with its bytes. */
const details = (t: TestResult): string =>
  [t.sentence, `consequence: ${t.consequence}`, ...t.failures.map(failure)].join("\n\n");

const failure = (f: Failure): string =>
  [
    ...failureFacts(f, plain),
    ...failureBytes(f, plain),
    ...(f.reproduce === "" ? [] : [`reproduce: ${f.reproduce}`]),
  ].join("\n");
