/** Known failures: a line each with a link, tolerated while they fail as listed, and not one day longer. */
import { describe, expect, it } from "vitest";
import { UsageError } from "../../base/errors.ts";
import type { RuleId } from "../../spec/index.ts";
import { sampleCounterexample, sampleReport } from "../../test/sample-report.ts";
import type { DaemonReport, StoredSession } from "../daemon/outcome.ts";
import type { ParserReport } from "../parser/outcome.ts";
import { type Counterexample, comesDownTo, type RuleOutcome } from "../run/outcome.ts";
import {
  applyKnownFailures,
  applyToDaemon,
  failureMessage,
  type KnownFailure,
  parseKnownFailures,
  renderKnownFailures,
} from "./known-failing.ts";

const LINK = "https://example.org/bug/1";
const BROKEN: RuleId = "fmap/header/nextents-limit";
const OTHER: RuleId = "fmap/header/nextents-zero";

const counterexample = (rule: RuleId, actual = "accepted") => sampleCounterexample({ rule, actual });
const outcome = (rule: RuleId, failed: number, reason?: string): RuleOutcome => ({
  rule,
  outcome: failed > 0 ? "failed" : "passed",
  messages: 5,
  failed,
  ...(reason === undefined ? {} : { reason }),
});
const report = (counterexamples: Counterexample[], rules: RuleOutcome[]) =>
  sampleReport({ rules, counterexamples });
const entry = (prefix: string, pattern: string = BROKEN): KnownFailure => ({ pattern, prefix, link: LINK });
const listed = (...known: KnownFailure[]) => ({ known, quarantined: [] });
const isolated = (...quarantined: KnownFailure[]) => ({ known: [], quarantined });
const outcomes = (r: ParserReport) => r.rules.map((o) => o.outcome);

describe("the file of known failures", () => {
  it("has a line for each, comments and blank lines", () => {
    const text = `# known\n\n${BROKEN}  # expected E2BIG  # ${LINK}\nfmap/total/*\t#  x y #  ${LINK}\r\n`;
    expect(parseKnownFailures(text, "f")).toEqual([
      { pattern: BROKEN, prefix: "expected E2BIG", link: LINK },
      { pattern: "fmap/total/*", prefix: "x y", link: LINK },
    ]);
  });

  it.each([
    ["fmap/total/*", "f:2: 'pattern  # message prefix  # link' was expected"],
    ["fmap/total/*  # x", "f:2: 'pattern  # message prefix  # link' was expected"],
    [`fmap/total/*  # x  # ${LINK}  # y`, "f:2: 'pattern  # message prefix  # link' was expected"],
    [
      "fmap/total/*  # x  # https://link-to-the-bug.invalid",
      "f:2: https://link-to-the-bug.invalid is what --update-known writes: put the link to the bug there, or mend it and take the line out",
    ],
    ["fmap/total/*  # x  # JIRA-1", "f:2: 'JIRA-1' is no link to a bug; one is compulsory"],
    [`fmap/totl/*  # x  # ${LINK}`, "f:2: fmap/totl/* matches no rule; fmapspec list shows them"],
  ])("does not have the line %s", (line, message) => {
    expect(() => parseKnownFailures(`\n${line}`, "f")).toThrow(new UsageError(message));
  });

  it("that a run writes lists what failed, with the links that there were, and is read again", () => {
    const failed = [
      counterexample(OTHER),
      counterexample(BROKEN),
      counterexample(BROKEN, "crash # 1; stderr: one\ntwo  # three"),
    ];
    const text = renderKnownFailures(report(failed, []), [entry("old")]);
    expect(parseKnownFailures(text, "f", true)).toEqual([
      { pattern: BROKEN, prefix: "expected E2BIG, got accepted", link: LINK },
      { pattern: BROKEN, prefix: "expected E2BIG, got crash", link: LINK },
      { pattern: OTHER, prefix: "expected E2BIG, got accepted", link: "https://link-to-the-bug.invalid" },
    ]);
  });

  it("knows a failure by what was expected and what came", () => {
    const c = counterexample(BROKEN);
    expect(failureMessage(c)).toBe("expected E2BIG, got accepted");
    expect(failureMessage({ ...c, kind: "hang", actual: "no answer" })).toBe(
      "expected E2BIG, got hang: no answer",
    );
    expect(failureMessage({ ...c, expectedText: "a map" })).toBe("expected a map, got accepted");
    const map = { fileType: 0, fileSize: "0", devBitmap: "1", extType: "simple", extents: [] } as const;
    expect(failureMessage({ ...c, expected: { verdict: "accept", map, hazards: [] } })).toBe(
      "expected accept, got accepted",
    );
  });
});

