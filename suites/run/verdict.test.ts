/** The verdict of a run: made in one place of the outcomes and of what was not checked. */
import { describe, expect, it } from "vitest";
import {
  conclude,
  countsOf,
  exitStatus,
  type Grounds,
  type Judged,
  judgedRule,
  type Outcome,
  onlyWarns,
  type RunVerdict,
  worstOf,
} from "./verdict.ts";

const GROUNDS: Grounds = {
  unchecked: [],
  called: (group) => (group === "robustness" ? null : group),
  narrowed: false,
  limits: [],
  complete: true,
  part: false,
};

const MUST = "daemon/life/stays";
const SHOULD = "daemon/life/destroy";
const HOSTILE = "robustness/survives";
const judged = (rule: Parameters<typeof judgedRule>[0]["rule"], outcome: Outcome): Judged =>
  judgedRule({ rule, outcome, messages: 1 });
const passed = judged("daemon/init/version", "passed");
const verdictOf = (outcomes: readonly Judged[], grounds: Partial<Grounds> = {}) =>
  conclude(outcomes, { ...GROUNDS, ...grounds });

describe("a verdict", () => {
  it.each<[string, Judged[], Partial<Grounds>, RunVerdict, string[]]>([
    ["of what passed", [passed], {}, "conforming", []],
    ["with a MUST that failed", [passed, judged(MUST, "failed")], {}, "not conforming", [`failed: ${MUST}`]],
    ["with a subject that broke down", [judged(MUST, "broken")], {}, "not conforming", [`failed: ${MUST}`]],
    [
      "with a listed failure that passed",
      [judged(MUST, "unexpected-pass")],
      {},
      "not conforming",
      [`failed: ${MUST}`],
    ],
    ["with a known failure", [passed, judged(MUST, "expected-failure")], {}, "conforming", []],
    ["with a warning", [passed, judged(SHOULD, "warning"), judged(HOSTILE, "warning")], {}, "conforming", []],
    [
      "with a MUST that was not run",
      [passed, judged(MUST, "not-run")],
      {},
      "inconclusive",
      [`not checked: ${MUST}`],
    ],
    ["with a SHOULD that was not run", [passed, judged(SHOULD, "not-run")], {}, "conforming", []],
    ["without the requests that no kernel sends", [passed, judged(HOSTILE, "not-run")], {}, "conforming", []],
    [
      "of a shard that did not reach a MUST",
      [passed, judged(MUST, "not-run")],
      { part: true },
      "conforming",
      [],
    ],
    [
      "of a run that was cut",
      [passed, judged(MUST, "not-run")],
      { complete: false },
      "inconclusive",
      ["not checked: the rest of the run: it did not come to its end"],
    ],
    [
      "of a run that was given up for a reason",
      [passed],
      { complete: false, unchecked: [{ what: "the rest", why: "it hangs" }] },
      "inconclusive",
      ["not checked: the rest: it hangs"],
    ],
    [
      "of a cut run in which something failed",
      [judged(MUST, "failed")],
      { complete: false },
      "not conforming",
      [`failed: ${MUST}`, "not checked: the rest of the run: it did not come to its end"],
    ],
    [
      "of a subject that cannot be asked",
      [judged(MUST, "not-applicable")],
      {},
      "inconclusive",
      ["not checked: any rule: the subject cannot be asked about one"],
    ],
  ])("%s", (_, outcomes, grounds, verdict, reasons) => {
    expect(verdictOf(outcomes, grounds)).toMatchObject({ verdict, reasons });
  });

  it("names some of many rules", () => {
    const many = Array.from({ length: 7 }, () => judged(MUST, "failed"));
    expect(verdictOf(many).reasons).toEqual([`failed: ${Array(5).fill(MUST).join(", ")} and 2 more`]);
  });

  it("says what was tested, within which limits, and what the subject cannot be asked", () => {
    const outcomes = [passed, judged(MUST, "passed"), judged("daemon/tree/open", "not-applicable")];
    expect(verdictOf(outcomes, { limits: ["shard 1 of 2"] }).scope).toBe(
      "tested: daemon/init and daemon/life; shard 1 of 2; not tested, because this subject cannot be asked about it: daemon/tree",
    );
    expect(verdictOf(outcomes, { narrowed: true }).scope).toBe("tested: daemon/init and daemon/life");
    expect(verdictOf([judged(MUST, "not-run")]).scope).toBe("nothing was tested");
  });
});

it("the numbers of all outcomes add up", () => {
  const outcomes = [
    "passed",
    "failed",
    "broken",
    "unexpected-pass",
    "warning",
    "expected-failure",
    "not-run",
    "not-applicable",
  ] as const;
  const counts = countsOf(outcomes.map((outcome) => ({ outcome })));
  expect(counts).toEqual({ passed: 1, failed: 3, warnings: 1, known: 1, notRun: 1, notApplicable: 1 });
  expect(Object.values(counts).reduce((a, b) => a + b)).toBe(outcomes.length);
});

it("only a SHOULD and what no kernel sends are warnings", () => {
  expect([MUST, SHOULD, HOSTILE].map((id) => onlyWarns(id as typeof MUST))).toEqual([false, true, true]);
});

it.each<[RunVerdict[], RunVerdict, number]>([
  [[], "conforming", 0],
  [["conforming", "conforming"], "conforming", 0],
  [["conforming", "inconclusive"], "inconclusive", 4],
  [["inconclusive", "not conforming", "conforming"], "not conforming", 1],
])("several runs, %j, end as %s", (verdicts, worst, status) => {
  expect(worstOf(verdicts)).toBe(worst);
  expect(exitStatus(verdicts)).toBe(status);
});
