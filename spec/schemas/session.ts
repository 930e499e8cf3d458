import { daemonSubject } from "./outcomes.ts";
import { closed, DIALECT, hex, ruleId, type Schema, schemaId, u64 } from "./shared.ts";
import { digest, repeats, versions } from "./stored.ts";

const text = { type: "string" };

/** One step; `end` closes all handles and forgets all nodes, as at the end of a session. */
const act: Schema = {
  oneOf: [
    closed({
      kind: { enum: ["lookup", "forget", "forgetAll", "getattr", "open", "release", "getFmap"] },
      path: text,
    }),
    closed({ kind: { const: "together" }, paths: { type: "array", items: text, minItems: 1 } }),
    closed({ kind: { const: "end" } }),
  ],
};

/** A session in which a daemon broke a requirement, with everything that replay needs. */
export const session: Schema = closed({
  format: { const: "fmapspec-session" },
  version: { const: 1 },
  profile: text,
  seed: { type: "integer" },
  rule: ruleId,
  detail: text,
  repeats,
  subject: daemonSubject,
  files: { type: "array", items: closed({ path: text, size: u64, fmap: hex }) },
  steps: { type: "array", items: act },
  transcript: {
    type: "array",
    items: closed({
      from: { enum: ["kernel", "daemon"] },
      opcode: { type: ["string", "null"] },
      bytes: hex,
    }),
  },
  versions,
  "digest?": digest,
});

export const sessionSchema: Schema = {
  $schema: DIALECT,
  $id: schemaId("session"),
  title: "A session that a daemon failed, stored as bytes",
  ...session,
};
