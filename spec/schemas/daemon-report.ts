import { conclusion, daemonFailure, daemonSubject, ruleOutcome } from "./outcomes.ts";
import { daemonRun, daemonState, famfs, sessions, tree } from "./run.ts";
import { session } from "./session.ts";
import { closed, DIALECT, type Schema, schemaId } from "./shared.ts";
import { digest } from "./stored.ts";

const text = { type: "string" };

export const daemonReportSchema: Schema = {
  $schema: DIALECT,
  $id: schemaId("daemon-report"),
  title: "The report of one run over a daemon",
  ...closed({
    format: { const: "fmapspec-daemon-report" },
    version: { const: 1 },
    fmapspec: text,
    profile: text,
    level: { enum: ["quick", "full", "soak"] },
    seed: { type: "integer" },
    run: daemonRun,
    subject: daemonSubject,
    channel: text,
    complete: { type: "boolean" },
    passed: { type: "boolean" },
    ...conclusion,
    "famfs?": famfs,
    seconds: { type: "number", minimum: 0 },
    tree,
    "sessions?": sessions,
    rules: { type: "array", items: ruleOutcome },
    failures: {
      type: "array",
      items: closed(daemonFailure),
    },
    "session?": session,
    notes: { type: "array", items: text },
    "state?": daemonState,
    "digest?": digest,
  }),
};
