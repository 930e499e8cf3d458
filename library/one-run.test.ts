/** One real run with everything in it that a run can come to, through the reader of each format that is not ours. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parse as parseJunit } from "junit2json";
import { marked } from "marked";
import type { Log } from "sarif";
import { Parser } from "tap-parser";
import { beforeAll, describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import { misfit } from "../base/schema-check.ts";
import { browser } from "../reports/test/browser.ts";
import { asKunitReads, KUNIT_PARSER } from "../reports/test/kunit-parser.ts";
import { available } from "../test/tools.ts";
import {
  judge,
  type ParserFunction,
  type ParserReport,
  parseKnownFailures,
  parserSuite,
  profiles,
  renderReport,
  type WriterKind,
} from "./index.ts";

const WRONG = "fmap/header/nextents-zero";
// Of few messages: a subject that breaks down more than 20 times is given up.
const CRASHES = "fmap/interleaved/nstrips-zero";
const KNOWN = "fmap/strip/length-alignment";
const PASSES = "fmap/header/underflow";
const LEFT_OUT = "install/publish";

const parser: ParserFunction = (message) => {
  const judged = judge(profiles["rfc-v2"], message);
  if (judged.verdict !== "reject") return judged;
  if (judged.rule === CRASHES) throw new RangeError("out of bounds");
  return judged.rule === WRONG || judged.rule === KNOWN ? { verdict: "accept" } : judged;
};

const xmllint = available("xmllint", "libxml2-utils");

describe("one run with passes, failures, a crash, skips and a known failure", () => {
  let report: ParserReport;
  const counts = { passed: 0, failed: 0, broken: 0, known: 0, skipped: 0 };
  /** The rules of the run, the two tests of it that are no rule's, and the hazards that nobody watched for. */
  let all = 0;
  const written = (kind: WriterKind) =>
    renderReport(kind, report, { submitter: { origin: "me", buildId: "me:1" } });

  beforeAll(async () => {
    const knownFailures = parseKnownFailures(
      `${KNOWN}  # expected EINVAL, got accepted  # https://bug.invalid/1`,
      "k",
    );
    report = await parserSuite(parser, { seed: 1, runs: 3000, knownFailures });
    const outcomeOf = (id: string) => report.rules.find((r) => r.rule === id)?.outcome;
    expect([WRONG, CRASHES, KNOWN, PASSES, LEFT_OUT].map(outcomeOf)).toEqual([
      "failed",
      "failed",
      "expected-failure",
      "passed",
      "not-applicable",
    ]);
    const points = new Map<string, number>();
    const read = kselftest();
    for (const point of read) points.set(point, (points.get(point) ?? 0) + 1);
    counts.passed = points.get("passed") ?? 0;
    counts.failed = points.get("failed") ?? 0;
    counts.broken = points.get("broken") ?? 0;
    counts.known = points.get("known") ?? 0;
    counts.skipped = points.get("skipped") ?? 0;
    all = read.length;
  }, 120_000);

  /** What kselftest's lines say, which every other format has to say again. */
  const kselftest = () =>
    written("kselftest")
      .split("\n")
      .filter((line) => /^(not )?ok /.test(line))
      .map((line) =>
        line.includes(" # SKIP")
          ? "skipped"
          : line.includes(" # XFAIL")
            ? "known"
            : line.startsWith("ok")
              ? "passed"
              : line.includes(" # ERROR")
                ? "broken"
                : "failed",
      );

  it("has some of each", () => {
    expect(Object.values(counts).every((n) => n > 0)).toBe(true);
    expect(counts).toMatchObject({ broken: 1, known: 1 });
    expect(misfit("report", JSON.parse(written("json")))).toBeNull();
  });

  it("JUnit: junit2json and libxml2", async () => {
    const xml = written("junit");
    const junit = await parseJunit(xml);
    const suites = (junit && "testsuite" in junit && junit.testsuite) || [];
    const cases = suites.flatMap((s) => s.testcase ?? []);
    expect(cases).toHaveLength(all);
    expect(cases.filter((c) => c.failure).map((c) => c.name)).toContain(WRONG);
    expect(cases.filter((c) => c.failure)).toHaveLength(counts.failed);
    expect(cases.filter((c) => c.error).map((c) => c.name)).toEqual([CRASHES]);
    expect(cases.filter((c) => c.skipped)).toHaveLength(counts.skipped + counts.known);
    if (!xmllint) return;
    const schema = join(PACKAGE_ROOT, "reports/test/junit.xsd");
    execFileSync("xmllint", ["--noout", "--schema", schema, "-"], { input: xml, stdio: "pipe" });
  });

  it("TAP: node-tap", () => {
    const points: { ok: boolean; name: string; skip: unknown; todo: unknown }[] = [];
    const nonsense: string[] = [];
    const tap = new Parser({ strict: true }, () => {});
    tap.on("extra", (text: string) => nonsense.push(text));
    tap.on("child", (child: Parser) =>
      child.on("assert", (p: unknown) => points.push(p as (typeof points)[0])),
    );
    tap.end(written("tap"));
    expect(nonsense).toEqual([]);
    expect(points).toHaveLength(all);
    expect(points.filter((p) => p.skip)).toHaveLength(counts.skipped);
    expect(points.filter((p) => p.todo).map((p) => p.name)).toEqual([KNOWN]);
    expect(points.filter((p) => !p.ok && !p.todo)).toHaveLength(counts.failed + counts.broken);
  });

  it.runIf(KUNIT_PARSER)("KTAP and kselftest: the kernel's kunit_parser.py", () => {
    // It takes no version of TAP but 14; between these lines the two do not differ.
    const flat = written("kselftest").replace("TAP version 13", "TAP version 14");
    for (const { errors, leaves } of asKunitReads([written("ktap"), flat])) {
      expect(errors).toBe(0);
      const statuses = leaves.map(([, status]) => status);
      expect(statuses).toHaveLength(all);
      // It knows no directive but SKIP: a known failure is ok to it.
      const of = (status: string) => statuses.filter((s) => s === status).length;
      expect([of("SUCCESS"), of("FAILURE"), of("SKIPPED")]).toEqual([
        counts.passed + counts.known,
        counts.failed + counts.broken,
        counts.skipped,
      ]);
    }
  });

  it("SARIF: its official schema", () => {
    const schema = JSON.parse(
      readFileSync(join(PACKAGE_ROOT, "reports/test/foreign/sarif-2.1.0.json"), "utf8"),
    );
    const fits = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
    const log = JSON.parse(written("sarif")) as Log;
    expect(fits(log), JSON.stringify(fits.errors)).toBe(true);
    const [run] = log.runs;
    expect(run?.tool.driver.rules).toHaveLength(all);
    const levels = (run?.results ?? []).map((r) => [r.ruleId, r.level]);
    expect(levels).toContainEqual([WRONG, "error"]);
    expect(levels).toContainEqual([CRASHES, "error"]);
    expect(levels).toContainEqual([KNOWN, "note"]);
  });

  it("KCIDB: one test for each, with the status that says whose fault it is", () => {
    const { tests } = JSON.parse(written("kcidb")) as { tests: { path: string; status: string }[] };
    expect(tests).toHaveLength(all);
    const of = (status: string) => tests.filter((t) => t.status === status).length;
    expect(of("ERROR")).toBe(counts.broken);
    expect(of("SKIP") + of("MISS")).toBe(counts.skipped);
    expect(of("FAIL") + of("PASS")).toBe(counts.failed + counts.passed + counts.known);
  });

  it("Markdown: marked", () => {
    const html = marked.parse(written("markdown"), { gfm: true, async: false });
    expect(html).toMatch(/^<h2>❌ Not conforming/);
    expect(html.match(/<table>/g)).toHaveLength(1);
    for (const shown of [WRONG, CRASHES, KNOWN]) expect(html).toContain(shown);
  });

  describe.runIf(available("chromium", "chromium"))("HTML", () => {
    const open = browser();

    it("chromium", async () => {
      const { page, complaints, requests } = await open("one-run", written("html"));
      expect(complaints).toEqual([]);
      expect(requests.filter((url) => !url.startsWith("data:"))).toHaveLength(1);
      const of = (outcome: string) => page.locator(`ul.rules > li.${outcome}`).count();
      expect(await of("failed")).toBe(counts.failed);
      expect(await of("broken")).toBe(counts.broken);
      expect(await of("expected-failure")).toBe(counts.known);
      expect(await of("passed")).toBe(counts.passed);
      expect((await of("not-applicable")) + (await of("not-run"))).toBe(counts.skipped);
    });
  });

  it("text: what the command prints", () => {
    expect(written("text")).toMatch(/\nNOT CONFORMING: /);
    expect(written("text")).toContain(`\nKNOWN ${KNOWN}, https://bug.invalid/1\n`);
  });
});
