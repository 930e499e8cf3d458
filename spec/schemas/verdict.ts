import { closed, DIALECT, errno, map, ruleId, type Schema, schemaId } from "./shared.ts";

const offset = { type: "integer", minimum: 0 };
/** Hazards of a verdict. */
export const hazards: Schema = {
  type: "array",
  items: closed({ rule: ruleId, offset, count: { type: "integer", minimum: 1 } }),
};

/** The verdict of an oracle as a part of other schemas, without `$schema`. */
export const verdict: Schema = {
  oneOf: [
    closed({ verdict: { const: "accept" }, map, hazards }),
    closed({ verdict: { const: "reject" }, errno, rule: ruleId, offset, hazards }),
    closed({ verdict: { const: "unspecified" }, rule: ruleId, offset, reason: { type: "string" }, hazards }),
  ],
};

export const verdictSchema: Schema = {
  $schema: DIALECT,
  $id: schemaId("verdict"),
  title: "What a profile's kernel makes of one message",
  ...closed({ profile: { type: "string" }, message: { type: "string" }, verdict }),
};
