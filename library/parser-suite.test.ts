import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import { misfit } from "../base/schema-check.ts";
import { readStored } from "../suites/stored/stored-document.ts";
import {
  failuresOf,
  judge,
  type ParserAnswer,
  type ParserFunction,
  parseKnownFailures,
  parserSuite,
  profiles,
  type ResolvedRange,
  renderReport,
  replay,
  resolve,
} from "./index.ts";

const rfcV2 = profiles["rfc-v2"];
const QUICK = { seed: 1, runs: 2000 } as const;
const right: ParserFunction = (message) => judge(rfcV2, message);

/** Right but for the messages that this rule refuses, of which it says something else. */
const wrongOn =
  (rule: string, says: () => ParserAnswer | Promise<ParserAnswer>): ParserFunction =>
  (message) => {
    const judged = judge(rfcV2, message);
    return "rule" in judged && judged.rule === rule ? says() : judged;
  };

/** Resolves as the kernel does, and by so much beside it. */
const resolving =
  (beside: bigint): ParserFunction =>
  (message) => {
    const judged = judge(rfcV2, message);
    if (judged.verdict !== "accept") return judged;
    return {
      ...judged,
      resolve(offset, length): ResolvedRange {
        const found = resolve(rfcV2, judged.map, offset, length);
        if (found.kind === "failed") return { errno: found.errno };
        return found.kind === "mapped" ? { ...found, offset: found.offset + beside } : { length: 0n };
      },
    };
  };

describe("the parser suite over a function", () => {
  it("has nothing to say of one that is right", async () => {
    const report = await parserSuite(right, QUICK);
    expect(failuresOf(report)).toEqual([]);
    expect(report).toMatchObject({ passed: true, complete: true, seed: 1, profile: "rfc-v2" });
    expect(report.messages).toBeGreaterThanOrEqual(2000);
    expect(misfit("report", report)).toBeNull();
    expect(readStored(Buffer.from(JSON.stringify(report)), "report.json")).toEqual(report);
  });

  it("takes answers that come later", async () => {
    const later: ParserFunction = async (message) => judge(rfcV2, message);
    expect(failuresOf(await parserSuite(later, QUICK))).toEqual([]);
  });

  it("gives it a message of its own to write on", async () => {
    const untidy: ParserFunction = (message) => {
      const judged = judge(rfcV2, message.slice());
      message.fill(0xff);
      return judged;
    };
    expect(failuresOf(await parserSuite(untidy, QUICK))).toEqual([]);
  });

  const RULE = "fmap/header/nextents-zero";
  const BROKEN: readonly (readonly [string, () => ParserAnswer | Promise<ParserAnswer>, string, RegExp])[] = [
    ["takes what is refused", () => ({ verdict: "accept" }), "verdict", /^accepted$/],
    ["says another errno", () => ({ verdict: "reject", errno: "ERANGE" }), "verdict", /^ERANGE$/],
    [
      "throws",
      () => {
        throw new RangeError("out of bounds");
      },
      "crash",
      /^it threw RangeError: out of bounds$/,
    ],
    [
      "throws what is no error",
      () => {
        throw "up";
      },
      "crash",
      /^it threw up$/,
    ],
    ["rejects its promise", () => Promise.reject(new Error("later")), "crash", /^it threw Error: later$/],
    [
      "never answers",
      () => wait(60_000, { verdict: "accept" } as const, { ref: false }),
      "hang",
      /^no answer in 20 ms$/,
    ],
    ["says nothing", () => undefined as unknown as ParserAnswer, "garbage", /neither accept, reject nor/],
    [
      "says an errno that there is none of",
      () => ({ verdict: "reject", errno: "EWRONG" as "EINVAL" }),
      "garbage",
      /^'EWRONG' is not a Linux errno$/,
    ],
    [
      "says a map that is none",
      () => ({ verdict: "accept", map: { extType: "simple", extents: [] } as never }),
      "garbage",
      /^its map is none: /,
    ],
  ];
  it.each(BROKEN)("catches one that %s", async (_, says, kind, actual) => {
    const report = await parserSuite(wrongOn(RULE, says), { ...QUICK, runs: 300, timeout: 20 });
    expect(report.passed).toBe(false);
    expect(report.counterexamples.map((c) => [c.rule, c.kind])).toEqual([[RULE, kind]]);
    expect(report.counterexamples[0]?.actual).toMatch(actual);
    expect(report.counterexamples[0]?.message.length).toBe(64);
    expect(failuresOf(report)).toEqual([expect.stringContaining(`${RULE}: expected EINVAL`)]);
    expect(misfit("report", report)).toBeNull();
  });

  it("compares what it resolves, if it does", async () => {
    expect(failuresOf(await parserSuite(resolving(0n), QUICK))).toEqual([]);
    const beside = await parserSuite(resolving(1n), QUICK);
    expect(new Set(beside.counterexamples.map((c) => c.rule))).toEqual(new Set(["resolve/simple"]));
  });

  it("does not compare what it leaves out, and says so", async () => {
    const bare: ParserFunction = (message) => {
      const judged = judge(rfcV2, message);
      return judged.verdict === "accept" ? { verdict: "accept" } : { verdict: "reject" };
    };
    const report = await parserSuite(bare, QUICK);
    expect(failuresOf(report)).toEqual([]);
    expect(report.notes.join()).toMatch(/only the verdict was compared/);
    const silent = await parserSuite(() => ({ verdict: "unspecified" }), QUICK);
    expect(failuresOf(silent)).toEqual([
      expect.stringMatching(/^not checked: (\d+) of \1 messages: the subject skipped them$/),
    ]);
  });

  it("takes its options", async () => {
    const counts: number[] = [];
    const report = await parserSuite((message) => judge(profiles.v10, message), {
      profile: profiles.v10,
      level: "quick",
      filter: ["fmap/strip/*"],
      shard: { i: 1, n: 2 },
      maxTime: 60,
      runs: 4000,
      failFast: true,
      strict: true,
      progress: ({ done }) => counts.push(done),
    });
    expect(failuresOf(report)).toEqual([]);
    expect(report.profile).toBe("v10");
    expect(counts.at(-1)).toBe(report.messages);
    await expect(parserSuite(right, { filter: ["no/such/*"] })).rejects.toThrow("matches no rule");
    const stopped = AbortSignal.abort();
    expect(failuresOf(await parserSuite(right, { signal: stopped }))).toEqual([
      "not checked: the rest of the run: interrupted",
    ]);
  });

  it("lets known failures pass, and tells one that passes", async () => {
    const known = parseKnownFailures(
      `${RULE}  # expected EINVAL, got accepted  # https://bug.invalid/1`,
      "known",
    );
    const failing = wrongOn(RULE, () => ({ verdict: "accept" }));
    expect(failuresOf(await parserSuite(failing, { ...QUICK, knownFailures: known }))).toEqual([]);
    expect(failuresOf(await parserSuite(failing, { ...QUICK, quarantine: known }))).toEqual([]);
    expect(failuresOf(await parserSuite(right, { ...QUICK, quarantine: known }))).toEqual([]);
    expect(failuresOf(await parserSuite(right, { ...QUICK, knownFailures: known }))).toEqual([
      `${RULE}: listed as a known failure, and passed`,
    ]);
  });
});

