/** How a run ends that is not to be finished: given up, out of time, interrupted. What it has seen stays. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { misfit } from "../../base/schema-check.ts";
import { badDriver, driverSubject } from "../../test/bad-driver.ts";
import { reportOn, runOver } from "../../test/runs.ts";
import { FALSE } from "../../test/trivial-programs.ts";

const folder = mkdtempSync(join(tmpdir(), "fmapspec-endings-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A driver that can be started once only, and ends at the first question. */
const ONCE = [
  "sh",
  "-c",
  `read start; [ -e "$0" ] && exit 1; : > "$0"
   echo '{"version":1,"implementation":{"name":"once"}}'; read question; exit 3`,
  join(folder, "started"),
];

describe("a run", () => {
  it("is given up on a subject that breaks down all the time", async () => {
    const report = await reportOn(driverSubject("frames", FALSE));
    expect(report).toMatchObject({ complete: false, passed: false });
    expect(report.notes).toContain("given up after the subject broke down 21 times");
    expect(report.counterexamples.map((c) => c.actual)).toContain(
      "ended with status 1 before it was told to stop",
    );
    expect(misfit("report", report)).toBeNull();
  });

  it("is given up on a subject that does not start again, with what it did before", async () => {
    const { ledger, budget } = await runOver(driverSubject("ndjson", ONCE));
    expect(budget.ended).toMatch(
      /^given up: the driver did not answer \{"cmd":"start","version":1\}: ended with status 1/,
    );
    expect([...ledger.failures.values()]).toMatchObject([
      {
        kind: "exit",
        actual: expect.stringMatching(
          /^ended with status 3 before it was told to stop, after 0 of \d+ answers$/,
        ),
      },
    ]);
  });

  it("that is out of time while the subject hangs, says that it hung", async () => {
    const { ledger } = await runOver(
      driverSubject("frames", [process.execPath, "-e", "setTimeout(() => {}, 60_000)"], 100),
      { maxTime: 0.1 },
    );
    expect([...ledger.failures.values()].map((f) => [f.kind, f.actual])).toEqual([
      ["hang", "no answer in 300 ms, after 0 of 100 answers"],
    ]);
  });

  it("whose filter leaves nothing goes through its messages and ends", async () => {
    const { ledger, budget } = await runOver(badDriver("frames", "none").subject, {
      runs: 25_000,
      filter: () => false,
    });
    expect([ledger.messages, budget.ended]).toEqual([0, null]);
  });

  it("whose filter leaves nothing of endless messages hears that it is interrupted", async () => {
    const signal = AbortSignal.timeout(200);
    const endless = { level: "soak", runs: Number.POSITIVE_INFINITY, filter: () => false, signal } as const;
    const { budget } = await runOver(badDriver("frames", "none").subject, endless);
    expect(budget.ended).toBe("interrupted");
  });

  it("stops at the first failure when told to", async () => {
    const report = await reportOn(badDriver("frames", "accept").subject, { runs: 1000, failFast: true });
    expect(report.counterexamples).toHaveLength(1);
    expect(report.notes).toContain("stopped at the first failure");
  });

  it("that is interrupted reports what it has, without shrinking on", async () => {
    const abort = new AbortController();
    const { subject, left } = badDriver("frames", "accept");
    const report = await reportOn(subject, {
      runs: 100_000,
      signal: abort.signal,
      progress: ({ done }) => done > 1000 && abort.abort(),
    });
    expect(report).toMatchObject({ complete: false, passed: false });
    expect(report.messages).toBeLessThan(100_000);
    expect(report.counterexamples.length).toBeGreaterThan(5);
    expect(report.notes).toContain("interrupted");
    expect(misfit("report", report)).toBeNull();
    expect(await left()).toEqual([]);
  });
});

describe("a failure that shows only with several messages in flight", () => {
  it.each([
    [
      "crash-in-flight",
      "crash",
      /^killed by SIGSEGV; stderr: about to die, after \d+ of 100 answers \(only with others in flight\)$/,
    ],
    ["wrong-errno-in-flight", "verdict", /^EIO \(only with others in flight\)$/],
  ])("%s is said to be one", async (deed, kind, actual) => {
    const { ledger } = await runOver(badDriver("frames", deed).subject);
    const failures = [...ledger.failures.values()];
    expect(new Set(failures.map((f) => f.kind))).toEqual(new Set([kind]));
    for (const f of failures) expect(f.actual).toMatch(actual);
    expect(failures.length).toBeGreaterThan(0);
  });
});
