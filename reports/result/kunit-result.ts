import { counted } from "../../base/counted.ts";
import type { KunitOutcome, KunitReport } from "../../suites/index.ts";
import { conclude, withVerdict } from "../../suites/run/verdict.ts";
import { type Failure, factsOf, failureOf, type Result, type RuleTest, resultOf } from "./result.ts";

/** KUnit's vectors as the writers see them: a test for each rule. `reproduce`: the command that shows them again. */
export function kunitResult(report: KunitReport, stored: string, reproduce: string): Result {
  const { cases, complete, profile, seconds, notes, subject } = report;
  const byRule = new Map<string, KunitOutcome[]>();
  for (const c of cases) byRule.set(c.rule, [...(byRule.get(c.rule) ?? []), c]);
  const tests = [...byRule.values()].map((of) => ruleTest(report, of, reproduce));
  const count = (outcome: KunitOutcome["outcome"]) => cases.filter((c) => c.outcome === outcome).length;
  const conclusion = conclude(tests, {
    unchecked: complete ? [] : [{ what: "vectors", why: "KUnit reports no result of some" }],
    called: (group) => (group.startsWith("hazard") ? "undefined behaviour and leaks" : "the parser"),
    narrowed: false,
    limits: ["with the vectors of KUnit"],
    complete,
    part: false,
  });
  return resultOf({
    suite: "kunit",
    title: `KUnit in ${subject}, profile ${profile}`,
    unit: "vector",
    noun: "rule",
    profile,
    level: "quick",
    seed: 0,
    version: report.version,
    subject,
    conclusion,
    complete,
    seconds,
    tests,
    extent: `${counted(cases.length, "vector")}, ${count("passed")} passed, ${count("failed")} failed`,
    notes,
    stored,
    document: withVerdict(report, conclusion),
  });
}

function ruleTest(
  { profile, strict }: KunitReport,
  cases: readonly KunitOutcome[],
  reproduce: string,
): RuleTest {
  const [{ rule, isHazard }] = cases as readonly [KunitOutcome];
  const failed = cases.filter((c) => c.outcome === "failed");
  const ran = cases.filter((c) => c.outcome !== "not-run");
  const known = isHazard && failed.length > 0;
  return {
    ...factsOf(rule, profile),
    outcome:
      known && !strict
        ? "expected-failure"
        : failed.length > 0
          ? "failed"
          : ran.length > 0
            ? "passed"
            : "not-run",
    reason: known ? `${profile} is known for it` : ran.length === 0 ? "KUnit reports no result" : null,
    checks: ran.length,
    failed: failed.length,
    failures: failed.map((c) => failure(c, profile, reproduce)),
  };
}

const failure = (c: KunitOutcome, profile: string, reproduce: string): Failure =>
  failureOf({
    rule: c.rule,
    profile: c.isHazard ? null : profile,
    kind: c.isHazard ? "finding" : "kunit",
    message: c.message,
    expected: "what the revision does",
    actual: c.detail.replaceAll(/\s*\n\s*/g, "; "),
    path: c.id,
    reproduce,
  });
