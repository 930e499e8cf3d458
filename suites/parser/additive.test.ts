/** What is kept of a message depends on its position and on nothing before it: the shards' ledgers add up to the run's. */
import { describe, expect, it } from "vitest";
import { DEFAULT_PROFILE } from "../../spec/index.ts";
import { badDriver, TABLE, tableMessage } from "../test/bad-driver.ts";
import { runOver } from "../test/runs.ts";
import { Ledger } from "./ledger.ts";
import { outcomesOf } from "./outcomes.ts";
import { ledgerToJson } from "./stored.ts";

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
  return { ...rest, outcomes: outcomesOf(ledger, [...ledger.failures.values()], DEFAULT_PROFILE, new Map()) };
}

describe("the parts of a run over a driver that", () => {
  it.each(SUBJECTS)("%s say together what the whole says", async (_, runs, driver) => {
    const whole = await runOver(driver().subject, { runs });
    expect(whole.ended).toBeNull();
    for (const n of [2, 3]) {
      const sum = new Ledger();
      for (let i = n; i >= 1; i--)
        sum.add((await runOver(driver().subject, { runs, shard: { i, n } })).ledger);
      expect(said(sum)).toEqual(said(whole.ledger));
    }
  });
});
