/** Every format says the numbers and the verdict that the one function made of the outcomes. */
import { parse as parseJunit } from "junit2json";
import { marked } from "marked";
import type { Log } from "sarif";
import { describe, expect, it } from "vitest";
import { misfit } from "../base/schema-check.ts";
import { withDaemonVerdict } from "../suites/daemon/verdict.ts";
import { withParserVerdict } from "../suites/parser/verdict.ts";
import { exitStatus } from "../suites/run/verdict.ts";
import { sampleCounterexample, sampleReport } from "../test/sample-report.ts";
import {
  type DaemonReport,
  type ParserReport,
  type RuleOutcome,
  renderReport,
  type WriterKind,
} from "./index.ts";

const outcome = (rule: string, what: RuleOutcome["outcome"], reason?: string): RuleOutcome => ({
  rule: rule as RuleOutcome["rule"],
  outcome: what,
  messages: what === "not-run" || what === "not-applicable" ? 0 : 3,
  failed: what === "failed" || what === "warning" || what === "expected-failure" ? 1 : 0,
  ...(reason === undefined ? {} : { reason }),
});

/** A run over a daemon with some of each; `failed`: whether anything fails; `more`: what else it came to. */
function daemonRun(failed: boolean, more: Partial<DaemonReport>): DaemonReport {
  return withDaemonVerdict({
    format: "fmapspec-daemon-report",
    version: 1,
    fmapspec: "0.1.0",
    profile: "rfc-v2",
    level: "quick",
    seed: 7,
    run: { timeout: 5000, expect: null, scope: "famfs", shard: null },
    subject: { command: ["mine", "{mountpoint}"], channel: "auto", via: "direct" },
    channel: "packet",
    complete: true,
    famfs: "agreed",
    unchecked: [],
    seconds: 1,
    tree: { nodes: 3, files: 2, mapped: 1 },
    rules: [
      outcome("daemon/init/version", "passed"),
      outcome("daemon/reply/once", "passed"),
      outcome("daemon/fmap/accepted", failed ? "failed" : "passed"),
      outcome("daemon/fmap/no-overlap-in-file", "expected-failure", "https://bug.invalid/1"),
      outcome("daemon/life/destroy", "warning"),
      outcome("robustness/survives", "warning"),
      outcome("daemon/fmap/symlink", "not-applicable", "the tree has no symlink"),
    ],
    failures: [
      ...(failed ? [{ rule: "daemon/fmap/accepted", detail: "EINVAL" } as const] : []),
      { rule: "daemon/life/destroy", detail: "killed by SIGKILL" },
      { rule: "robustness/survives", detail: "killed by SIGSEGV" },
    ],
    notes: [],
    ...more,
  });
}

function parserRun(failed: boolean, more: Partial<ParserReport>): ParserReport {
  const rule = "fmap/header/nextents-limit";
  return withParserVerdict({
    ...sampleReport(),
    fmapspec: "0.1.0",
    rules: [
      outcome("fmap/header/underflow", "passed"),
      outcome(rule, failed ? "failed" : "passed"),
      outcome("fmap/total/wraps", "expected-failure", "https://bug.invalid/1"),
      outcome("resolve/simple", "not-applicable", "the subject does not resolve offsets"),
    ],
    counterexamples: failed ? [sampleCounterexample({ rule })] : [],
    ...more,
  });
}

const cut = { complete: false, unchecked: [{ what: "the rest of the run", why: "the time was up" }] };
const declined = { famfs: "declined", tree: { nodes: 3, files: 2, mapped: 0 } } as const;
const unreached = [outcome("fmap/header/underflow", "passed"), outcome("fmap/total/wraps", "not-run", "why")];

const RUNS: readonly (readonly [string, DaemonReport | ParserReport, string, number])[] = [
  ["a daemon that conforms", daemonRun(false, {}), "CONFORMING", 0],
  ["a daemon that fails", daemonRun(true, {}), "NOT CONFORMING", 1],
  ["a daemon that fails in a run that was cut", daemonRun(true, cut), "NOT CONFORMING", 1],
  ["a daemon in a run that was cut", daemonRun(false, cut), "INCONCLUSIVE", 4],
  ["a daemon that declined famfs", daemonRun(false, declined), "INCONCLUSIVE", 4],
  ["a parser that conforms", parserRun(false, {}), "CONFORMING", 0],
  ["a parser that fails", parserRun(true, {}), "NOT CONFORMING", 1],
  ["a parser in a run that was cut", parserRun(false, cut), "INCONCLUSIVE", 4],
  ["a parser of which a rule was not reached", parserRun(false, { rules: unreached }), "INCONCLUSIVE", 4],
];