describe("a run with known failures", () => {
  const failing = report([counterexample(BROKEN)], [outcome(BROKEN, 1), outcome(OTHER, 0)]);

  it("passes when each fails as listed", () => {
    const now = applyKnownFailures(failing, listed(entry("expected E2BIG, got acc")));
    expect(now).toMatchObject({ passed: true, counterexamples: [] });
    expect(outcomes(now)).toEqual(["expected-failure", "passed"]);
    expect(now.rules[0]?.reason).toBe(LINK);
  });

  it("fails when one fails in another way", () => {
    const now = applyKnownFailures(failing, listed(entry("expected E2BIG, got EINVAL")));
    expect(now.passed).toBe(false);
    expect(outcomes(now)).toEqual(["failed", "passed"]);
  });

  it("fails when one passes", () => {
    const now = applyKnownFailures(failing, listed(entry("expected"), entry("expected", OTHER)));
    expect(now.passed).toBe(false);
    expect(outcomes(now)).toEqual(["expected-failure", "unexpected-pass"]);
    expect(now.rules[1]?.reason).toBe(`listed as known to fail: ${LINK}`);
  });

  it("fails when a rule failed of which no counterexample is shown", () => {
    const now = applyKnownFailures(report([], [outcome(BROKEN, 1)]), listed(entry("expected")));
    expect(now.passed).toBe(false);
  });

  it("passes when another rule's failures come down to a known one", () => {
    const down = report(
      [counterexample(BROKEN)],
      [outcome(BROKEN, 1), outcome(OTHER, 2, comesDownTo([BROKEN]))],
    );
    const now = applyKnownFailures(down, listed(entry("expected")));
    expect(now.passed).toBe(true);
    expect(outcomes(now)).toEqual(["expected-failure", "expected-failure"]);
  });

  it.each([
    [true, false],
    [false, true],
  ])("with strict %s and a finding that is predicted: passed is %s", (strict, passed) => {
    const finding = { rule: "hazard/strips-leak", what: "a leak", predicted: true, messages: 1 } as const;
    const run = { ...failing.run, strict };
    const now = applyKnownFailures({ ...failing, run, findings: [finding] }, listed(entry("expected")));
    expect(now.passed).toBe(passed);
  });

  it("is what it was where nothing is listed", () => {
    expect(applyKnownFailures(failing, listed())).toEqual(failing);
  });
});

describe("a run with a quarantine", () => {
  const failing = report([counterexample(BROKEN)], [outcome(BROKEN, 1), outcome(OTHER, 0)]);

  it("passes when what is in it fails, and says so with the link", () => {
    const now = applyKnownFailures(failing, isolated(entry("expected E2BIG, got acc")));
    expect(now).toMatchObject({ passed: true, counterexamples: [] });
    expect(now.rules[0]).toMatchObject({ outcome: "expected-failure", reason: `quarantined: ${LINK}` });
  });

  it("passes when what is in it passes", () => {
    const passing = report([], [outcome(OTHER, 0)]);
    expect(applyKnownFailures(passing, isolated(entry("expected", OTHER)))).toEqual(passing);
  });

  it("fails when what is in it fails in another way, or something else does", () => {
    expect(applyKnownFailures(failing, isolated(entry("expected E2BIG, got E"))).passed).toBe(false);
    expect(applyKnownFailures(failing, isolated(entry("expected", OTHER))).passed).toBe(false);
  });

  it("and known failures needs both where a rule fails in two ways", () => {
    const two = report([counterexample(BROKEN), counterexample(BROKEN, "EINVAL")], [outcome(BROKEN, 2)]);
    const known = [entry("expected E2BIG, got acc")];
    const quarantined = [entry("expected E2BIG, got E")];
    expect(applyKnownFailures(two, { known, quarantined })).toMatchObject({
      passed: true,
      rules: [{ outcome: "expected-failure", reason: `${LINK}, quarantined: ${LINK}` }],
    });
    expect(applyKnownFailures(two, isolated(...quarantined))).toMatchObject({
      passed: false,
      counterexamples: [{ actual: "accepted" }],
    });
  });
});

describe("a daemon's run", () => {
  const failure = { rule: "daemon/reply/answered", detail: "no answer to GETATTR  # of nodeid 7" } as const;
  const robust = { rule: "robustness/count", detail: "READ of 4 GiB is not answered" } as const;
  const session = { ...failure, format: "fmapspec-session" } as unknown as StoredSession;
  const daemon = (rules: readonly RuleOutcome[], failures: DaemonReport["failures"], more = {}) =>
    ({
      run: { shard: null, scope: "famfs" },
      profile: "rfc-v2",
      famfs: "agreed",
      complete: true,
      unchecked: [],
      tree: { nodes: 1, files: 1, mapped: 1 },
      rules,
      failures,
      ...more,
    }) as unknown as DaemonReport;
  const failing = daemon(
    [
      outcome(failure.rule, 1),
      outcome("daemon/init/version", 0),
      { ...outcome(robust.rule, 1), outcome: "warning" },
    ],
    [failure, robust],
    { session },
  );

  it("passes when each fails as listed, without what it shows", () => {
    const now = applyToDaemon(failing, listed(entry("no answer to GETATTR", failure.rule)));
    expect(now).toMatchObject({ passed: true, failures: [robust] });
    expect(now).not.toHaveProperty("session");
    expect(now.rules[0]).toMatchObject({ outcome: "expected-failure", reason: LINK });
  });

  it("fails when one is not listed, or a listed one passes unless it is in quarantine", () => {
    const unlisted = applyToDaemon(failing, listed(entry("EIO", failure.rule)));
    expect(unlisted).toMatchObject({ passed: false, session, failures: [failure, robust] });
    const both = [entry("no answer", failure.rule), entry("", "daemon/init/version")];
    expect(applyToDaemon(failing, listed(...both))).toMatchObject({
      passed: false,
      rules: [{ outcome: "expected-failure" }, { outcome: "unexpected-pass" }, { outcome: "warning" }],
    });
    expect(applyToDaemon(failing, isolated(...both))).toMatchObject({
      passed: true,
      rules: [{ reason: `quarantined: ${LINK}` }, { outcome: "passed" }, { outcome: "warning" }],
    });
  });

  it("is listed without what is only reported", () => {
    expect(parseKnownFailures(renderKnownFailures(failing, []), "f", true)).toEqual([
      { pattern: failure.rule, prefix: "no answer to GETATTR", link: "https://link-to-the-bug.invalid" },
    ]);
  });
});
