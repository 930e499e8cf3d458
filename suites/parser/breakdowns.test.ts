/** A driver that breaks down on one message: named as what it is, blamed on that message, and the run goes on. */
import { describe, expect, it } from "vitest";
import type { Protocol } from "../../subjects/driver/subject.ts";
import { badDriver, execTells, TABLE } from "../../test/bad-driver.ts";
import { runOver } from "../../test/runs.ts";

/** In the middle of the first batch of every protocol, and in no other. */
const TRIGGER = TABLE[5] as string;
const RUNS = { frames: 100, ndjson: 100, exec: 8 } as const;

type Case = readonly [deed: string, kind: string, detail: RegExp];

const EVERYWHERE: readonly Case[] = [
  ["crash", "crash", /^killed by SIGSEGV; stderr: about to die$/],
  ["exit-3", "exit", /status 3/],
  ["orphan", "exit", /status 0/],
];
const CASES: Readonly<Record<Protocol, readonly Case[]>> = {
  frames: [
    ...EVERYWHERE,
    ["exit-0", "exit", /^ended with status 0 before it was told to stop$/],
    ["crash-holding", "crash", /^killed by SIGSEGV/],
    ["short-frame", "garbage", /^a reply frame says it is 2 bytes long; 4 to \d+ are possible$/],
    ["long-frame", "garbage", /^a reply frame says it is 2147483647 bytes long/],
    ["positive-rc", "garbage", /^rc 22 is neither 0 nor a negative errno$/],
    ["huge-rc", "garbage", /^rc -4096 is neither 0 nor a negative errno$/],
    ["reject-with-map", "garbage", /^a reply with rc -22 is 36 bytes long$/],
    ["twice", "garbage", /^\d+ bytes follow the answer$/],
    ["flood", "garbage", /^\d+ bytes follow the answer$/],
    ["endless-line", "garbage", /^a reply frame says it is \d+ bytes long/],
  ],
  ndjson: [
    ...EVERYWHERE,
    ["exit-0", "exit", /^ended with status 0 before it was told to stop$/],
    ["crash-holding", "crash", /^killed by SIGSEGV/],
    ["not-json", "garbage", /^'EINVAL' is not JSON$/],
    ["no-such-verdict", "garbage", /does not fit: \/verdict: must be equal to constant/],
    ["wrong-seq", "garbage", /^the answer to seq \d+ is for seq \d+$/],
    ["no-such-errno", "garbage", /^'EWHAT' is not a Linux errno$/],
    ["twice", "garbage", /^it said '\{"seq":.* after the last answer that was due$/],
    ["half-a-line-more", "garbage", /^it said 'and' after the last answer that was due$/],
    ["flood", "garbage", /^it said 'xxx.* after the last answer that was due$/],
    ["endless-line", "garbage", /^a line of more than \d+ bytes$/],
  ],
  exec: [
    ["crash", "crash", /^killed by SIGSEGV; stderr: about to die$/],
    ["exit-3", "exit", /^exit status 3; 0, 1 or 89 was expected$/],
    ["no-such-errno", "garbage", /^'EWHAT' is not a Linux errno$/],
    ["not-an-errno", "garbage", /^'no, thanks' is not a Linux errno$/],
    ["flood", "garbage", /^more than 4096 bytes on stdout$/],
  ],
};

for (const [protocol, cases] of Object.entries(CASES) as [Protocol, readonly Case[]][])
  describe.skipIf(protocol === "exec" && !execTells())(`a driver that speaks ${protocol}`, () => {
    it.each(cases)("%s is a %s, blamed on the message that did it", async (deed, kind, detail) => {
      const driver = badDriver(protocol, deed, TRIGGER);
      const filter = (rule: string) => rule.startsWith("fmap/");
      const { ledger, budget } = await runOver(driver.subject, { runs: RUNS[protocol], filter });
      const failures = [...ledger.failures.values()];
      expect(failures.map((f) => [f.kind, Buffer.from(f.question.message).toString("hex")])).toEqual([
        [kind, TRIGGER],
      ]);
      expect(failures[0]?.actual).toMatch(detail);
      expect(budget.ended).toBeNull();
      expect(ledger.messages).toBeGreaterThanOrEqual(RUNS[protocol]);
      expect(await driver.left()).toEqual([]);
    });
  });
