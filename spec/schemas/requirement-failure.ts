import { manifest } from "./manifest.ts";
import { daemonFailure, daemonSubject } from "./outcomes.ts";
import { closed, DIALECT, type Schema, schemaId, u64 } from "./shared.ts";
import { decodedMessage, digest, versions } from "./stored.ts";

const text = { type: "string" };

/** The header of a request or a reply. */
const header = closed({
  len: { type: "integer", minimum: 0 },
  unique: u64,
  "opcode?": text,
  "nodeid?": u64,
  "error?": text,
});

export const requirementFailureSchema: Schema = {
  $schema: DIALECT,
  $id: schemaId("requirement-failure"),
  title: "A requirement that a daemon broke, with its exchange where there is one to blame",
  ...closed({
    format: { const: "fmapspec-requirement-failure" },
    version: { const: 1 },
    profile: text,
    seed: { type: "integer" },
    ...daemonFailure,
    "shortened?": { const: true },
    decoded: closed({ "request?": header, "reply?": header, "message?": decodedMessage }),
    subject: daemonSubject,
    options: closed({
      level: { enum: ["quick", "full", "soak"] },
      timeout: { type: "integer", minimum: 1 },
      "expect?": manifest,
      "mutate?": text,
      "expectAfter?": manifest,
    }),
    versions,
    "digest?": digest,
  }),
};
