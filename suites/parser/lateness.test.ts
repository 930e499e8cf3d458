/** A driver that is late: slow where an answer still comes, hung where none does, and who is merely busy is neither. */
import { beforeAll, describe, expect, it } from "vitest";
import type { Protocol } from "../../subjects/driver/subject.ts";
import { badDriver, execTells, TABLE } from "../../test/bad-driver.ts";
import { runOver } from "../../test/runs.ts";
import type { ParserRun } from "./run.ts";

const TRIGGER = TABLE[5] as string;
/** Milliseconds; long enough to start a driver on a busy machine, as the drivers' sleep of 2500 ms is long enough. */
const TIMEOUT = 1500;
const RUNS = { frames: 100, ndjson: 100, exec: 8 } as const;

type Case = readonly [Protocol, deed: string, kind: string, detail: RegExp];
const CASES: readonly Case[] = [
  ["frames", "hang", "hang", /^no answer in 4500 ms$/],
  ["ndjson", "fall-silent", "hang", /^no answer in 4500 ms$/],
  ["exec", "hang", "hang", /^no exit in 4500 ms$/],
  ["frames", "slow", "slow", /^it answered after more than 1500 ms$/],
  ["ndjson", "slow", "slow", /^it answered after more than 1500 ms$/],
  ["exec", "slow", "slow", /^it answered after more than 1500 ms$/],
];

describe("a driver that is late", () => {
  const tells = execTells();
  const [ofExec, others] = [true, false].map((exec) => CASES.filter(([p]) => (p === "exec") === exec)) as [
    Case[],
    Case[],
  ];
  const asked = tells ? CASES : others;
  /** The runs over all of them at the same time: most of it is waiting. */
  const runs = new Map<string, ParserRun>();
  const left: string[] = [];
  beforeAll(async () => {
    await Promise.all(
      [...asked, ["frames", "busy"] as const].map(async ([protocol, deed]) => {
        const driver = badDriver(protocol, deed, deed === "busy" ? "all" : TRIGGER, TIMEOUT);
        const filter = (rule: string) => rule.startsWith("fmap/");
        runs.set(`${protocol} ${deed}`, await runOver(driver.subject, { runs: RUNS[protocol], filter }));
        left.push(...(await driver.left()));
      }),
    );
  }, 60_000);

  const judged = (...[protocol, deed, kind, detail]: Case) => {
    const { ledger, budget } = runs.get(`${protocol} ${deed}`) as ParserRun;
    const failures = [...ledger.failures.values()];
    expect(failures.map((f) => [f.kind, Buffer.from(f.question.message).toString("hex")])).toEqual([
      [kind, TRIGGER],
    ]);
    expect(failures[0]?.actual).toMatch(detail);
    expect(budget.ended).toBeNull();
    expect(ledger.messages).toBe(RUNS[protocol]);
  };
  const TITLE = "%s, %s: a %s, blamed on the message that did it";
  it.each(others)(TITLE, judged);
  it.skipIf(!tells).each(ofExec)(TITLE, judged);

  it("is not one that needs its time for a batch and answers each message in time", () => {
    const { ledger, budget } = runs.get("frames busy") as ParserRun;
    expect([...ledger.failures.values()]).toEqual([]);
    expect(budget.ended).toBeNull();
  });

  it("leaves no process behind", () => {
    expect(left).toEqual([]);
  });
});
