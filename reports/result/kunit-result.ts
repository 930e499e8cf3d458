import type { KunitOutcome, KunitReport } from "../../suites/index.ts";
import { conclude, withVerdict } from "../../suites/run/verdict.ts";
import { completion, factsOf, type Result, type RuleTest, type Shown } from "./result.ts";

/** KUnit's vectors as the writers see them: a test for each rule. `reproduce`: the command that shows them again. */
export function kunitResult(report: KunitReport, stored: string, reproduce: string): Result {
  const rules = [...new Set(report.cases.map((c) => c.rule))];
  const tests = rules.map((rule) =>
    ruleTest(
      report,
      report.cases.filter((c) => c.rule === rule),
      reproduce,
    ),
  );
  const { complete } = report;
  const conclusion = conclude(tests, {
    unchecked: complete ? [] : [{ what: "vectors", why: "KUnit tells no result of some" }],
    called: (group) => (group.startsWith("hazard") ? "undefined behaviour and leaks" : "the parser"),
    narrowed: false,
    limits: ["with the vectors of KUnit"],
    complete,
    part: false,
  });
  const count = (outcome: KunitOutcome["outcome"]) =>
    report.cases.filter((c) => c.outcome === outcome).length;
  return {
    suite: "kunit",
    profile: report.profile,
    level: "quick",
    seed: 0,
    version: report.version,
    subject: report.subject,
    conclusion,
    complete,
    seconds: report.seconds,
    tests: [...tests, completion({ complete, conclusion })],
    boundaries: null,
    coverage: null,
    extent: `${report.cases.length} vectors, ${count("passed")} passed, ${count("failed")} failed`,
    notes: report.notes,
    stored,
    document: withVerdict(report, conclusion),
  };
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
    reason: known ? `${profile} is known for it` : ran.length === 0 ? "KUnit tells no result" : null,
    checks: ran.length,
    failed: failed.length,
    shown: failed.map((c) => shownOf(c, profile, reproduce)),
  };
}

const shownOf = (c: KunitOutcome, profile: string, reproduce: string): Shown => ({
  profile: c.isHazard ? null : profile,
  kind: c.isHazard ? "finding" : "kunit",
  message: c.message,
  expected: "what the revision does",
  actual: c.detail.replaceAll(/\s*\n\s*/g, "; "),
  mark: null,
  map: null,
  path: c.id,
  request: null,
  reply: null,
  reproduce,
  stored: null,
  flaky: null,
});