describe.each(RUNS)("%s", (_, report, word, status) => {
  const { counts, verdict } = report;
  const numbers = [
    counts.passed,
    counts.failed,
    counts.warnings,
    counts.known,
    counts.notRun,
    counts.notApplicable,
  ];
  const written = (kind: WriterKind) =>
    renderReport(kind, report, { submitter: { origin: "me", buildId: "me:1" } });
  /** The numbers of a text, in which `N passed, N failed...` stands once. */
  const numbersIn = (text: string): number[] => {
    const found = [
      ...text.matchAll(
        /(\d+) (?:\w+ )?passed, (\d+) failed, (\d+) warnings?, (\d+) known, (\d+) not run, (\d+) not applicable/g,
      ),
    ];
    expect(found).toHaveLength(1);
    return (found[0] as RegExpMatchArray).slice(1).map(Number);
  };
  const reason = report.reasons[0] ?? "tested: ";

  it("ends with its exit status", () => {
    expect(exitStatus([verdict])).toBe(status);
    expect(report.passed).toBe(status === 0);
  });

  it("text: the sentence, and the columns of the table above it", () => {
    const text = written("text");
    expect(text).toMatch(new RegExp(`\n${word}(?: as far as the run went)?: `));
    expect(numbersIn(text)).toEqual(numbers);
    expect(text).toContain(`\n${reason}`);
    const rows = text.split("\n\n")[1]?.split("\n").slice(1) ?? [];
    const cells = rows.map((row) => row.trim().split(/ {2,}/).map(Number));
    const column = (i: number) => cells.reduce((n, row) => n + (row[i] as number), 0);
    expect([2, 3, 4, 5, 6, 7].map(column)).toEqual(numbers);
  });

  it("JSON: by its schema", () => {
    const json = JSON.parse(written("json"));
    expect(misfit("counterexamples" in report ? "report" : "daemon-report", json)).toBeNull();
    expect(json).toMatchObject({ verdict, counts, reasons: report.reasons });
  });

  it.each(["tap", "ktap"] as const)("%s: a line with the numbers, and a result for the run", (kind) => {
    const text = written(kind);
    expect(numbersIn(text)).toEqual(numbers);
    expect(text).toContain(`# ${word}: `);
    expect(/^(?: {4})?not ok 1 /m.test(text) || /^not ok 1/m.test(text)).toBe(status !== 0);
  });

  it("kselftest: the same, and a skip for what is inconclusive", () => {
    const text = written("kselftest");
    expect(numbersIn(text)).toEqual(numbers);
    expect(text).toContain(` ${word}: `);
    expect(/^not ok /m.test(text)).toBe(status === 1);
    expect(/run\.complete # SKIP /.test(text)).toBe(report.reasons.some((r) => r.startsWith("not checked")));
  });

  it("JUnit: properties, and run/complete fails where something was not checked", async () => {
    const junit = await parseJunit(written("junit"));
    const [suite] = (junit && "testsuite" in junit && junit.testsuite) || [];
    const property = (name: string) => suite?.properties?.find((p) => p.name === name)?.value ?? "";
    expect(property("verdict")).toBe(verdict);
    expect(numbersIn(property("counts"))).toEqual(numbers);
    const failing = (suite?.testcase ?? []).filter((c) => c.failure || c.error).map((c) => c.name);
    const open = report.reasons.some((r) => r.startsWith("not checked"));
    expect(failing.includes("run/complete")).toBe(open);
    expect(failing.filter((name) => name !== "run/complete")).toHaveLength(counts.failed);
  });

  it("SARIF: properties, and the exit status", () => {
    const [run] = (JSON.parse(written("sarif")) as Log).runs;
    expect(run?.properties).toMatchObject({ verdict, counts });
    expect(run?.invocations?.[0]?.exitCode).toBe(status);
    const warned = (run?.results ?? []).filter((r) => r.level === "warning");
    expect(warned).toHaveLength(counts.warnings);
  });

  it("KCIDB: in the test of the run", () => {
    const { tests } = JSON.parse(written("kcidb")) as { tests: { path: string; misc: object }[] };
    expect(tests.find((t) => t.path.endsWith(".run.complete"))?.misc).toMatchObject({ verdict, counts });
  });

  it.each(["markdown", "html"] as const)("%s: verdict, numbers and reason", (kind) => {
    const page = kind === "html" ? written(kind) : marked.parse(written(kind), { gfm: true, async: false });
    const text = page
      .replace(/<style>[\s\S]*?<\/style>|<script>[\s\S]*?<\/script>/g, "")
      .replace(/<[^>]*>/g, "")
      .replace(/&#(\d+);/g, (_, n) => String.fromCharCode(Number(n)));
    expect(numbersIn(text)).toEqual(numbers);
    expect(text.toLowerCase()).toContain(word.toLowerCase());
    expect(text).toContain(reason);
    if (kind === "html")
      expect(page.match(/<button[^>]*>(\d+) failed<\/button>/)?.[1]).toBe(`${counts.failed}`);
  });
});
