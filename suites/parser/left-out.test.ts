/** What a driver does not tell cannot fail, and is not called passed either. */
import { describe, expect, it } from "vitest";
import { badDriver, tableMessage } from "../../test/bad-driver.ts";
import { reportOn } from "../../test/runs.ts";

/** Messages in which every rule has its turn. */
const RUNS = 300;

describe("a driver that", () => {
  it("skips everything conforms to nothing", async () => {
    const report = await reportOn(badDriver("exec", "skip").subject, { runs: 20 });
    expect(report).toMatchObject({
      verdict: "inconclusive",
      passed: false,
      messages: 20,
      counterexamples: [],
      unchecked: [{ what: "20 of 20 messages", why: "the subject skipped them" }],
    });
    expect(report.rules.filter((r) => r.outcome === "passed")).toEqual([]);
    expect(report.notes).toContain("the subject skipped 20 messages");
  });

  it("skips one message is held to the others", async () => {
    const rule = "fmap/header/nextents-limit";
    const report = await reportOn(badDriver("ndjson", "skip", tableMessage(rule)).subject, {
      runs: RUNS,
    });
    expect(report.verdict).toBe("conforming");
    expect(report.rules.find((r) => r.rule === "fmap/map/simple")?.outcome).toBe("passed");
    expect(report.notes).toEqual([expect.stringMatching(/^the subject skipped \d+ messages?$/)]);
  });

  it("does not tell its map is compared by verdict alone, and that is noted", async () => {
    const report = await reportOn(badDriver("frames", "accept", tableMessage(null)).subject, { runs: RUNS });
    expect(report.verdict).toBe("conforming");
    expect(report.notes).toEqual([
      expect.stringMatching(/^of \d+ accepted messages only the verdict was compared/),
    ]);
  });

  it("does not resolve is not held to the rules of resolving", async () => {
    const report = await reportOn(badDriver("ndjson", "none").subject, { runs: RUNS });
    expect(report.verdict).toBe("conforming");
    const resolving = report.rules.filter((r) => r.rule.startsWith("resolve/"));
    expect(new Set(resolving.map((r) => `${r.outcome}: ${r.reason}`))).toEqual(
      new Set(["not-applicable: the subject does not resolve offsets"]),
    );
  });
});
