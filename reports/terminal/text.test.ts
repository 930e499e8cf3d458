/** What a person reads at the end of a run. */
import { describe, expect, it } from "vitest";
import { misfit } from "../../base/schema-check.ts";
import type { RuleId } from "../../spec/index.ts";
import type { Counterexample, Finding, ParserReport, RuleOutcome } from "../../suites/index.ts";
import { expectedOf, sampleCounterexample, sampleReport } from "../../test/sample-report.ts";
import { coloured } from "../line.ts";
import { crashResult } from "../result/kernel-crash.ts";
import { kunitResult } from "../result/kunit-result.ts";
import { parserResult } from "../result/parser-result.ts";
import { daemonSample } from "../test/samples.ts";
import { renderText } from "./text.ts";

const render = (report: Partial<ParserReport>, verbose = false, storedAt = "out/it.json") => {
  const whole = sampleReport(report);
  expect(misfit("report", whole)).toBeNull();
  return renderText(
    parserResult(whole, "out/report.json", () => storedAt),
    undefined,
    verbose,
  );
};
const outcome = (rule: RuleOutcome["rule"], what: RuleOutcome["outcome"], reason?: string): RuleOutcome => ({
  rule,
  outcome: what,
  messages: 5,
  failed: what === "failed" ? 5 : 0,
  ...(reason === undefined ? {} : { reason }),
});
/** A run that failed with this counterexample. */
const failing = (c: Counterexample): Partial<ParserReport> => ({
  rules: [outcome(c.rule, "failed")],
  counterexamples: [c],
});
const RULES = [
  outcome("fmap/header/underflow", "passed"),
  outcome("fmap/header/nextents-limit", "failed"),
  outcome("fmap/total/wraps", "not-run", "no message of this run reached it"),
  outcome("resolve/simple", "not-applicable", "the subject does not resolve offsets"),
];

describe("the text of a run", () => {
  it("begins with what was compared with what and ends with the verdict", () => {
    const text = render({});
    expect(text.startsWith("mine 0.1, compared with rfc-v2 (seed 7)\n\n")).toBe(true);
    expect(text).toContain(
      "\nCONFORMING: 1 rule passed, 0 failed, 0 warnings, 0 known, 0 not run, 10 not applicable\n",
    );
    expect(
      text.endsWith(
        "\n10 messages (5 a second) exercised the only rule, 2 of 3 boundary classes and 4 of 9 pairs of them; 2.0 s\n",
      ),
    ).toBe(true);
    expect(text).not.toContain("reproduce");
  });

  it("has a line for each group of rules", () => {
    const lines = render({ rules: RULES, passed: false })
      .split("\n")
      .map((line) => line.trim().split(/ {2,}/));
    expect(lines).toContainEqual([
      "rules",
      "passed",
      "failed",
      "warnings",
      "known",
      "not run",
      "n/a",
      "messages",
    ]);
    expect(lines).toContainEqual(["fmap/header", "2", "1", "1", "0", "0", "0", "0", "10"]);
    expect(lines).toContainEqual(["fmap/total", "1", "0", "0", "0", "0", "1", "0", "5"]);
    expect(lines).toContainEqual(["resolve", "1", "0", "0", "0", "0", "0", "1", "5"]);
  });

  it("has a line for each rule, and the boundaries that were not hit, when it is to say more", () => {
    const text = render({ rules: RULES }, true);
    expect(text).toMatch(/^failed +fmap\/header\/nextents-limit +5 messages$/m);
    expect(text).toMatch(/^not-run +fmap\/total\/wraps +no message of this run reached it$/m);
    expect(text).toContain("\nboundaries not hit: devindex\n");
    expect(render({ rules: RULES })).not.toContain("boundaries not hit");
  });

  it("says that a run did not come to its end", () => {
    const cut = { complete: false, notes: ["interrupted"], seconds: 0 };
    expect(render(cut)).toMatch(
      /note: interrupted\n\nINCONCLUSIVE: .*\nnot checked: the rest of the run: .*\ntested: .*\n10 messages exercised .*; 0\.0 s\n/,
    );
    expect(render({ ...cut, rules: RULES })).toMatch(
      /\nNOT CONFORMING as far as the run went: .*\nfailed: fmap\/header\/nextents-limit\nnot checked: /,
    );
  });

  it("counts known failures and names those that pass", () => {
    const rules = [
      outcome("fmap/total/wraps", "expected-failure", "https://example.org/1"),
      outcome("fmap/header/underflow", "unexpected-pass", "listed as known to fail: https://example.org/2"),
    ];
    const text = render({ rules, passed: false });
    expect(text).toContain("\nKNOWN fmap/total/wraps, https://example.org/1\n");
    expect(text).toContain(
      "\nPASSED fmap/header/underflow, listed as known to fail: https://example.org/2\n",
    );
  });

  it("is the same text in colour", () => {
    const result = parserResult(
      sampleReport({ rules: RULES, counterexamples: [sampleCounterexample()] }),
      "out/report.json",
      () => "x",
    );
    const inColour = renderText(result, (style, text) => `<${style}>${text}</>`, true);
    expect(inColour).toContain("<red>NOT CONFORMING</>");
    expect(inColour.replace(/<\w+>|<\/>/g, "")).toBe(renderText(result, undefined, true));
    expect(coloured("red", "x")).toContain("x");
  });
});

