/** What the writers are told of a run. */
import { describe, expect, it } from "vitest";
import { misfit } from "../../base/schema-check.ts";
import { RULES } from "../../spec/index.ts";
import type { DaemonReport, StoredSession } from "../../suites/index.ts";
import { sampleCounterexample } from "../../test/sample-report.ts";
import { daemonSample, parserSample, skippedSample } from "../test/samples.ts";
import { WRITERS } from "../writers.ts";
import { daemonResult } from "./daemon-result.ts";
import { allSkipped, isBad, type Result } from "./result.ts";
import { because, tally } from "./summary.ts";

const of = (r: Result, id: string) => r.tests.find((t) => t.id === id);
const PASSED = {
  rules: [{ rule: "fmap/header/underflow", outcome: "passed", messages: 1, failed: 0 }],
  counterexamples: [],
  findings: [],
  notes: [],
} as const;

describe("a parser's run", () => {
  it("has a test for each rule, for each hazard, for what nobody predicted, and for its end", () => {
    const ids = parserSample().tests.map((t) => t.id);
    expect(new Set(ids).size).toBe(ids.length);
    const hazards = RULES.filter((r) => r.needs === "observation" && "rfc-v2" in r.source).map((r) => r.id);
    expect(ids.slice(9)).toEqual([...hazards, "hazard/unpredicted", "run/complete"]);
    expect(
      parserSample("x", PASSED)
        .tests.slice(1)
        .map((t) => t.id),
    ).toEqual(ids.slice(9));
  });

  it("is broken where the subject gave no answer to judge, and failed where it gave a wrong one", () => {
    const r = parserSample();
    expect(of(r, "fmap/header/nextents-limit")?.outcome).toBe("failed");
    expect(of(r, "fmap/header/ext-type")?.outcome).toBe("broken");
    const counterexamples = [
      sampleCounterexample({ rule: "fmap/header/ext-type", kind: "hang" }),
      sampleCounterexample({ rule: "fmap/header/ext-type" }),
    ];
    expect(of(parserSample("x", { counterexamples }), "fmap/header/ext-type")?.outcome).toBe("failed");
  });

  it("shows a failure that comes down to another rule by that rule's bytes", () => {
    expect(of(parserSample(), "fmap/simple/devindex")?.failures).toEqual(
      of(parserSample(), "fmap/header/nextents-limit")?.failures,
    );
  });

  it("has the map of a message that is to be accepted", () => {
    const message = `0000010000000000010000000000000000002000000000000000000000000000${"00".repeat(16)}0000200000000000`;
    const counterexamples = [sampleCounterexample({ message, actual: "EINVAL" })];
    const [shown] = of(parserSample("x", { counterexamples }), "fmap/header/nextents-limit")?.failures ?? [];
    expect(shown).toMatchObject({ expected: "accept", marks: [], map: { fileSize: 2n << 20n } });
  });

  it("tells the circumstances of a message", () => {
    const counterexamples = [
      sampleCounterexample({ kind: "install", actual: "leaked", failAllocation: 2, scene: "mapped" }),
    ];
    const [shown] = of(parserSample("x", { counterexamples }), "fmap/header/nextents-limit")?.failures ?? [];
    expect(shown?.actual).toBe("install: leaked, while allocation 2 fails, in scene mapped");
    expect(shown?.expected).toBe("E2BIG");
  });

  it("counts a known hazard only when it is strict, and an unknown one always", () => {
    expect(of(parserSample(), "hazard/strips-leak")?.outcome).toBe("expected-failure");
    expect(of(parserSample("x", {}, true), "hazard/strips-leak")?.outcome).toBe("failed");
    expect(of(parserSample(), "hazard/unpredicted")?.outcome).toBe("failed");
    expect(of(parserSample("x", PASSED), "hazard/unpredicted")?.outcome).toBe("passed");
    expect(of(parserSample("x", PASSED), "hazard/strips-leak")?.outcome).toBe("not-applicable");
    const driver = parserSample("x", { ...PASSED, subject: { kind: "embedded" } });
    expect(of(driver, "hazard/unpredicted")?.outcome).toBe("not-applicable");
    expect(of(driver, "hazard/strips-leak")?.outcome).toBe("not-applicable");
  });

  it("shows a finding without a message", () => {
    const findings = [{ rule: null, what: "a leak", predicted: false, messages: 1 }];
    expect(of(parserSample("x", { findings }), "hazard/unpredicted")?.failures).toMatchObject([
      { kind: "finding", message: null, actual: "a leak", reproduce: "", stored: null },
    ]);
  });

  it("passes when nothing counts against it, and never when it was cut short", () => {
    expect(parserSample("x", PASSED).tests.some(isBad)).toBe(false);
    const unchecked = [{ what: "the rest of the run", why: "given up" }];
    const cut = parserSample("x", { ...PASSED, complete: false, unchecked });
    expect(cut.tests.filter(isBad)).toMatchObject([
      {
        id: "run/complete",
        outcome: "inconclusive",
        reason: "not checked: the rest of the run: given up",
      },
    ]);
    const silent = parserSample("x", { ...PASSED, complete: false });
    expect(silent.tests.at(-1)?.reason).toBe("not checked: the rest of the run: it did not come to its end");
    expect(allSkipped([silent])).toBe(false);
    const failing = parserSample("x", { complete: false, unchecked });
    expect(failing.conclusion.verdict).toBe("not conforming");
    expect(failing.tests.at(-1)).toMatchObject({
      outcome: "inconclusive",
      reason: "not checked: the rest of the run: given up",
    });
  });

  it("knows when nothing was tested", () => {
    expect(allSkipped([skippedSample()])).toBe(true);
    expect(skippedSample().tests.filter(isBad)).toMatchObject([
      {
        id: "run/complete",
        outcome: "inconclusive",
        reason: "not checked: any rule: the subject cannot be asked about one",
      },
    ]);
    expect(allSkipped([skippedSample(), parserSample("x", PASSED)])).toBe(false);
  });

  it("says in one line why", () => {
    const r = parserSample("wrong");
    const line = (id: string) => because(of(r, id) as Result["tests"][number]);
    expect(line("fmap/header/nextents-limit")).toBe("expected wrong, got wrong");
    expect(line("fmap/strip/devindex")).toBe("wrong");
    expect(line("fmap/header/underflow")).toBe("");
    const bare = parserSample("x", { counterexamples: [] });
    expect(because(of(bare, "fmap/header/ext-type") as Result["tests"][number])).toBe("2 of 9 checks failed");
    expect(tally(r, "failed", "broken")).toBe(
      r.tests.filter((t) => t.outcome === "failed" || t.outcome === "broken").length,
    );
  });
});

