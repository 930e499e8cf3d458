import { subject } from "./counterexample.ts";
import { daemonSubject } from "./outcomes.ts";
import { daemonRun, daemonState, parserRun, parserState } from "./run.ts";
import { closed, DIALECT, type Schema, schemaId } from "./shared.ts";
import { digest } from "./stored.ts";

const text = { type: "string" };

const journal = (suite: string, own: Record<string, Schema>): Schema =>
  closed({
    format: { const: "fmapspec-journal" },
    version: { const: 1 },
    suite: { const: suite },
    fmapspec: text,
    profile: text,
    level: { enum: ["quick", "full", "soak"] },
    seed: { type: "integer" },
    digest,
    ...own,
  });

/** The checkpoint of a run that is not finished. */
export const journalSchema: Schema = {
  $schema: DIALECT,
  $id: schemaId("journal"),
  title: "A run that did not come to its end: what it has seen, and where it goes on",
  oneOf: [
    journal("parser", { run: parserRun, subject, implementation: text, state: parserState }),
    journal("daemon", { run: daemonRun, subject: daemonSubject, state: daemonState }),
  ],
};
