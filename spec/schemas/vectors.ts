import { PROFILE_NAMES } from "../profiles/names.ts";
import {
  closed,
  DIALECT,
  errno,
  hex,
  map,
  resolution,
  ruleId,
  type Schema,
  schemaId,
  u64,
} from "./shared.ts";
import { hazards } from "./verdict.ts";

const text = { type: "string" };
const count = { type: "integer", minimum: 0 };
const positive = { type: "integer", minimum: 1 };

/** An object with exactly these properties and those that a oneOf beside it adds. */
const sealed = (properties: Record<string, Schema>, more: Schema = {}): Schema => {
  const { additionalProperties: _, ...object } = closed(properties) as Record<string, unknown>;
  return { ...object, ...more, unevaluatedProperties: false };
};

/** The properties that a vector of this result has in addition; a key that ends in `?` may be missing. */
function outcome(result: string, properties: Record<string, Schema>): Schema {
  const { additionalProperties: _, ...object } = closed({ result: { const: result }, ...properties });
  return object;
}

/** A file offset and a number of bytes. */
const ask = { type: "array", prefixItems: [u64, u64], minItems: 2, items: false };

const vector = sealed(
  {
    tcId: positive,
    id: { type: "string", pattern: "^[a-z0-9-]+(/[a-z0-9-]+)+$" },
    comment: text,
    flags: { type: "array", items: text, minItems: 1, uniqueItems: true },
    rules: { type: "array", items: ruleId, minItems: 1, uniqueItems: true },
    msg: hex,
    hazards,
  },
  {
    oneOf: [
      outcome("valid", {
        map,
        "resolve?": { type: "array", items: ask },
        "resolved?": { type: "array", items: resolution },
      }),
      outcome("invalid", { errno, offset: count }),
      outcome("acceptable", { allowed: { const: ["accept", "EINVAL"] }, offset: count, map }),
    ],
  },
);

export const vectorsSchema: Schema = {
  $schema: DIALECT,
  $id: schemaId("vectors"),
  title: "Messages, and what the kernel of a profile does with each",
  ...sealed({
    algorithm: { const: "GET_FMAP" },
    schema: { const: "vectors.schema.json" },
    numberOfTests: count,
    header: { type: "array", items: text },
    notes: {
      type: "object",
      additionalProperties: sealed({
        bugType: text,
        description: text,
        effect: text,
        links: { type: "array", items: text },
      }),
    },
    testGroups: {
      type: "array",
      minItems: 1,
      items: sealed({
        type: { const: "FmapParse" },
        source: text,
        profile: { enum: [...PROFILE_NAMES] },
        tests: { type: "array", items: vector },
      }),
    },
  }),
};
