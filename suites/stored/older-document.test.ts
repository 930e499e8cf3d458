/** Documents of versions that had no verdict with reasons are read as this version would have stored them. */
import { describe, expect, it } from "vitest";
import { digestOf, sealed } from "../../base/digest.ts";
import { daemonState } from "../../spec/test/document-parts.ts";
import { DOCUMENTS } from "../../spec/test/documents.ts";
import type { StoredDocument } from "./document.ts";
import { readStored } from "./stored-document.ts";

const NEW = ["verdict", "reasons", "scope", "counts", "unchecked", "famfs"];

/** The first document of a kind as an older version stored it, with changes. */
function older(kind: "report" | "daemon-report" | "journal", changes: object, i = 0): object {
  const document = (DOCUMENTS[kind] as readonly object[])[i] as Record<string, unknown>;
  const kept = Object.entries(document).filter(([key]) => !NEW.includes(key));
  const { scope: _, ...run } = document.run as { scope?: string };
  return { ...Object.fromEntries(kept), run, state: undefined, ...changes };
}

const outcome = (rule: string, what: string) => ({ rule, outcome: what, messages: 1, failed: 0 });
const PASSED = outcome("fmap/header/underflow", "passed");

function read(document: object): StoredDocument {
  const found = readStored(Buffer.from(JSON.stringify(sealed(document))), "the file");
  // What is written of it is read again.
  expect(found.digest).toBe(digestOf(found));
  return found;
}

describe("a parser's report of before", () => {
  const cases: readonly (readonly [string, object, object])[] = [
    ["that passed conforms", { passed: true, run: run() }, { verdict: "conforming", reasons: [] }],
    [
      "that had nothing to test is inconclusive",
      { passed: false, run: run() },
      { verdict: "inconclusive", passed: false },
    ],
    [
      "that was cut is inconclusive",
      { passed: false, complete: false, run: run() },
      {
        verdict: "inconclusive",
        reasons: ["not checked: the rest of the run: it did not come to its end"],
      },
    ],
    [
      "with a filter has not left out what the filter does",
      {
        passed: true,
        run: { ...run(), filter: ["fmap/header/*"] },
        rules: [PASSED, outcome("fmap/total/wraps", "not-run")],
      },
      { verdict: "conforming", counts: { passed: 1, notRun: 0, notApplicable: 11 } },
    ],
  ];

  it.each(cases)("%s", (_, changes, expected) => {
    expect(read(older("report", { rules: [PASSED], findings: [], ...changes }))).toMatchObject(expected);
  });
});

function run(): object {
  return { runs: null, filter: [], strict: false, failFast: false, timeout: 5000, shard: null };
}

describe("a daemon's report of before", () => {
  const SHOULD = { ...outcome("daemon/life/destroy", "failed"), failed: 1 };
  const ALIVE = outcome("daemon/life/stays", "passed");

  it("conforms where a map was served, and has a warning for a SHOULD", () => {
    expect(read(older("daemon-report", { passed: true, rules: [ALIVE, SHOULD] }))).toMatchObject({
      verdict: "conforming",
      famfs: "agreed",
      run: { scope: "famfs" },
      rules: [{ outcome: "passed" }, { outcome: "warning" }],
      counts: { passed: 1, warnings: 1 },
    });
  });

  it("is inconclusive where no map was served", () => {
    const tree = { nodes: 3, files: 2, mapped: 0 };
    expect(read(older("daemon-report", { passed: true, rules: [ALIVE], tree }))).toMatchObject({
      verdict: "inconclusive",
      famfs: "unknown",
    });
  });

  it("of a shard has what merging needs, and so has a journal", () => {
    const { famfs: _, unchecked: __, ...state } = daemonState;
    const shard = read(older("daemon-report", { passed: true, rules: [ALIVE], state }));
    expect(shard).toMatchObject({ state: { famfs: "agreed", unchecked: [] } });
    const journals = DOCUMENTS.journal as readonly { readonly suite: string }[];
    const i = journals.findIndex((j) => j.suite === "daemon");
    expect(read(older("journal", { state }, i))).toMatchObject({
      run: { scope: "famfs" },
      state: { famfs: "agreed", unchecked: [] },
    });
  });
});
