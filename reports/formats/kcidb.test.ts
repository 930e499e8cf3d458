/**
 * KCIDB 5.3. Its own validator is GPL code in a Python package that no registry here has, so the submission is held against
 * a schema that says the same of the fields that we write.
 */
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wellFormed } from "../line.ts";
import { daemonSample, hostileText, parserSample } from "../test/samples.ts";
import { renderKcidb } from "./kcidb.ts";

const id = { type: "string", pattern: "^[a-z0-9_]+:.+$" };
const noNul = { type: "string", pattern: "^[^\\u0000]*$" };
const validate = new Ajv2020({ strict: true }).compile({
  type: "object",
  required: ["version", "tests"],
  additionalProperties: false,
  properties: {
    version: { const: { major: 5, minor: 3 } },
    tests: {
      type: "array",
      items: {
        type: "object",
        required: ["id", "origin", "build_id"],
        additionalProperties: false,
        properties: {
          id,
          origin: { type: "string", pattern: "^[a-z0-9_]+$" },
          build_id: id,
          path: { type: "string", pattern: "^[.a-zA-Z0-9_-]*$" },
          status: { enum: ["FAIL", "ERROR", "MISS", "PASS", "DONE", "SKIP"] },
          comment: noNul,
          log_excerpt: { ...noNul, maxLength: 16_384 },
          misc: { type: "object" },
        },
      },
    },
  },
});

interface Test {
  readonly id: string;
  readonly path: string;
  readonly status: string;
  readonly log_excerpt?: string;
  readonly misc: { readonly outcome: string; readonly subject: string };
}

const SUBMITTER = { origin: "mylab", buildId: "mylab:42" };

function read(json: string): Test[] {
  const data = JSON.parse(json);
  expect(validate(data) ? [] : validate.errors).toEqual([]);
  expect(new Set(data.tests.map((t: Test) => t.id)).size).toBe(data.tests.length);
  return data.tests;
}

describe("KCIDB", () => {
  const tests = read(renderKcidb([parserSample(), daemonSample()], SUBMITTER));
  const status = (path: string) => tests.find((t) => t.path === `famfs.get_fmap.${path}`)?.status;

  it("has a test for each rule, with a status that says whose fault it is", () => {
    expect(tests).toHaveLength(parserSample().tests.length + daemonSample().tests.length);
    expect(status("parser.rfc-v2.fmap.header.underflow")).toBe("PASS");
    expect(status("parser.rfc-v2.fmap.header.nextents-limit")).toBe("FAIL");
    expect(status("parser.rfc-v2.fmap.header.ext-type")).toBe("ERROR");
    expect(status("parser.rfc-v2.fmap.strip.devindex")).toBe("MISS");
    expect(status("parser.rfc-v2.resolve.simple")).toBe("SKIP");
    expect(status("daemon.rfc-v2.daemon.life.stays")).toBe("ERROR");
  });

  it("has the same ids for the same run of the same build, and others for another", () => {
    const ids = (buildId: string) =>
      read(renderKcidb([parserSample()], { origin: "mylab", buildId })).map((t) => t.id);
    expect(ids("mylab:42")).toEqual(ids("mylab:42"));
    expect(ids("mylab:43")).not.toEqual(ids("mylab:42"));
    expect(ids("mylab:42")[0]).toMatch(/^mylab:[0-9a-f]{64}$/);
  });

  it("cuts an excerpt at the limit and says so", () => {
    const [test] = read(renderKcidb([parserSample("x".repeat(20_000))], SUBMITTER)).filter((t) =>
      t.path.endsWith("nextents-limit"),
    );
    expect(test?.log_excerpt).toHaveLength(16_384);
    expect(test?.log_excerpt).toMatch(/x\n\(cut off\)$/);
  });

  it("gives any text back, but for NUL and lone surrogates", () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        const tests = read(renderKcidb([parserSample(text), daemonSample(text)], SUBMITTER));
        expect(tests[0]?.misc.subject).toBe(wellFormed(text).replaceAll("\u0000", ""));
      }),
      { numRuns: 50 },
    );
  });
});
