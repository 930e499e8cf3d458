import fc from "fast-check";
import { encodeFmap } from "../../spec/index.ts";
import { withDaemonVerdict } from "../../suites/daemon/verdict.ts";
import type { DaemonReport, Finding, ParserReport, RuleOutcome } from "../../suites/index.ts";
import { sampleCounterexample, sampleReport } from "../../test/sample-report.ts";
import { daemonResult } from "../result/daemon-result.ts";
import { parserResult } from "../result/parser-result.ts";
import type { Result } from "../result/result.ts";

const outcome = (
  rule: RuleOutcome["rule"],
  what: RuleOutcome["outcome"],
  failed: number,
  reason?: string,
): RuleOutcome => ({ rule, outcome: what, messages: 9, failed, ...(reason !== undefined && { reason }) });

const LEAK: Finding = {
  rule: "hazard/strips-leak",
  what: "memory is never freed",
  predicted: true,
  messages: 3,
  counterexample: sampleCounterexample({ kind: "finding", rule: "hazard/strips-leak" }),
};

/** A parser's run in which every outcome occurs; `text` stands wherever a subject or a user has a say. */
export function parserSample(
  text = "accepted",
  overrides: Partial<ParserReport> = {},
  strict = false,
): Result {
  const report = sampleReport({
    implementation: text,
    subject: { kind: "kernel-source", path: text },
    rules: [
      outcome("fmap/header/underflow", "passed", 0),
      outcome("fmap/header/nextents-limit", "failed", 9),
      outcome("fmap/header/ext-type", "failed", 2),
      outcome("fmap/simple/underflow", "failed", 9),
      outcome("fmap/simple/devindex", "failed", 9, "comes down to fmap/header/nextents-limit"),
      outcome("fmap/total/wraps", "expected-failure", 9, text),
      outcome("fmap/total/file-size", "unexpected-pass", 0, text),
      outcome("fmap/strip/devindex", "not-run", 0, text),
      outcome("resolve/simple", "not-applicable", 0, text),
    ],
    counterexamples: [
      sampleCounterexample({ actual: text, expectedText: text }),
      sampleCounterexample({ rule: "fmap/header/ext-type", kind: "hang", actual: text }),
      sampleCounterexample({ rule: "fmap/simple/underflow", kind: "crash", actual: "killed by SIGSEGV" }),
    ],
    findings: [LEAK, { ...LEAK, rule: null, predicted: false, what: text }],
    notes: [text],
    ...overrides,
    ...(strict && { run: { ...sampleReport().run, strict } }),
  });
  return parserResult(report, "out/report.json", (c) => `out/${c.rule.replaceAll("/", "-")}.json`);
}

/** A daemon's run with a failure, a death and a finding that is reported only. */
export function daemonSample(text = "answers nothing", overrides: Partial<DaemonReport> = {}): Result {
  const report = withDaemonVerdict({
    format: "fmapspec-daemon-report",
    version: 1,
    fmapspec: "0",
    profile: "rfc-v2",
    level: "full",
    seed: 7,
    run: { timeout: 5000, expect: null, scope: "famfs", shard: null },
    subject: {
      command: ["./it's", text, "{mountpoint}"],
      channel: "stream",
      via: "fusermount",
      user: "nobody",
    },
    channel: "stream",
    complete: true,
    famfs: "agreed",
    unchecked: [],
    seconds: 1,
    tree: { nodes: 3, files: 2, mapped: 1 },
    rules: [
      outcome("daemon/init/version", "passed", 0),
      outcome("daemon/reply/answered", "failed", 1),
      outcome("daemon/life/stays", "failed", 1),
      outcome("robustness/survives", "warning", 1),
      outcome("daemon/intent/extents", "not-applicable", 0, text),
    ],
    failures: [
      { rule: "daemon/reply/answered", detail: text, path: text, request: "00ff", reply: "ff00" },
      { rule: "daemon/life/stays", detail: "killed by SIGABRT" },
      { rule: "robustness/survives", detail: text },
    ],
    notes: [],
    ...overrides,
  });
  return daemonResult(report, "out/daemon-report.json", (f) => `out/${f.rule.replaceAll("/", "-")}.json`);
}

/** A run in which nothing could be tested. */
export const skippedSample = (): Result =>
  parserSample("x", {
    subject: { kind: "embedded" },
    rules: [outcome("resolve/simple", "not-applicable", 0, "the subject does not resolve offsets")],
    counterexamples: [],
    findings: [],
    notes: [],
  });

/** What has broken a format before or ends something in one of them. */
const TOKENS = [
  ...["\u0000", "\u0007", "\u001b[31m", "\u007f", "\u0085", "\u2028", "\u2029", "\ufeff", "\ufffe", "\uffff"],
  ...["\ud800", "\udc00", "\u{1f4a5}", "e\u0301", "\n", "\r\n", "\r", "\t", " ", "  "],
  ...[
    "#",
    "# SKIP x",
    "# TODO",
    "\\",
    "\\#",
    "\nok 1 - x",
    "\nnot ok 2 x",
    "\n1..9",
    "\nBail out!",
    "---",
    "...",
  ],
  ...[
    "]]>",
    "<!--",
    "-->",
    "<![CDATA[",
    "<script>alert(1)</script>",
    "</failure>",
    "&amp;",
    "&#0;",
    "<",
    ">",
  ],
  ...[
    '"',
    "'",
    "`",
    "```",
    "````text",
    "|",
    "*",
    "_",
    "[x](y)",
    "![",
    "~~",
    "@someone",
    "{0}",
    "{{",
    "%s",
    "$&",
  ],
  ...[": ", "- ", "? ", "!tag", "&anchor", "*alias", "null", "KTAP version 1", "# Subtest: x", "1234567"],
];

/** Any text, and rather such as does harm. */
export const hostileText = (): fc.Arbitrary<string> =>
  fc
    .array(fc.oneof(fc.constantFrom(...TOKENS), fc.string({ unit: "binary", maxLength: 4 })), {
      maxLength: 12,
    })
    .map((parts) => parts.join(""));

/** A daemon's run in which two extents of a file share memory. */
export function overlapSample(): Result {
  const extent = (offset: bigint) => ({ devindex: 0n, offset: offset << 20n, length: 4n << 20n });
  const extents = [extent(4n), extent(6n), extent(16n)];
  const fmap = { fileType: 0, fileSize: 12n << 20n, devBitmap: 1n, extType: "simple", extents } as const;
  const reply = Buffer.from(encodeFmap(fmap)).toString("hex");
  return daemonSample("x", {
    rules: [outcome("daemon/fmap/no-overlap-in-file", "failed", 1)],
    failures: [{ rule: "daemon/fmap/no-overlap-in-file", detail: "they overlap", path: "/a", reply }],
  });
}
