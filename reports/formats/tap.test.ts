/** TAP 14, read by the parser of node-tap. */
import fc from "fast-check";
import { Parser } from "tap-parser";
import { describe, expect, it } from "vitest";
import { oneLine } from "../line.ts";
import { daemonSample, hostileText, parserSample, skippedSample } from "../test/samples.ts";
import { renderTap } from "./tap.ts";

interface Point {
  readonly ok: boolean;
  readonly id: number;
  readonly name: string;
  readonly skip: boolean | string;
  readonly todo: boolean | string;
  readonly diag: null | {
    readonly message: string;
    readonly failures?: readonly Record<string, string>[];
  };
}

/** What the parser makes of a stream: its points by suite, and everything that it found no sense in. */
function read(tap: string) {
  const suites: Point[][] = [];
  const nonsense: string[] = [];
  const top: Point[] = [];
  let bailout: string | null = null;
  const parser = new Parser({ strict: true }, () => {});
  parser.on("extra", (text: string) => nonsense.push(text));
  parser.on("assert", (point: unknown) => top.push(point as Point));
  parser.on("bailout", (reason: string) => {
    bailout = reason;
  });
  parser.on("child", (child: Parser) => {
    const points: Point[] = [];
    suites.push(points);
    child.on("extra", (text: string) => nonsense.push(text));
    child.on("assert", (point: unknown) => points.push(point as Point));
  });
  parser.end(tap);
  return { suites, top, nonsense, bailout, failures: parser.failures, ok: parser.ok };
}

describe("TAP 14", () => {
  const { suites, top, nonsense } = read(renderTap([parserSample(), daemonSample()]));
  const point = (name: string) => suites.flat().find((p) => p.name === name) as Point;

  it("is a subtest for each run and a point for each rule", () => {
    expect(nonsense).toEqual([]);
    expect(top.map((p) => [p.id, p.ok, p.name])).toEqual([
      [1, false, "parser rfc-v2"],
      [2, false, "daemon rfc-v2"],
    ]);
    for (const [i, sample] of [parserSample(), daemonSample()].entries()) {
      expect(suites[i]?.map((p) => p.name)).toEqual(sample.tests.map((t) => t.id));
      expect(suites[i]?.map((p) => p.id)).toEqual(sample.tests.map((_, j) => j + 1));
    }
  });

  it("has the outcomes as points and directives", () => {
    expect(point("fmap/header/underflow")).toMatchObject({ ok: true, skip: false, todo: false });
    expect(point("fmap/header/nextents-limit")).toMatchObject({ ok: false, skip: false, todo: false });
    expect(point("fmap/total/wraps")).toMatchObject({ ok: false, todo: "accepted" });
    expect(point("fmap/total/file-size")).toMatchObject({ ok: false, todo: false });
    expect(point("fmap/strip/devindex")).toMatchObject({ ok: true, skip: "accepted" });
    expect(point("robustness/survives")).toMatchObject({
      ok: true,
      todo: false,
      diag: { severity: "warning" },
    });
  });

  it("passes when every run passes, and bails out of one that was cut short", () => {
    const rules = [{ rule: "fmap/total/wraps", outcome: "passed", messages: 1, failed: 0 }] as const;
    const good = { rules, counterexamples: [], findings: [] };
    expect(read(renderTap([parserSample("x", good)])).ok).toBe(true);
    expect(read(renderTap([skippedSample()])).ok).toBe(false);
    expect(read(renderTap([parserSample()])).ok).toBe(false);
    expect(read(renderTap([parserSample("cut", { complete: false })])).bailout).toBe(
      "not checked: the rest of the run: it did not come to its end",
    );
  });

  it("gives any text back: exactly in the YAML, on one line behind a directive", () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        const { suites, nonsense, top } = read(renderTap([parserSample(text), daemonSample(text)]));
        expect(nonsense).toEqual([]);
        expect(top).toHaveLength(2);
        const find = (name: string) => suites.flat().find((p) => p.name === name) as Point;
        expect(find("fmap/header/nextents-limit").diag?.failures?.[0]).toMatchObject({
          ...(text === "" ? {} : { expected: text, actual: text }),
          reproduce: "fmapspec replay out/fmap-header-nextents-limit.json",
        });
        const line = oneLine(text).replace(/\{$/, "{.");
        expect(find("resolve/simple").skip).toBe(line === "" ? true : line);
      }),
    );
  });
});
