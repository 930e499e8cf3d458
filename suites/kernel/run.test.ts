/** The live suite over kernels that are played: faithful ones pass, and each planted fault is found under its own rule. */
import { describe, expect, it } from "vitest";
import { continueExchange, installFmap, parseFmap, type SettledVerdict } from "../../oracles/index.ts";
import { ERRNO, PROFILES, type Profile, profileNamed, type RuleId } from "../../spec/index.ts";
import type { Deeds } from "./test/played-kernel.ts";
import { playedReport } from "./test/played-report.ts";

const named = (name: string) => profileNamed(name) as Profile;

const failedRules = (report: Awaited<ReturnType<typeof playedReport>>) => [
  ...new Set(report.counterexamples.map((c) => c.rule)),
];

/** What so few messages do not reach: with replies of 4096 bytes no simple extent lies beyond the end, and hardly a head. */
const UNREACHED: Readonly<Record<string, readonly RuleId[]>> = {
  "rfc-v1": ["fmap/simple/underflow", "fmap/interleaved/header-underflow"],
};

it.each(PROFILES.map((p) => [p.name, p] as const))("%s, played faithfully, passes", async (_, profile) => {
  const report = await playedReport(profile);
  expect(report.counterexamples).toEqual([]);
  const verdict = profile.name in UNREACHED ? "inconclusive" : "conforming";
  expect(report).toMatchObject({ verdict, complete: true, suite: "kernel" });
  const unreached = report.rules.filter((r) => r.outcome === "not-run").map((r) => r.rule);
  expect(unreached).toEqual(UNREACHED[profile.name] ?? []);
});

/** A fault of a kernel of that profile, and the rule that it is found under. */
const FAULTS: readonly (readonly [RuleId, string, Partial<Deeds>])[] = [
  ["exchange/only-agreed", "rfc-v2", { asks: () => true }],
  [
    "exchange/already-mapped",
    "rfc-v2",
    { begin: ({ replySize }) => ({ state: "asking", size: replySize.first, retried: false }) },
  ],
  ["exchange/first-size", "rfc-v2", { body: (_, size) => u32s(size, 1) }],
  ["exchange/no-body", "v3", { body: (_, size) => u32s(size, 0) }],
  [
    "exchange/server-error",
    "v3",
    { proceed: (p, asking, a) => continueExchange(p, asking, "errno" in a ? { errno: "EINTR" } : a) },
  ],
  [
    "exchange/oversized-reply",
    "v3",
    {
      takes: () => true,
      proceed: (p, asking, a) =>
        continueExchange(p, asking, "payload" in a ? { payload: a.payload.subarray(0, asking.size) } : a),
    },
  ],
  ["exchange/exact-size", "rfc-v1", { takes: () => true }],
  [
    "exchange/no-size-reply",
    "v3",
    {
      proceed: (p, asking, a) =>
        "payload" in a && a.payload.length === 4 && !asking.retried
          ? { ...asking, retried: true }
          : continueExchange(p, asking, a),
    },
  ],
  ["exchange/short-reply", "simple-only", { proceed: toParserFrom("exchange/short-reply") }],
  ["exchange/size-asked", "simple-only", { proceed: never() }],
  ["exchange/size-limit", "simple-only", { proceed: insistOn("exchange/size-limit") }],
  ["exchange/size-grew", "simple-only", { proceed: insistOn("exchange/size-grew") }],
  ["exchange/size-range", "rfc-v2", { proceed: insistOn("exchange/size-range") }],
  [
    "exchange/retry-once",
    "rfc-v2",
    {
      proceed: (p, asking, a) =>
        asking.retried && asking.size === 4096 && "payload" in a && a.payload.length === 4
          ? { ...asking, size: 4095 }
          : continueExchange(p, asking, a),
    },
  ],
  [
    "exchange/result-dropped",
    "rfc-v2",
    { result: (rc, { message, inode }) => (message && inode.map === null ? -ERRNO.EINVAL : rc) },
  ],
  [
    "exchange/open-ignores",
    "rfc-v2",
    { result: (rc, { message, inode }) => (message || inode.map !== null ? rc : -ERRNO.EIO) },
  ],
  ["exchange/open-fails", "v3", { result: () => 0 }],
  ["exchange/daxdev-asked", "rfc-v2", { daxdevs: () => [] }],
  ["exchange/daxdev-failure", "v3", { result: (rc, { daxdevError }) => daxdevError || rc }],
  [
    "install/publish",
    "rfc-v2",
    {
      install(profile, inode, verdict) {
        const { inode: after } = installFmap(profile, inode, verdict);
        return after.iSize === null ? after : { ...after, iSize: after.iSize + 1n };
      },
    },
  ],
  ["install/parse-error", "rfc-v2", { read: () => "" }],
  [
    "fmap/header/nextents-limit",
    "v3",
    {
      parse(profile, message) {
        const verdict = parseFmap(profile, message) as SettledVerdict;
        return verdict.verdict === "reject" && verdict.rule === "fmap/header/nextents-limit"
          ? { ...verdict, errno: "EINVAL" }
          : verdict;
      },
    },
  ],
];

