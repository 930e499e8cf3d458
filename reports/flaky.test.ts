/** A failure that comes and goes says so in every format, and fails the run all the same. */
import { describe, expect, it } from "vitest";
import { sampleCounterexample } from "../test/sample-report.ts";
import { isBad } from "./result/result.ts";
import { parserSample } from "./test/samples.ts";
import { WRITERS, type WriterKind } from "./writers.ts";

const SUBMITTER = { origin: "me", buildId: "me:1" };
const sample = (failed: number) =>
  parserSample("accepted", { counterexamples: [sampleCounterexample({ repeats: { tries: 3, failed } })] });

describe("a failure that showed in one of three times", () => {
  const kinds = Object.keys(WRITERS) as WriterKind[];

  it.each(kinds.filter((kind) => kind !== "json" && kind !== "html"))("is flaky in %s", (kind) => {
    expect(WRITERS[kind]([sample(1)], SUBMITTER)).toContain("failed 1 of 3 times");
    expect(WRITERS[kind]([sample(3)], SUBMITTER)).not.toContain("3 times");
  });

  it("is flaky on the page", () => {
    expect(WRITERS.html([sample(1)])).toContain(
      "<dt>flaky</dt><dd>failed 1 of 3 times when it was asked again</dd>",
    );
    expect(WRITERS.html([sample(3)])).not.toContain("<dt>flaky");
  });

  it("is counted in JSON", () => {
    expect(JSON.parse(WRITERS.json([sample(1)])).counterexamples[0].repeats).toEqual({
      tries: 3,
      failed: 1,
    });
  });

  it("is flaky for a person", () => {
    expect(WRITERS.text([sample(1)])).toMatch(
      / {2}actual {3}accepted\n {2}flaky: failed 1 of 3 times when it was asked again\n/,
    );
  });

  it("is a failure", () => {
    expect(sample(1).tests.filter(isBad)).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: "fmap/header/nextents-limit" })]),
    );
  });
});
