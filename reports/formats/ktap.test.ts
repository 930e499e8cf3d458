/**
 * KTAP, read by the kernel's own kunit_parser.py where there is one (FMAPSPEC_KUNIT, or Debian's linux-source unpacked; it
 * is GPL code and not part of this project), and always by a strict reader of ours.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { oneLine } from "../line.ts";
import { isBad, isSkipped, type Result } from "../result/result.ts";
import { type KtapPoint, readKtap } from "../test/ktap-reader.ts";
import { asKunitReads, KUNIT_PARSER, type ReadByKunit } from "../test/kunit-parser.ts";
import { daemonSample, hostileText, parserSample, skippedSample } from "../test/samples.ts";
import { renderKtap } from "./ktap.ts";

const read = (ktap: string) => {
  expect(ktap.endsWith("\n")).toBe(true);
  return readKtap(ktap.slice(0, -1).split("\n"), "KTAP version 1");
};
const leaves = (points: readonly KtapPoint[]): KtapPoint[] =>
  points.flatMap((p) => (p.children.length > 0 ? leaves(p.children) : [p]));

describe("KTAP", () => {
  const points = read(renderKtap([parserSample(), daemonSample()]));

  it("nests rules in groups in suites, and a parent fails with its children", () => {
    expect(points.map((p) => p.name)).toEqual(["parser.rfc-v2", "daemon.rfc-v2"]);
    expect(points[0]?.children.map((p) => [p.name, p.ok])).toEqual([
      ["fmap.header", false],
      ["fmap.simple", false],
      ["fmap.total", false],
      ["fmap.strip", true],
      ["resolve", true],
      ["hazard", false],
      ["run", true],
    ]);
    const failing = (p: KtapPoint): boolean => (p.children.length > 0 ? p.children.some(failing) : !p.ok);
    for (const p of points) for (const q of [p, ...p.children]) expect(q.ok).toBe(!failing(q));
  });

  it("has a directive for whatever is no plain result, and diagnostics before the line that they are about", () => {
    const of = (group: string, name: string) =>
      points
        .flatMap((p) => p.children)
        .find((p) => p.name === group)
        ?.children.find((p) => p.name === name);
    expect(of("fmap.header", "underflow")).toMatchObject({ ok: true, directive: null, diagnostics: [] });
    expect(of("fmap.header", "nextents-limit")).toMatchObject({
      ok: false,
      directive: null,
      diagnostics: [
        "fmap/header/nextents-limit: expected accepted, got accepted",
        "reproduce: fmapspec replay out/fmap-header-nextents-limit.json",
      ],
    });
    expect(of("fmap.header", "ext-type")).toMatchObject({ ok: false, directive: "TIMEOUT" });
    expect(of("fmap.simple", "underflow")).toMatchObject({ ok: false, directive: "ERROR" });
    expect(of("fmap.total", "wraps")).toMatchObject({ ok: true, directive: "XFAIL", reason: "accepted" });
    expect(of("fmap.total", "file-size")).toMatchObject({ ok: false, directive: null });
    expect(of("fmap.strip", "devindex")).toMatchObject({ ok: true, directive: "SKIP" });
    expect(of("resolve", "simple")).toMatchObject({ ok: true, directive: "SKIP" });
  });

  it("keeps its names whatever a run comes to", () => {
    const names = (r: Result) => leaves(read(renderKtap([r]))).map((p) => p.name);
    const all = names(parserSample());
    expect(names(parserSample("x", { counterexamples: [], findings: [], notes: [] }))).toEqual(all);
  });

  it("is read as written, whatever a subject says", () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        const results = [parserSample(text), daemonSample(text)];
        const found = leaves(read(renderKtap(results)));
        const tests = results.flatMap((r) => r.tests);
        expect(found.map((p) => p.ok)).toEqual(tests.map((t) => !isBad(t)));
        expect(found.find((p) => p.name === "simple")?.reason).toBe(oneLine(text.replaceAll("#", "")));
      }),
    );
  });
});

describe.runIf(KUNIT_PARSER)("KTAP as kunit.py reads it", () => {
  it("has each test once, with its outcome, and no error of the parser's", () => {
    const texts = fc.sample(hostileText(), { numRuns: 100, seed: 1 });
    const runs = [
      [parserSample(), daemonSample()],
      [skippedSample()],
      ...texts.map((text) => [parserSample(text), daemonSample(text)]),
    ];
    const output = asKunitReads(runs.map((results) => renderKtap(results)));
    for (const [i, results] of runs.entries()) {
      const { status, errors, leaves: found } = output[i] as ReadByKunit;
      expect(errors).toBe(0);
      expect(status).toBe(results.some((r) => r.tests.some(isBad)) ? "FAILURE" : "SKIPPED");
      // kunit.py knows no directive but SKIP: an expected failure is ok to it.
      const expected = results.flatMap((r) =>
        r.tests.map((t) => [
          t.id.slice(t.group.length + 1),
          isBad(t) ? "FAILURE" : isSkipped(t) ? "SKIPPED" : "SUCCESS",
        ]),
      );
      expect(found).toEqual(expected);
    }
  });
});
