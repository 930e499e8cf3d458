import { closed, DIALECT, errno, hex, map, resolution, type Schema, schemaId, u64 } from "./shared.ts";

const seq = { type: "integer", minimum: 0 };

/** The lines that the suite writes to a driver. */
export const driverRequestSchema: Schema = {
  $schema: DIALECT,
  $id: schemaId("driver-request"),
  title: "NDJSON driver protocol: a request",
  oneOf: [
    closed({ cmd: { const: "start" }, version: { const: 1 } }),
    closed({
      cmd: { const: "parse" },
      seq,
      profile: { type: "string" },
      hex,
      "resolve?": {
        type: "array",
        items: { type: "array", prefixItems: [u64, u64], minItems: 2, items: false },
      },
    }),
    closed({ cmd: { const: "stop" } }),
  ],
};

/** A driver's reply to `start`. */
export const driverStartedSchema: Schema = {
  $schema: DIALECT,
  $id: schemaId("driver-started"),
  title: "NDJSON driver protocol: the answer to start",
  ...closed({
    version: { const: 1 },
    implementation: {
      type: "object",
      properties: { name: { type: "string" }, version: { type: "string" }, language: { type: "string" } },
      required: ["name"],
      additionalProperties: false,
    },
  }),
};

/** A driver's reply to `parse`. */
export const driverReplySchema: Schema = {
  $schema: DIALECT,
  $id: schemaId("driver-reply"),
  title: "NDJSON driver protocol: the answer to parse",
  oneOf: [
    closed({
      seq,
      verdict: { const: "accept" },
      "map?": map,
      "resolved?": { type: "array", items: resolution },
    }),
    closed({ seq, verdict: { const: "reject" }, errno }),
    closed({ seq, skipped: { type: "string" } }),
  ],
};