describe("a daemon's run", () => {
  it("is broken where the daemon went away, and does not count what is only reported", () => {
    const r = daemonSample();
    expect(of(r, "daemon/reply/answered")?.outcome).toBe("failed");
    expect(of(r, "daemon/life/stays")?.outcome).toBe("broken");
    expect(of(r, "robustness/survives")?.outcome).toBe("warning");
    expect(of(r, "daemon/init/version")?.outcome).toBe("passed");
  });

  it("shows each failure by its file, and how one of a session comes and goes", () => {
    const { subject } = daemonSample().document as DaemonReport;
    const rule = "daemon/reply/answered" as const;
    const versions = { fmapspec: "0", fastCheck: "4", node: "20" };
    const about = { profile: "rfc-v2", seed: 7, rule, detail: "x", subject, versions };
    const session = (failed: number): StoredSession => ({
      format: "fmapspec-session",
      version: 1,
      ...about,
      repeats: { tries: 3, failed },
      files: [],
      steps: [],
      transcript: [],
    });
    const shown = (failed: number) => of(daemonSample("x", { session: session(failed) }), rule)?.failures;
    const path = "out/daemon-reply-answered.json";
    expect(shown(3)).toMatchObject([{ reproduce: `fmapspec replay ${path}`, stored: path, flaky: null }]);
    expect(shown(1)).toMatchObject([{ flaky: "flaky: failed 1 of 3 times when it was asked again" }]);
    expect(of(daemonSample(), "daemon/life/stays")?.failures[0]?.flaky).toBeNull();
  });

  it("shows what it says of a map by the map's own message, with what a kernel makes of that", () => {
    const rule = "daemon/fmap/accepted" as const;
    const rules = [{ rule, outcome: "failed", messages: 1, failed: 1 }] as const;
    const shown = (reply: string) =>
      of(daemonSample("x", { rules, failures: [{ rule, detail: "x", reply }] }), rule)?.failures;
    const tooMany = `000001000000000021000000${"00".repeat(20)}`;
    const mark = { offset: 8, text: "E2BIG fmap/header/nextents-limit" };
    expect(shown(tooMany)).toMatchObject([{ message: tooMany, reply: null, map: null, marks: [mark] }]);
    const good = `0000010000000000010000000000000000002000000000000000000000000000${"00".repeat(16)}0000200000000000`;
    expect(shown(good)).toMatchObject([{ message: good, marks: [], map: { fileSize: 2n << 20n } }]);
  });

  it("is run again by a line that a shell takes", () => {
    const { document } = daemonSample();
    const r = daemonResult(document as DaemonReport, "r", () => "my out/it's.json");
    expect(of(r, "daemon/reply/answered")?.failures[0]?.reproduce).toBe(
      "fmapspec replay 'my out/it'\\''s.json'",
    );
  });
});

describe("JSON", () => {
  it("is the report itself, or a list of them", () => {
    const one = JSON.parse(WRITERS.json([parserSample()]));
    expect(misfit("report", one)).toBeNull();
    const two = JSON.parse(WRITERS.json([parserSample(), daemonSample()]));
    expect(misfit("report", two[0])).toBeNull();
    expect(misfit("daemon-report", two[1])).toBeNull();
  });
});
