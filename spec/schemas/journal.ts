import { subject } from "./counterexample.ts";
import { digest, parserRun, parserState } from "./run.ts";
import { closed, DIALECT, type Schema, schemaId } from "./shared.ts";

const text = { type: "string" };

/** What a run writes down of itself while it goes on. */
export const journalSchema: Schema = {
  $schema: DIALECT,
  $id: schemaId("journal"),
  title: "A run that did not come to its end: what it has seen, and where it goes on",
  ...closed({
    format: { const: "fmapspec-journal" },
    version: { const: 1 },
    suite: { const: "parser" },
    fmapspec: text,
    profile: text,
    level: { enum: ["quick", "full", "soak"] },
    seed: { type: "integer" },
    run: parserRun,
    subject,
    implementation: text,
    state: parserState,
    digest,
  }),
};