describe("a failure", () => {
  it("is told by rule, what was expected, what came, its bytes, and how to see it again", () => {
    const text = render(failing(sampleCounterexample()));
    expect(text).toContain(
      "FAILED fmap/header/nextents-limit: More extents than FUSE_FAMFS_MAX_EXTENTS are refused",
    );
    expect(text).toContain("\n  expected E2BIG\n  actual   accepted\n");
    expect(text).toMatch(/^ +8 {2}21 00 00 00 +nextents +33 {2}<- E2BIG fmap\/header\/nextents-limit$/m);
    expect(text.endsWith("\nreproduce\n  fmapspec replay out/it.json\n")).toBe(true);
  });

  it("shows the map where one was expected", () => {
    const message = `${"0000010000000000010000000000000000002000000000000000000000000000"}${"00".repeat(16)}0000200000000000`;
    const expected = expectedOf(message);
    expect(expected.verdict).toBe("accept");
    const c = sampleCounterexample({
      rule: "fmap/map/simple",
      kind: "map",
      message,
      actual: "accepted with another map",
    });
    const text = render(failing(c));
    expect(text).toContain("\n  expected accept\n  actual   accepted with another map\n");
    expect(text).toContain("\n  extent 0: daxdev 0, 2 MiB at offset 0x0");
  });

  it("says its kind, its circumstances and what was expected beside the verdict", () => {
    const c = sampleCounterexample({
      rule: "fmap/header/alloc-meta",
      kind: "crash",
      actual: "killed by SIGSEGV",
      expectedText: "ENOMEM",
      failAllocation: 2,
      scene: "mapped",
    });
    expect(render(failing(c))).toContain(
      "\n  expected ENOMEM\n  actual   crash: killed by SIGSEGV, while allocation 2 fails, in scene mapped\n",
    );
    expect(render(failing({ ...c, scene: "plain" }))).not.toContain("scene");
  });

  it("is reproduced by a line that a shell takes", () => {
    const text = render(failing(sampleCounterexample()), false, "my out/it's.json");
    expect(text).toContain("\n  fmapspec replay 'my out/it'\\''s.json'\n");
  });
});

describe("a finding", () => {
  const leak: Finding = {
    rule: "hazard/strips-leak",
    what: "memory is never freed",
    predicted: true,
    messages: 3,
    counterexample: sampleCounterexample({ kind: "finding" }),
  };

  it("that the revision is known for is told with its consequence and smallest message", () => {
    const text = render({ findings: [leak] });
    expect(text).toContain(
      "1 known defect of rfc-v2 was observed\n  hazard/strips-leak: memory is never freed (3 messages)\n",
    );
    expect(text).toContain(
      "    Each refused or evicted map of several interleaved extents leaks kernel memory",
    );
    expect(text).toContain("    smallest message, 32 bytes: out/it.json");
    expect(text).not.toContain("reproduce");
  });

  it("that nothing predicts is told with its bytes, and how to see it again", () => {
    const text = render({ findings: [{ ...leak, rule: null, predicted: false }], passed: false });
    expect(text).toMatch(
      /FAILED hazard\/unpredicted: .*\n {2}expected no report\n {2}actual {3}memory is never freed \(3 messages\)\n/,
    );
    expect(text).toMatch(/^ +8 {2}21 00 00 00 +nextents +33$/m);
    expect(text).toContain("\nreproduce\n  fmapspec replay out/it.json\n");
  });

  it("without a message is told all the same", () => {
    const { counterexample: _, ...bare } = leak;
    expect(render({ findings: [bare] })).not.toContain("smallest message");
  });
});

it("a daemon's warnings about requests that no kernel sends are a line each", () => {
  expect(renderText(daemonSample())).toContain(
    "warnings about requests that no kernel sends; they fail no run\n  robustness/survives: answers nothing\n",
  );
});

const HEADER = "0000010000000000210000000000000000002000000000000000000000000000";

it("KUnit's vectors and a kernel that went down have the text of every other run", () => {
  const about = { profile: "rfc-v2", version: "0", subject: "User Mode Linux 6.1", seconds: 2 } as const;
  const vector = (rule: RuleId, what: "passed" | "failed", isHazard = false) =>
    ({ id: `s.g.${what}`, rule, isHazard, outcome: what, detail: "one\n  two", message: HEADER }) as const;
  const cases = [
    vector("fmap/header/nextents-limit", "failed"),
    vector("fmap/header/underflow", "passed"),
    vector("hazard/strips-leak", "failed", true),
  ];
  const run = { ...about, suite: "kunit", cases, notes: ["a note"], complete: true, strict: false } as const;
  const kunit = renderText(kunitResult(run, "kunit.json", "fmapspec kernel --uml X"));
  expect(kunit).toMatch(/^KUnit in User Mode Linux 6\.1, profile rfc-v2\n\nrules .* vectors\n/);
  expect(kunit).toContain("\n1 known defect of rfc-v2 was observed\n  hazard/strips-leak: one; two\n");
  expect(kunit).toMatch(/\n {2}actual {3}one; two\n {2}case {5}s\.g\.failed\noffset .*\nheader\n/);
  expect(kunit).toMatch(
    /\n3 vectors, 1 passed, 2 failed; 2\.0 s\n\nreproduce\n {2}fmapspec kernel --uml X\n$/,
  );

  const crash = { ...about, suite: "parser", seed: 1, why: "the kernel went down", message: HEADER } as const;
  const rule = "fmap/header/nextents-limit";
  const text = renderText(crashResult({ ...crash, rule }, "crash.json", "again", "see the console"));
  expect(text).toMatch(
    /\nFAILED fmap\/header\/nextents-limit: .*\n {2}expected an answer\n {2}actual {3}crash: the kernel went down\n/,
  );
  expect(text).toContain("\nnote: see the console\n\nNOT CONFORMING as far as the run went: ");
});
