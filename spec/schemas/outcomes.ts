import { closed, hex, ruleId, type Schema, u64 } from "./shared.ts";

const count = { type: "integer", minimum: 0 };
const text = { type: "string" };

/** How to start a daemon, and how to connect to it. */
export const daemonSubject: Schema = closed({
  command: { type: "array", items: text, minItems: 1 },
  channel: { enum: ["auto", "seqpacket", "stream"] },
  via: { enum: ["auto", "direct", "fusermount"] },
  "user?": text,
});

/** A request with paths in place of nodeids. */
const recordedRequest = closed({
  opcode: text,
  "path?": text,
  "nodeid?": u64,
  "paths?": { type: "array", items: text },
  "body?": hex,
});

/** The properties of a requirement's failure. */
export const daemonFailure: Record<string, Schema> = {
  rule: ruleId,
  detail: text,
  "path?": text,
  "request?": hex,
  "reply?": hex,
  "before?": hex,
  "requests?": { type: "array", items: recordedRequest, minItems: 1 },
};

/** Checks that the verdict needs and that the run did not make. */
export const unchecked: Schema = { type: "array", items: closed({ what: text, why: text }) };

/** The properties of a run's verdict; older reports do not have them. */
export const conclusion: Record<string, Schema> = {
  "verdict?": { enum: ["conforming", "not conforming", "inconclusive"] },
  "reasons?": { type: "array", items: text },
  "scope?": text,
  "counts?": closed({
    passed: count,
    failed: count,
    warnings: count,
    known: count,
    notRun: count,
    notApplicable: count,
  }),
  "unchecked?": unchecked,
};

/** The result of one rule in a run. */
export const ruleOutcome: Schema = closed({
  rule: ruleId,
  outcome: {
    enum: ["passed", "failed", "warning", "expected-failure", "unexpected-pass", "not-applicable", "not-run"],
  },
  messages: count,
  failed: count,
  "reason?": text,
});
