import { closed, hex, ruleId, type Schema, u64 } from "./shared.ts";

const count = { type: "integer", minimum: 0 };
const text = { type: "string" };

/** How a daemon is started and talked to. */
export const daemonSubject: Schema = closed({
  command: { type: "array", items: text, minItems: 1 },
  channel: { enum: ["auto", "seqpacket", "stream"] },
  via: { enum: ["auto", "direct", "fusermount"] },
  "user?": text,
});

/** What a daemon was asked, by paths. */
const recordedRequest = closed({
  opcode: text,
  "path?": text,
  "nodeid?": u64,
  "paths?": { type: "array", items: text },
  "body?": hex,
});

/** One way in which a daemon broke a requirement: the properties. */
export const daemonFailure: Record<string, Schema> = {
  rule: ruleId,
  detail: text,
  "path?": text,
  "request?": hex,
  "reply?": hex,
  "before?": hex,
  "requests?": { type: "array", items: recordedRequest, minItems: 1 },
};

/** What the verdict needs and a run did not check. */
export const unchecked: Schema = { type: "array", items: closed({ what: text, why: text }) };

/** The verdict of a run, which reports that were stored before have not: the properties. */
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

/** What a run recorded of one requirement. */
export const ruleOutcome: Schema = closed({
  rule: ruleId,
  outcome: {
    enum: ["passed", "failed", "warning", "expected-failure", "unexpected-pass", "not-applicable", "not-run"],
  },
  messages: count,
  failed: count,
  "reason?": text,
});
