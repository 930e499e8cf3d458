/** Every failure is asked again from its bytes: what comes and goes is told from what is there each time. */
import { describe, expect, it } from "vitest";
import { SubjectError } from "../../base/errors.ts";
import { badDriver } from "../../test/bad-driver.ts";
import { reportOn } from "../../test/runs.ts";
import { flakiness, repeat } from "../run/repeats.ts";

describe("a driver that lies", () => {
  it("each time fails three of three times", async () => {
    const { counterexamples } = await reportOn(badDriver("ndjson", "accept").subject);
    expect(counterexamples.length).toBeGreaterThan(0);
    for (const c of counterexamples) expect(c.repeats).toEqual({ tries: 3, failed: 3 });
  });

  it.each(["frames", "ndjson"] as const)(
    "every third time, in %s, is flaky and fails the run",
    async (protocol) => {
      const report = await reportOn(badDriver(protocol, "wrong-errno", "every=3").subject, { runs: 40 });
      expect(report.passed).toBe(false);
      expect(report.counterexamples.length).toBeGreaterThan(0);
      for (const { repeats } of report.counterexamples) {
        expect(repeats?.tries).toBe(3);
        expect(repeats?.failed).toBeLessThan(3);
        expect(flakiness(repeats)).toMatch(/^flaky: failed [012] of 3 times/);
      }
    },
  );

  it("is not asked again by a run that was told to stop, nor when it does not come back", async () => {
    const stop = new AbortController();
    const { subject } = badDriver("frames", "accept");
    const progress = () => stop.abort();
    const stopped = await reportOn(subject, { signal: stop.signal, progress });
    expect(stopped.counterexamples[0]).not.toHaveProperty("repeats");

    const leaving = badDriver("frames", "accept").subject;
    leaving.restart = () => Promise.reject(new SubjectError("gone"));
    const left = await reportOn(leaving, { failFast: true });
    expect(left.counterexamples[0]).not.toHaveProperty("repeats");
  });
});

describe("what is repeated", () => {
  it("is counted", async () => {
    expect(await repeat(async (n) => n !== 1)).toEqual({ tries: 3, failed: 2 });
    expect(await repeat(async (n) => (n === 2 ? null : true))).toBeNull();
  });

  it("is flaky where it was not there each time", () => {
    expect(flakiness({ tries: 3, failed: 3 })).toBeNull();
    expect(flakiness(undefined)).toBeNull();
    expect(flakiness({ tries: 3, failed: 0 })).toBe("flaky: failed 0 of 3 times when it was asked again");
  });
});

it("a message that was only late once is no witness of a hang: the one before it is", async () => {
  const { subject } = badDriver("ndjson", "accept", "none");
  const hang = { kind: "hang", detail: "no answer in 1500 ms" } as const;
  const ask = subject.question.bind(subject);
  const late = new Set<string>();
  let guilty: string | undefined;
  // It hangs at one message, and while that is shrunk each other one is late once.
  subject.question = async (q) => {
    const message = Buffer.from(q.message).toString("hex");
    if (guilty === undefined && q.message.length > 100) guilty = message;
    if (guilty === message) return hang;
    if (guilty === undefined || late.has(message)) return ask(q);
    late.add(message);
    return hang;
  };
  const { counterexamples } = await reportOn(subject, { failFast: true });
  const stored = counterexamples.find((c) => c.kind === "hang");
  expect(late.size).toBeGreaterThan(0);
  expect(stored).toMatchObject({ message: guilty, repeats: { tries: 1, failed: 1 } });
});
