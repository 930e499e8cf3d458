import { counted, share } from "../../base/counted.ts";
import { mapFromJson } from "../../spec/index.ts";
import {
  type Counterexample,
  exampleRules,
  expectation,
  type Finding,
  type ParserReport,
  type RuleOutcome,
} from "../../suites/index.ts";
import { type HazardOutcome, hazardOutcomes } from "../../suites/parser/hazards.ts";
import { UNPREDICTED } from "../../suites/parser/verdict.ts";
import { flakiness } from "../../suites/run/repeats.ts";
import { misreadAnswer } from "../exchange/misread.ts";
import { word } from "../line.ts";
import { decidingByte } from "../terminal/dump.ts";
import { coverageLine, searchLine } from "./coverage.ts";
import {
  common,
  type Failure,
  factsOf,
  failureOf,
  type Result,
  resultOf,
  type TestResult,
} from "./result.ts";

/** Where a counterexample of the report is stored, relative to where the user stands. */
export type StoredAt = (c: Counterexample) => string;

/** Kinds of failure in which the subject gave no answer to judge. */
const BREAKDOWNS: readonly string[] = ["crash", "exit", "hang", "slow", "garbage"];

/** The parser's report as the writers see it. `stored`: where the report is. */
export const parserResult = (report: ParserReport, stored: string, storedAt: StoredAt): Result =>
  resultOf({
    ...common(report),
    suite: report.suite,
    title: `${report.implementation}, compared with ${report.profile} (seed ${report.seed})`,
    unit: "message",
    noun: "rule",
    subject: report.implementation,
    tests: [
      ...report.rules.map((r) => ruleTest(r, report, storedAt)),
      ...hazardOutcomes(report).map((h) => hazardTest(h, report, storedAt)),
    ],
    boundaries: report.boundaries,
    coverage: report.coverage ?? null,
    extent: extentOf(report),
    stored,
  });

/** What the messages reached, and how fast they were asked. */
function extentOf({ messages, seconds, rules, boundaries: b, coverage, search }: ParserReport): string {
  const rate = seconds > 0 ? ` (${Math.round(messages / seconds)} a second)` : "";
  const applicable = rules.filter((r) => r.outcome !== "not-applicable");
  const exercised = applicable.filter((r) => r.messages > 0).length;
  const classes = share(b.hit, b.classes, "boundary class", "boundary classes");
  const reached = `${share(exercised, applicable.length, "rule")}, ${classes} and ${share(b.pairsHit, b.pairs, "pair")} of them`;
  return [
    `${counted(messages, "message")}${rate} exercised ${reached}`,
    ...(coverage === undefined ? [] : [coverageLine(coverage)]),
    ...(search === undefined ? [] : [searchLine(search)]),
  ].join("; ");
}

function ruleTest(r: RuleOutcome, report: ParserReport, storedAt: StoredAt): TestResult {
  const examples = report.counterexamples.filter((c) => exampleRules(r).includes(c.rule));
  const broke = examples.length > 0 && examples.every((c) => BREAKDOWNS.includes(c.kind));
  const counts = r.outcome === "failed" || r.outcome === "warning";
  return {
    ...factsOf(r.rule, report.profile),
    outcome: r.outcome === "failed" && broke ? "broken" : r.outcome,
    reason: r.reason ?? null,
    checks: r.messages,
    failed: r.failed,
    failures: counts ? examples.map((c) => counterexampleFailure(c, storedAt)) : [],
  };
}

/** A hazard that the profile predicts; or, under one name whatever it was, what the sanitizers reported and nothing predicts. */
function hazardTest(
  { rule: id, found, ...h }: HazardOutcome,
  report: ParserReport,
  storedAt: StoredAt,
): TestResult {
  const about = id === null ? NOTHING_PREDICTS : factsOf(id, report.profile);
  return { ...about, ...h, failures: found.map((f) => findingFailure(about.id, f, storedAt)) };
}

const NOTHING_PREDICTS = {
  id: UNPREDICTED,
  group: "hazard",
  level: "MUST",
  sentence: "The subject has no undefined behaviour and no leak beyond the known defects of the revision.",
  source: null,
  consequence: "Memory of the kernel is corrupted, disclosed or lost in a way that nobody knew.",
} as const;

function counterexampleFailure(c: Counterexample, storedAt: StoredAt): Failure {
  const { expected, rule, profile, kind, message } = c;
  const stored = storedAt(c);
  const isAnswer = kind === "verdict" || kind === "map";
  return failureOf({
    rule,
    profile,
    kind,
    message,
    expected: c.expectedText ?? expectation(expected),
    actual: `${isAnswer ? "" : `${kind}: `}${c.actual}${misreadAnswer(c.actual)}${circumstances(c)}`,
    marks: decidingByte(expected),
    map: expected.verdict === "accept" ? mapFromJson(expected.map) : null,
    flaky: flakiness(c.repeats),
    reproduce: replayLine(c, stored),
    stored,
  });
}

function findingFailure(rule: string, f: Finding, storedAt: StoredAt): Failure {
  const { counterexample: c, messages } = f;
  const about = { rule, kind: "finding", expected: "no report", actual: f.what, messages };
  if (c === undefined) return failureOf({ ...about, reproduce: "" });
  return {
    ...counterexampleFailure(c, storedAt),
    ...about,
    actual: `${f.what}${circumstances(c)}`,
    marks: [],
    map: null,
  };
}

const circumstances = (c: Counterexample) =>
  [
    c.failAllocation === undefined ? "" : `, while allocation ${c.failAllocation} fails`,
    c.scene === undefined || c.scene === "plain" ? "" : `, in scene ${c.scene}`,
  ].join("");

/** The line that runs a stored counterexample again: a command, or a call where the subject is a function of a program. */
const replayLine = ({ subject }: Counterexample, stored: string): string =>
  subject.kind === "function"
    ? `await replay(JSON.parse(readFileSync(${JSON.stringify(stored)}, "utf8")), ${subject.name})`
    : `fmapspec replay ${word(stored)}`;
