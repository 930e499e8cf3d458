import { closed, DIALECT, hex, type Schema, schemaId } from "./shared.ts";

const text = { type: "string" };
const names = { type: "array", items: text };

export const matrixSchema: Schema = {
  $schema: DIALECT,
  $id: schemaId("matrix"),
  title: "Messages, or a daemon's requirements, before several kernel revisions",
  ...closed({
    format: { const: "fmapspec-matrix" },
    version: { const: 1 },
    fmapspec: text,
    of: { enum: ["messages", "daemon"] },
    profiles: names,
    rows: {
      type: "array",
      items: closed({
        name: text,
        "message?": hex,
        cells: names,
        "alike?": { type: "integer", minimum: 1 },
      }),
    },
    "conclusions?": names,
    "verdicts?": { type: "array", items: { enum: ["conforming", "not conforming", "inconclusive"] } },
  }),
};
