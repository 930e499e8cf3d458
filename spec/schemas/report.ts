import { counterexample, subject } from "./counterexample.ts";
import { conclusion, ruleOutcome } from "./outcomes.ts";
import { parserRun, parserState } from "./run.ts";
import { closed, DIALECT, type Schema, schemaId } from "./shared.ts";
import { digest } from "./stored.ts";

const count = { type: "integer", minimum: 0 };
const text = { type: "string" };
/** How many of them were reached. */
const share = closed({ reached: count, all: count });

export const reportSchema: Schema = {
  $schema: DIALECT,
  $id: schemaId("report"),
  title: "The report of one run",
  ...closed({
    format: { const: "fmapspec-report" },
    version: { const: 1 },
    fmapspec: text,
    suite: { enum: ["parser", "kernel"] },
    profile: text,
    level: { enum: ["quick", "full", "soak"] },
    seed: { type: "integer" },
    run: parserRun,
    subject,
    implementation: text,
    complete: { type: "boolean" },
    passed: { type: "boolean" },
    ...conclusion,
    seconds: { type: "number", minimum: 0 },
    messages: count,
    rules: { type: "array", items: ruleOutcome },
    counterexamples: { type: "array", items: counterexample },
    findings: {
      type: "array",
      items: closed({
        rule: { type: ["string", "null"] },
        what: text,
        predicted: { type: "boolean" },
        messages: count,
        "counterexample?": counterexample,
      }),
    },
    boundaries: closed({
      classes: count,
      hit: count,
      pairs: count,
      pairsHit: count,
      missed: { type: "array", items: text },
    }),
    "coverage?": closed({
      lines: share,
      branches: share,
      missed: {
        type: "array",
        items: closed({
          file: text,
          line: { type: "integer", minimum: 1 },
          text,
          branches: { oneOf: [{ type: "null" }, share] },
          reason: { type: ["string", "null"] },
        }),
      },
    }),
    "search?": closed({ features: count, kept: count, keptForSource: count }),
    notes: { type: "array", items: text },
    "state?": parserState,
    "digest?": digest,
  }),
};
