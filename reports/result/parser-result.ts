import { mapFromJson } from "../../spec/index.ts";
import {
  type Counterexample,
  expectation,
  type Finding,
  type ParserReport,
  type RuleOutcome,
  shownBy,
} from "../../suites/index.ts";
import { type HazardOutcome, hazardOutcomes } from "../../suites/parser/hazards.ts";
import { UNPREDICTED } from "../../suites/parser/verdict.ts";
import { flakiness } from "../../suites/run/repeats.ts";
import { misreadAnswer } from "../exchange/misread.ts";
import { replayLine } from "../reproduce.ts";
import type { StoredAt } from "../terminal/parser-text.ts";
import { coverageLine, searchLine } from "./coverage.ts";
import { completion, factsOf, type Result, type Shown, type TestResult } from "./result.ts";

/** Kinds of failure in which the subject gave no answer to judge. */
const BREAKDOWNS: readonly string[] = ["crash", "exit", "hang", "slow", "garbage"];

/** The parser's report as the writers see it. `stored`: where the report is. */
export function parserResult(report: ParserReport, stored: string, storedAt: StoredAt): Result {
  const tests = [
    ...report.rules.map((r) => ruleTest(r, report, storedAt)),
    ...hazardOutcomes(report).map((h) => hazardTest(h, report, storedAt)),
  ];
  const { boundaries: b } = report;
  return {
    suite: report.suite,
    profile: report.profile,
    level: report.level,
    seed: report.seed,
    version: report.fmapspec,
    subject: report.implementation,
    conclusion: report,
    complete: report.complete,
    seconds: report.seconds,
    tests: [...tests, completion({ complete: report.complete, conclusion: report })],
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
    shown: r.outcome === "failed" || r.outcome === "warning" ? shown.map((c) => shownOf(c, storedAt)) : [],
  };
}

/** A hazard that the profile predicts; or, under one name whatever it was, what the sanitizers saw and nothing predicts. */
function hazardTest(
  { rule: id, found, ...h }: HazardOutcome,
  report: ParserReport,
  storedAt: StoredAt,
): TestResult {
  const about = id === null ? NOTHING_PREDICTS : factsOf(id, report.profile);
  return { ...about, ...h, shown: found.map((f) => shownFinding(f, storedAt)) };
}

const NOTHING_PREDICTS = {
  id: UNPREDICTED,
  group: "hazard",
  level: "MUST",
  sentence: "No undefined behaviour and no leak is seen that the revision is not known for.",
  source: null,
  consequence: "Memory of the kernel is corrupted, disclosed or lost in a way that nobody knew.",
} as const;

function shownOf(c: Counterexample, storedAt: StoredAt): Shown {
  const { expected } = c;
  const stored = storedAt(c);
  return {
    profile: c.profile,
    kind: c.kind,
    message: c.message,
    expected: c.expectedText ?? expectation(expected),
    actual: `${c.actual}${misreadAnswer(c.actual)}${circumstances(c)}`,
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