it.each(FAULTS)("%s is what a kernel of %s breaks", async (rule, name, deeds) => {
  const report = await playedReport(named(name), deeds);
  expect(failedRules(report)).toEqual([rule]);
  expect(report.passed).toBe(false);
});

function u32s(...values: number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(values).buffer);
}

/** Where that check would end the exchange, the reply goes to the parser. */
function toParserFrom(rule: RuleId): Deeds["proceed"] {
  return (profile, asking, answer) => {
    const next = continueExchange(profile, asking, answer);
    if (next.state !== "done" || next.rule !== rule || !("payload" in answer)) return next;
    return { ...next, rc: 0, rule: null, message: answer.payload };
  };
}

/** Never asks a second time. */
function never(): Deeds["proceed"] {
  return (profile, asking, answer) => {
    const next = continueExchange(profile, asking, answer);
    if (next.state !== "asking" || !("payload" in answer)) return next;
    return { state: "done", rc: 0, rule: null, message: answer.payload, leaked: 0 };
  };
}

/** Where that check would end the exchange, it is asked once more. */
function insistOn(rule: RuleId): Deeds["proceed"] {
  return (profile, asking, answer) => {
    const next = continueExchange(profile, asking, answer);
    return next.state === "done" && next.rule === rule && asking.size < 1 << 20
      ? { state: "asking", size: asking.size + 4096, retried: true }
      : next;
  };
}

describe("a kernel that breaks down", () => {
  const hang = { kind: "hang", detail: "open(2) did not return within 5 ms" } as const;

  it("is blamed on the rule of what it was asked, and mounted again", async () => {
    const report = await playedReport(named("v3"), {
      breaksDown: (message) => (message?.length === 4 ? hang : null),
    });
    expect(report.counterexamples).toMatchObject([
      { rule: "fmap/header/underflow", kind: "hang", message: "00000000", actual: hang.detail },
    ]);
    expect(report.complete).toBe(true);
  });

  it("is given up when it does so again and again", async () => {
    const report = await playedReport(named("v3"), { breaksDown: () => hang });
    expect(report.complete).toBe(false);
    expect(report.notes).toEqual(["given up after the kernel broke down 6 times"]);
  });
});

describe("the kernel's log", () => {
  const shift = "UBSAN: shift-out-of-bounds in famfs.c:157:28: shift exponent 4294967295 is too large";

  it("shows a hazard of the revision where the message brings it about", async () => {
    let once = false;
    const alarms = (message: Uint8Array | null) => {
      const shows = !once && message !== null && message[4] === 0 && message[35] === 0xff;
      once ||= shows;
      return shows ? [shift] : [];
    };
    const report = await playedReport(named("rfc-v2"), { alarms }, { runs: 2000 });
    expect(report.findings).toMatchObject([
      { rule: "hazard/devindex-shift", what: shift, predicted: true, messages: 1 },
    ]);
    expect(report.passed).toBe(true);
  });

  it.each([
    ["BUG: KASAN: slab-out-of-bounds in famfs_fuse_meta_alloc+0x1/0x2", "rfc-v2", null],
    [shift, "rfc-v2", null],
    ["WARNING: bad unlock balance detected!", "v4", "hazard/unlock-of-unlocked"],
    ["WARNING: bad unlock balance detected!", "v3", null],
  ])("%s over a message without extents, of a %s kernel, is explained by %s", async (alarm, name, rule) => {
    const alarms = (message: Uint8Array | null) => (message?.length === 32 ? [alarm] : []);
    const report = await playedReport(named(name), { alarms });
    expect(report.findings).toMatchObject([{ rule, what: alarm, predicted: rule !== null }]);
    expect(report.passed).toBe(rule !== null);
    expect(report.findings[0]?.counterexample?.message).toMatch(/^(?:..){32}$/);
  });
});

it("stops when it is told to, at the first failure, and when its time is up", async () => {
  const abort = new AbortController();
  const deeds: Partial<Deeds> = { daxdevs: () => [] };
  const progress = () => abort.abort();
  const interrupted = await playedReport(named("v3"), {}, { signal: abort.signal, progress });
  expect(interrupted).toMatchObject({ complete: false, passed: false, notes: ["interrupted"] });
  const first = await playedReport(named("v3"), deeds, { failFast: true });
  expect(first).toMatchObject({ complete: false, notes: ["stopped at the first failure"] });
  expect((await playedReport(named("v3"), {}, { maxTime: -1 })).messages).toBe(1);
});

it("asks only what a matching rule decides", async () => {
  const filter = (rule: RuleId) => rule === "exchange/open-fails" || rule === "fmap/total/file-size";
  const abouts: unknown[] = [];
  const report = await playedReport(named("v3"), {}, { filter, about: (q) => abouts.push(q) });
  expect(report.messages).toBe(abouts.length);
  const passed = report.rules.filter((r) => r.outcome === "passed").map((r) => r.rule);
  expect(passed).toEqual(
    expect.arrayContaining(["exchange/open-fails", "fmap/total/file-size", "exchange/no-body"]),
  );
  expect(passed.filter((rule) => rule.startsWith("fmap/"))).toEqual(["fmap/total/file-size"]);
});
