/** SARIF 2.1.0, held against the schema that Microsoft's own tool carries, and against the types of @types/sarif. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import type { Log, Result as SarifResult } from "sarif";
import { describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import { sampleCounterexample, sampleReport } from "../../test/sample-report.ts";
import { wellFormed } from "../line.ts";
import { parserResult } from "../result/parser-result.ts";
import { daemonSample, hostileText, parserSample } from "../test/samples.ts";
import { renderSarif } from "./sarif.ts";

const schema = JSON.parse(readFileSync(join(PACKAGE_ROOT, "reports/test/foreign/sarif-2.1.0.json"), "utf8"));
// Its formats are uri and date-time; ajv has none of them built in.
const validate = new Ajv2020({ strict: false, validateFormats: false, allErrors: true }).compile(schema);

function read(sarif: string): Log {
  const log = JSON.parse(sarif);
  expect(validate(log) ? [] : validate.errors).toEqual([]);
  return log;
}
const resultsOf = (log: Log) => log.runs.flatMap((r) => r.results ?? []);
const of = (results: readonly SarifResult[], rule: string) => results.filter((r) => r.ruleId === rule);

describe("SARIF", () => {
  const log = read(renderSarif([parserSample(), daemonSample()]));
  const results = resultsOf(log);

  it("is held against a schema that can say no", () => {
    expect(validate({ version: "2.1.0" })).toBe(false);
    expect(validate({ ...log, version: "2.0.0" })).toBe(false);
  });

  it("has every rule with help and a level, and names it by its index", () => {
    const rules = log.runs[0]?.tool.driver.rules ?? [];
    expect(rules.map((r) => r.id)).toEqual(parserSample().tests.map((t) => t.id));
    for (const r of rules) expect(r.help?.text).not.toBe("");
    for (const run of log.runs)
      for (const r of run.results ?? [])
        expect(run.tool.driver.rules?.[r.ruleIndex as number]?.id).toBe(r.ruleId);
  });

  it("has a result for each failure, and a warning or a note for what does not count", () => {
    expect(of(results, "fmap/header/underflow")).toEqual([]);
    expect(of(results, "resolve/simple")).toEqual([]);
    expect(of(results, "fmap/header/nextents-limit")).toMatchObject([
      {
        level: "error",
        message: { text: "expected accepted, got accepted" },
        locations: [
          { physicalLocation: { artifactLocation: { uri: "out/fmap-header-nextents-limit.json" } } },
        ],
        properties: { reproduce: "fmapspec replay out/fmap-header-nextents-limit.json" },
      },
    ]);
    expect(of(results, "hazard/strips-leak")).toMatchObject([{ level: "note" }]);
    expect(of(results, "robustness/survives")).toMatchObject([{ level: "warning" }]);
    expect(of(results, "daemon/reply/answered")).toMatchObject([
      { locations: [{ physicalLocation: { artifactLocation: { uri: "out/daemon-reply-answered.json" } } }] },
    ]);
    for (const r of results) expect(r.locations?.length).toBeGreaterThan(0);
  });

  it("calls what a SHOULD rule finds a warning when it counts", () => {
    const strict = resultsOf(read(renderSarif([parserSample("x", {}, true)])));
    expect(of(strict, "hazard/strips-leak")).toMatchObject([{ level: "warning" }]);
  });

  it("has fingerprints that depend on rule and bytes, and not on the seed or on what was answered", () => {
    const print = (counterexample: Parameters<typeof sampleCounterexample>[0]) => {
      const c = sampleCounterexample(counterexample);
      const rules = [{ rule: c.rule, outcome: "failed", messages: 1, failed: 1 }] as const;
      const report = sampleReport({ rules, counterexamples: [c], passed: false, seed: c.seed });
      const result = parserResult(report, "r.json", () => "c.json");
      return resultsOf(read(renderSarif([result])))[0]?.partialFingerprints;
    };
    expect(print({ seed: 8, actual: "EIO" })).toEqual(print({}));
    expect(print({ message: "00" })).not.toEqual(print({}));
    expect(print({ rule: "fmap/header/ext-type" })).not.toEqual(print({}));
  });

  it("says where a file is, whatever it is called", () => {
    const at = (path: string) => {
      const c = sampleCounterexample();
      const rules = [{ rule: c.rule, outcome: "failed", messages: 1, failed: 1 }] as const;
      const report = sampleReport({ rules, counterexamples: [c], passed: false });
      const [r] = resultsOf(read(renderSarif([parserResult(report, "r", () => path)])));
      return r?.locations?.[0]?.physicalLocation?.artifactLocation?.uri;
    };
    expect(at("../my out/50%.json")).toBe("../my%20out/50%25.json");
    expect(at("/tmp/a b.json")).toBe("file:///tmp/a%20b.json");
  });

  it("gives any text back, but for lone surrogates", () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        const log = read(renderSarif([parserSample(text), daemonSample(text)]));
        const [r] = of(resultsOf(log), "fmap/header/nextents-limit");
        expect(r?.message.text).toBe(wellFormed(`expected ${text}, got ${text}`));
      }),
      { numRuns: 30 },
    );
  });
});
