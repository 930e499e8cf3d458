import { closed, DIALECT, hex, ruleId, type Schema, schemaId } from "./shared.ts";

const count = { type: "integer", minimum: 0 };
const text = { type: "string" };

/** How a daemon is started and talked to. */
export const daemonSubject: Schema = closed({
  command: { type: "array", items: text, minItems: 1 },
  channel: { enum: ["auto", "seqpacket", "stream"] },
  via: { enum: ["direct", "fusermount"] },
  "user?": text,
});

/** What a run recorded of one requirement. */
export const ruleOutcome: Schema = closed({
  rule: ruleId,
  outcome: { enum: ["passed", "failed", "expected-failure", "unexpected-pass", "not-applicable", "not-run"] },
  messages: count,
  failed: count,
  "reason?": text,
});

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
    subject: daemonSubject,
    channel: text,
    complete: { type: "boolean" },
    passed: { type: "boolean" },
    seconds: { type: "number", minimum: 0 },
    tree: closed({ nodes: count, files: count, mapped: count }),
    rules: { type: "array", items: ruleOutcome },
    failures: {
      type: "array",
      items: closed({ rule: ruleId, detail: text, "path?": text, "request?": hex, "reply?": hex }),
    },
    notes: { type: "array", items: text },
  }),
};
