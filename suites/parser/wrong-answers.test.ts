/** A driver that answers, and wrongly: which rule it breaks, and how its answer differs. */
import { describe, expect, it } from "vitest";
import { type RuleId, rule } from "../../spec/index.ts";
import type { Protocol } from "../../subjects/driver/subject.ts";
import { badDriver, execTells, tableMessage } from "../../test/bad-driver.ts";
import { reportOn, runOver } from "../../test/runs.ts";
import { exampleRules } from "../run/outcome.ts";

const LIMIT: RuleId = "fmap/header/nextents-limit";
const SIMPLE: RuleId = "fmap/map/simple";

/** `rule`: decides about the message that is answered wrongly. */
type Case = readonly [Protocol, deed: string, rule: RuleId, kind: string, actual: RegExp];
const CASES: readonly Case[] = [
  ["frames", "wrong-errno", LIMIT, "verdict", /^EIO$/],
  ["frames", "wrong-errno", SIMPLE, "verdict", /^EIO$/],
  ["frames", "accept", LIMIT, "verdict", /^accepted$/],
  [
    "frames",
    "wrong-map",
    SIMPLE,
    "map",
    /^accepted with another map: extents\/0\/offset is \d+, expected 0$/,
  ],
  ["frames", "odd-map", SIMPLE, "map", /^accepted, but its map cannot be read: /],
  ["ndjson", "wrong-errno", LIMIT, "verdict", /^EIO$/],
  ["ndjson", "accept", LIMIT, "verdict", /^accepted$/],
  ["ndjson", "wrong-map", SIMPLE, "map", /^accepted with another map: fileSize is 1, expected 2097152$/],
  ["exec", "wrong-errno", LIMIT, "verdict", /^EIO$/],
  ["exec", "accept", LIMIT, "verdict", /^accepted$/],
  ["exec", "refuse", SIMPLE, "verdict", /^refused$/],
];

describe("a wrong answer", () => {
  const judged = async (...[protocol, deed, broken, kind, actual]: Case) => {
    const trigger = tableMessage(broken === SIMPLE ? null : broken);
    const { subject } = badDriver(protocol, deed, trigger);
    const { ledger } = await runOver(subject, { runs: 60, filter: (id) => id === broken });
    const failures = [...ledger.failures.values()];
    expect(failures.map((f) => [f.rule, f.kind, Buffer.from(f.question.message).toString("hex")])).toEqual([
      [broken, kind, trigger],
    ]);
    expect(failures[0]?.actual).toMatch(actual);
  };
  const TITLE = "%s, %s to a message of %s: %s";
  it.each(CASES.filter(([protocol]) => protocol !== "exec"))(TITLE, judged);
  it.skipIf(!execTells()).each(CASES.filter(([protocol]) => protocol === "exec"))(TITLE, judged);

  it("is no wrong answer where an exec driver refuses without an errno what has to be refused", async () => {
    const { subject } = badDriver("exec", "refuse", tableMessage(LIMIT));
    const { ledger } = await runOver(subject, { runs: 60, filter: (id) => id === LIMIT });
    expect([...ledger.failures]).toEqual([]);
  });

  it.each([
    ["wrong-resolution", "resolution", /^\d+ bytes at \d+: EIO$/],
    ["one-resolution", "garbage", /^1 resolutions for \d+ questions$/],
  ])("%s", async (deed, kind, actual) => {
    const { subject } = badDriver("ndjson", deed);
    const { ledger } = await runOver(subject, {
      runs: 1,
      failFast: true,
      filter: (id) => id.startsWith("resolve/"),
    });
    const [failure, ...more] = [...ledger.failures.values()];
    expect(more).toEqual([]);
    expect(failure).toMatchObject({ kind, actual: expect.stringMatching(actual) });
  });

  it("to everything fails every rule that refuses, even where one message shows it for several", async () => {
    const report = await reportOn(badDriver("frames", "accept").subject, { runs: 1500 });
    const shown = new Set(report.counterexamples.map((c) => c.rule));
    const refusing = report.rules.filter((r) => rule(r.rule).errno !== undefined && r.messages > 0);
    expect(refusing.length).toBeGreaterThanOrEqual(17);
    for (const r of refusing) {
      expect([r.rule, r.outcome, r.failed]).toEqual([r.rule, "failed", r.messages]);
      expect(exampleRules(r).some((id) => shown.has(id as RuleId))).toBe(true);
    }
    expect(report.passed).toBe(false);
  });
});
