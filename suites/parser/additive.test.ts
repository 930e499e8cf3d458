/** What is kept of a message depends on its position and on nothing before it: the shards' ledgers add up to the run's. */
import { describe, expect, it } from "vitest";
import { DEFAULT_PROFILE } from "../../spec/index.ts";
import { badDriver, TABLE, tableMessage } from "../../test/bad-driver.ts";
import { runOver } from "../../test/runs.ts";
import { type Failure, Ledger } from "./failures/ledger.ts";
import { outcomesOf } from "./outcomes.ts";
import { ledgerFromJson, ledgerToJson } from "./stored.ts";

/** Runs that go beyond the fixed table where the subject is quick; who crashes more than 20 times is given up. */
const SUBJECTS = [
  ["conforms", 24_000, () => badDriver("frames", "none")],
  ["accepts everything", 24_000, () => badDriver("frames", "accept")],
  ["says another errno to one message", 3000, () => badDriver("frames", "wrong-errno", tableMessage(null))],
  ["crashes on one message", 300, () => badDriver("frames", "crash", TABLE[5])],
] as const;

/** All that a ledger says, its counts in the order of the rules. */
function said(ledger: Ledger) {
  const { counts: _, ...rest } = ledgerToJson(ledger);
  return {
    ...rest,
    outcomes: outcomesOf(ledger, [...ledger.failures.values()], DEFAULT_PROFILE, new Map(), []),
  };
}

describe("the parts of a run over a driver that", () => {
  it.each(SUBJECTS)("%s say together what the whole says", async (_, runs, driver) => {
    const whole = await runOver(driver().subject, { runs });
    expect(whole.budget.ended).toBeNull();
    for (const n of [2, 3]) {
      const sum = new Ledger();
      for (let i = n; i >= 1; i--)
        sum.add((await runOver(driver().subject, { runs, shard: { i, n } })).ledger);
      expect(said(sum)).toEqual(said(whole.ledger));
    }
  });
});

describe("more kinds of failure than are kept", () => {
  /** The n-th of many kinds, in letters, as numbers do not make one. */
  const kindOf = (n: number): Failure => ({
    rule: "fmap/map/simple",
    kind: "verdict",
    actual: `answer ${String.fromCharCode(97 + (n % 26), 97 + (Math.floor(n / 26) % 26))}`,
    question: { message: new Uint8Array([n]) },
    recipe: null,
  });
  // In no order, each twice or more, up to the end.
  const failing = Array.from(
    { length: 2000 },
    (_, position) => [kindOf((position * 7919) % 600), position] as const,
  );

  it("are counted, and of those that show first a message is kept, in shards as in the whole", () => {
    const whole = new Ledger();
    for (const [failure, position] of failing) whole.fail(failure, position);
    expect([whole.failures.size, whole.others.size]).toEqual([200, 400]);
    expect(Math.max(...[...whole.failures.values()].map((f) => f.position))).toBe(199);
    const sum = new Ledger();
    for (const i of [2, 0, 1]) {
      const shard = new Ledger();
      for (const [failure, position] of failing) if (position % 3 === i) shard.fail(failure, position);
      sum.add(ledgerFromJson(JSON.parse(JSON.stringify(ledgerToJson(shard)))));
    }
    const counted = (l: Ledger) => [...l.others.values()].sort((a, b) => (a.actual < b.actual ? -1 : 1));
    expect(ledgerToJson(sum).failures).toEqual(ledgerToJson(whole).failures);
    expect(counted(sum)).toEqual(counted(whole));
  });
});