describe("the parser suite over what it starts itself", () => {
  it("is the suite of the command", async () => {
    const command = [process.execPath, join(PACKAGE_ROOT, "dist/cli/main.js"), "driver"];
    const report = await parserSuite({ kind: "driver", protocol: "ndjson", command }, { seed: 1, runs: 400 });
    expect(failuresOf(report)).toEqual([]);
  });

  it("does not start a function from its name", async () => {
    await expect(parserSuite({ kind: "function", name: "mine" })).rejects.toThrow(
      "the subject was the function mine of a program",
    );
  });
});

describe("a stored failure", () => {
  const RULE = "fmap/header/ext-type";
  const careless = wrongOn(RULE, () => ({ verdict: "accept" }));

  it("is fixed, failed or different", async () => {
    const [stored] = (await parserSuite(careless, QUICK)).counterexamples;
    if (stored === undefined) throw new Error("nothing failed");
    expect(stored.subject).toEqual({ kind: "function", name: "anonymous" });
    expect(await replay(stored, right)).toEqual({ outcome: "fixed", now: [] });
    expect(await replay(stored, careless)).toEqual({ outcome: "failed", now: ["accepted"] });
    const other = wrongOn(RULE, () => ({ verdict: "reject", errno: "EIO" }));
    expect(await replay(stored, other)).toEqual({ outcome: "different", now: ["EIO"] });
    expect(await replay(stored, { kind: "embedded" })).toEqual({ outcome: "fixed", now: [] });
  });

  it("needs a subject that could show it", async () => {
    const [stored] = (await parserSuite(careless, QUICK)).counterexamples;
    if (stored === undefined) throw new Error("nothing failed");
    await expect(replay(stored)).rejects.toThrow("call replay() there");
    await expect(replay(stored, ["./daemon"])).rejects.toThrow("a message is asked of a parser");
    await expect(replay({ ...stored, failAllocation: 1 }, right)).rejects.toThrow("needs a subject");
    await expect(replay({ ...stored, message: "zz" }, right)).rejects.toThrow(
      "what is replayed is no counterexample file: /message",
    );
    await expect(replay({ ...stored, profile: "v99" }, right)).rejects.toThrow("no profile 'v99'");
  });
});

describe("a report in another format", async () => {
  const report = await parserSuite(
    wrongOn("fmap/header/ext-type", () => ({ verdict: "accept" })),
    QUICK,
  );

  it("names how the failure is replayed", () => {
    expect(renderReport("text", report)).toContain(
      'await replay(JSON.parse(readFileSync("fmap-header-ext-type.json", "utf8")), anonymous)',
    );
    expect(renderReport("junit", [report], { storedAt: () => "x.json" })).toContain("x.json");
  });

  it("is what the command writes", () => {
    expect(JSON.parse(renderReport("json", report))).toEqual(JSON.parse(JSON.stringify(report)));
    expect(renderReport("tap", report, { stored: "a.json" })).toMatch(/^TAP version 14/);
    expect(renderReport("html", [report, report])).toMatch(/^<!doctype html>/i);
    expect(() => renderReport("kcidb", report)).toThrow("needs a submitter");
    const submitter = { origin: "me", buildId: "me:1" };
    expect(JSON.parse(renderReport("kcidb", report, { submitter })).tests.length).toBeGreaterThan(10);
  });
});
