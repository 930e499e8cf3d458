import { closed, DIALECT, hex, ruleId, type Schema, schemaId, u64 } from "./shared.ts";
import { decodedMessage, digest, repeats, versions } from "./stored.ts";
import { verdict } from "./verdict.ts";

const count = { type: "integer", minimum: 0 };
const strings = { type: "array", items: { type: "string" } };

/** How to start the subject again. */
export const subject: Schema = {
  oneOf: [
    closed({
      kind: { const: "driver" },
      protocol: { enum: ["ndjson", "frames", "exec"] },
      command: { ...strings, minItems: 1 },
    }),
    closed({ kind: { const: "device" }, path: { type: "string" } }),
    closed({ kind: { const: "kernel-source" }, path: { type: "string" }, "cc?": { type: "string" } }),
    closed({ kind: { const: "embedded" } }),
    closed({ kind: { const: "function" }, name: { type: "string" } }),
    closed({ kind: { const: "kernel" }, release: { type: "string" } }),
  ],
};

/** What a server answers: the bytes in hex, or an errno. */
const answer = { type: "string", pattern: "^(?:(?:[0-9a-f]{2})*|E[A-Z0-9]+)$" };

/** The circumstances of the message: what the suite asked or arranged besides its bytes. */
export const circumstances = {
  "failAllocation?": { type: "integer", minimum: 1 },
  "scene?": { type: "string" },
  "resolve?": { type: "array", items: { type: "array", prefixItems: [u64, u64], minItems: 2, items: false } },
  "answers?": { type: "array", items: answer, minItems: 1 },
  "daxdev?": answer,
  "opens?": { type: "integer", minimum: 1 },
};

/** The kind of the difference. */
export const kind: Schema = {
  enum: [
    "verdict",
    "map",
    "resolution",
    "install",
    "exchange",
    "crash",
    "exit",
    "hang",
    "slow",
    "garbage",
    "finding",
  ],
};

/** One failure, with everything that replay needs. */
export const counterexample: Schema = closed({
  format: { const: "fmapspec-counterexample" },
  version: { const: 1 },
  profile: { type: "string" },
  rule: ruleId,
  kind,
  message: hex,
  decoded: decodedMessage,
  ...circumstances,
  expected: verdict,
  "expectedText?": { type: "string" },
  actual: { type: "string" },
  subject,
  seed: { type: "integer" },
  "recipe?": { type: "array", items: count },
  versions,
  "digest?": digest,
  "repeats?": repeats,
});

export const counterexampleSchema: Schema = {
  $schema: DIALECT,
  $id: schemaId("counterexample"),
  title: "A failure of a subject, stored as bytes",
  ...counterexample,
};
