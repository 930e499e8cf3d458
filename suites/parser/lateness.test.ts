/** A driver that is late: slow where an answer still comes, hung where none does, and who is merely busy is neither. */
import { describe, expect, it } from "vitest";
import type { Protocol } from "../subjects/subject.ts";
import { badDriver, TABLE } from "../test/bad-driver.ts";
import { runOver } from "../test/runs.ts";

const TRIGGER = TABLE[5] as string;
/** Milliseconds; long enough to start a driver on a busy machine, as the drivers' sleep of 2500 ms is long enough. */
const TIMEOUT = 1500;
const RUNS = { frames: 100, ndjson: 100, exec: 8 } as const;

const CASES: readonly (readonly [Protocol, deed: string, kind: string, detail: RegExp])[] = [
  ["frames", "hang", "hang", /^no answer in 4500 ms$/],
  ["ndjson", "fall-silent", "hang", /^no answer in 4500 ms$/],
  ["exec", "hang", "hang", /^no exit in 4500 ms$/],
  ["frames", "slow", "slow", /^it answered after more than 1500 ms$/],
  ["ndjson", "slow", "slow", /^it answered after more than 1500 ms$/],
  ["exec", "slow", "slow", /^it answered after more than 1500 ms$/],
];

describe.concurrent("a driver that is late", () => {
  it.each(CASES)("%s, %s: a %s, blamed on the message that did it", async (protocol, deed, kind, detail) => {
    const driver = badDriver(protocol, deed, TRIGGER, TIMEOUT);
    const filter = (rule: string) => rule.startsWith("fmap/");
    const { ledger, ended } = await runOver(driver.subject, { runs: RUNS[protocol], filter });
    const failures = [...ledger.failures.values()];
    expect(failures.map((f) => [f.kind, Buffer.from(f.question.message).toString("hex")])).toEqual([
      [kind, TRIGGER],
    ]);
    expect(failures[0]?.actual).toMatch(detail);
    expect(ended).toBeNull();
    expect(ledger.messages).toBeGreaterThanOrEqual(RUNS[protocol]);
    expect(await driver.left()).toEqual([]);
  });

  it("is not one that needs its time for a batch and answers each message in time", async () => {
    const { subject } = badDriver("frames", "busy", "all", TIMEOUT);
    const { ledger, ended } = await runOver(subject, { runs: 80 });
    expect([...ledger.failures.values()]).toEqual([]);
    expect(ended).toBeNull();
  });
});
