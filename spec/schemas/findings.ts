import { closed, DIALECT, hex, ruleId, type Schema, schemaId } from "./shared.ts";

const text = { type: "string" };
const count = { type: "integer", minimum: 0 };
const names = { type: "array", items: text };

export const findingsSchema: Schema = {
  $schema: DIALECT,
  $id: schemaId("findings"),
  title: "Where kernels and a careful one part ways",
  ...closed({
    format: { const: "fmapspec-findings" },
    version: { const: 1 },
    fmapspec: text,
    seed: { type: "integer" },
    messages: count,
    profiles: names,
    complete: { type: "boolean" },
    divergences: {
      type: "array",
      items: closed({
        id: ruleId,
        sentence: text,
        consequence: text,
        profiles: { ...names, minItems: 1 },
        unsettled: names,
        fixedBy: { type: ["string", "null"] },
        witness: closed({ profile: text, "when?": text, message: hex, at: count, detail: text }),
        steps: names,
      }),
    },
  }),
};
