import { daemonSubject } from "./outcomes.ts";
import { closed, DIALECT, ruleId, type Schema, schemaId } from "./shared.ts";

const sha256 = { type: "string", pattern: "^[0-9a-f]{64}$" };

export const certificateSchema: Schema = {
  $schema: DIALECT,
  $id: schemaId("certificate"),
  title: "What a daemon was found to fulfil",
  ...closed({
    format: { const: "fmapspec-certificate" },
    version: { const: 1 },
    fmapspec: { type: "string" },
    /** Digest of the rules of this version: another digest means another standard. */
    rulesDigest: sha256,
    profile: { type: "string" },
    level: { enum: ["quick", "full", "soak"] },
    seed: { type: "integer" },
    date: { type: "string", pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$" },
    subject: daemonSubject,
    executable: closed({ path: { type: "string" }, sha256 }),
    "scope?": { enum: ["famfs", "fuse"] },
    requirements: {
      type: "array",
      items: closed({
        rule: ruleId,
        level: { enum: ["MUST", "SHOULD"] },
        // In certificates older than warnings a SHOULD could fail.
        outcome: { enum: ["passed", "failed", "warning", "not-applicable", "not-run"] },
        "reason?": { type: "string" },
      }),
    },
  }),
};
