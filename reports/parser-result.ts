import { mapFromJson, RULES } from "../spec/index.ts";
import {
  type Counterexample,
  expectation,
  type Finding,
  type ParserReport,
  type RuleOutcome,
  shownBy,
} from "../suites/index.ts";
import { flakiness } from "../suites/repeats.ts";
import { coverageLine, searchLine } from "./coverage.ts";
import type { StoredAt } from "./parser-text.ts";
import { replayLine } from "./reproduce.ts";
import { completion, factsOf, type Result, type Shown, type TestResult } from "./result.ts";

/** Kinds of failure in which the subject gave no answer to judge. */
const BREAKDOWNS: readonly string[] = ["crash", "exit", "hang", "slow", "garbage"];

/**
 * The parser's report as the writers see it.
 * `stored`: where the report is; `strict`: findings that the revision is known for count, too.
 */
export function parserResult(
  report: ParserReport,
  stored: string,
  storedAt: StoredAt,
  strict: boolean,
): Result {
  const tests = [
    ...report.rules.map((r) => ruleTest(r, report, storedAt)),
    ...hazardTests(report, storedAt, strict),
    unpredicted(report, storedAt),
  ];
  const { boundaries: b } = report;
  return {
    suite: report.suite,
    profile: report.profile,
    level: report.level,
    seed: report.seed,
    version: report.fmapspec,
    subject: report.implementation,
    passed: report.passed,
    complete: report.complete,
    seconds: report.seconds,
    tests: [...tests, completion(report, tests)],
    boundaries: b,
    coverage: report.coverage ?? null,
    extent: [
      `${report.messages} messages, ${b.hit} of ${b.classes} boundary classes, ${b.pairsHit} of ${b.pairs} pairs of them`,
      ...(report.coverage === undefined ? [] : [coverageLine(report.coverage)]),
      ...(report.search === undefined ? [] : [searchLine(report.search)]),
    ].join("; "),
    notes: report.notes,
    stored,
    document: report,
  };
}

function ruleTest(r: RuleOutcome, report: ParserReport, storedAt: StoredAt): TestResult {
  const shown = report.counterexamples.filter((c) => shownBy(r).includes(c.rule));
  const broke = shown.length > 0 && shown.every((c) => BREAKDOWNS.includes(c.kind));
  return {
    ...factsOf(r.rule, report.profile),
    outcome: r.outcome === "failed" && broke ? "broken" : r.outcome,
    reason: r.reason ?? null,
    checks: r.messages,
    failed: r.failed,
    shown: r.outcome === "failed" ? shown.map((c) => shownOf(c, storedAt)) : [],
  };
}

/** One test for each hazard that the profile predicts, whether it was seen or not: the names stay the same. */
function hazardTests(report: ParserReport, storedAt: StoredAt, strict: boolean): TestResult[] {
  const watched = isWatched(report);
  return RULES.filter((r) => r.needs === "observation" && report.profile in r.source).map((r) => {
    const found = report.findings.filter((f) => f.rule === r.id);
    const about = factsOf(r.id, report.profile);
    if (found.length === 0)
      return {
        ...about,
        outcome: watched ? "not-run" : "not-applicable",
        reason: watched ? "no message of this run showed it" : "the subject cannot be watched",
        checks: 0,
        failed: 0,
        shown: [],
      };
    const messages = found.reduce((n, f) => n + f.messages, 0);
    return {
      ...about,
      outcome: strict ? "failed" : "expected-failure",
      reason: `${report.profile} is known for it`,
      checks: messages,
      failed: messages,
      shown: found.map((f) => shownFinding(f, storedAt)),
    };
  });
}

/** What the sanitizers saw that no hazard of the profile predicts, under one name whatever it was. */
function unpredicted(report: ParserReport, storedAt: StoredAt): TestResult {
  const found = report.findings.filter((f) => !f.predicted);
  const watched = isWatched(report);
  const checks = watched ? report.messages : 0;
  return {
    id: "hazard/unpredicted",
    group: "hazard",
    outcome: found.length > 0 ? "failed" : checks > 0 ? "passed" : "not-applicable",
    level: "MUST",
    sentence: "No undefined behaviour and no leak is seen that the revision is not known for.",
    source: null,
    consequence: "Memory of the kernel is corrupted, disclosed or lost in a way that nobody knew.",
    reason: found.length > 0 || checks > 0 ? null : "the subject cannot be watched",
    checks,
    failed: found.reduce((n, f) => n + f.messages, 0),
    shown: found.map((f) => shownFinding(f, storedAt)),
  };
}

/** Whether undefined behaviour would be seen: by the sanitizers of a build, or in the kernel's log. */
const isWatched = ({ subject: { kind } }: ParserReport) =>
  kind === "kernel-source" || kind === "device" || kind === "kernel";

function shownOf(c: Counterexample, storedAt: StoredAt): Shown {
  const { expected } = c;
  const stored = storedAt(c);
  return {
    profile: c.profile,
    kind: c.kind,
    message: c.message,
    expected: c.expectedText ?? expectation(expected),
    actual: `${c.actual}${circumstances(c)}`,
    mark:
      expected.verdict === "reject"
        ? { offset: expected.offset, text: `${expected.errno} ${expected.rule}` }
        : null,
    map: expected.verdict === "accept" ? mapFromJson(expected.map) : null,
    path: null,
    request: null,
    reply: null,
    flaky: flakiness(c.repeats),
    reproduce: replayLine(c, stored),
    stored,
  };
}

function shownFinding(f: Finding, storedAt: StoredAt): Shown {
  const bare = { profile: null, map: null, path: null, request: null, reply: null };
  const expected = "nothing to be seen";
  if (f.counterexample !== undefined)
    return { ...shownOf(f.counterexample, storedAt), kind: "finding", expected, actual: f.what, mark: null };
  return {
    ...bare,
    kind: "finding",
    message: null,
    expected,
    actual: f.what,
    mark: null,
    flaky: null,
    reproduce: "",
    stored: null,
  };
}

const circumstances = (c: Counterexample) =>
  [
    c.failAllocation === undefined ? "" : `, while allocation ${c.failAllocation} fails`,
    c.scene === undefined || c.scene === "plain" ? "" : `, in scene ${c.scene}`,
  ].join("");
