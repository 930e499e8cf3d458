import { closed, DIALECT, ruleId, type Schema, schemaId } from "./shared.ts";

const text = { type: "string" };
const names = { type: "array", items: text };
const rules = { type: "array", items: ruleId };
const count = { type: "integer", minimum: 0 };
const countOrNone = { type: ["integer", "null"], minimum: 0 };

export const selftestSchema: Schema = {
  $schema: DIALECT,
  $id: schemaId("selftest"),
  title: "What the suite finds of subjects that are wrong in a known way",
  ...closed({
    format: { const: "fmapspec-selftest" },
    version: { const: 1 },
    fmapspec: text,
    profile: text,
    seed: { type: "integer" },
    complete: { type: "boolean" },
    passed: { type: "boolean" },
    mutants: {
      type: "array",
      items: closed({
        kind: { enum: ["parser", "daemon", "revision"] },
        name: text,
        subject: { ...text, description: "What it does wrong" },
        rule: { oneOf: [ruleId, { type: "null" }], description: "The rule that it is wrong about" },
        equivalent: { type: ["string", "null"], description: "Why nothing can tell it from the original" },
        messages: { ...countOrNone, description: "Messages or requests until the first failure" },
        seconds: { type: "number", minimum: 0 },
        rules: { ...rules, description: "That it was seen to break" },
        witness: { ...countOrNone, description: "Bytes of the largest of its shrunk witnesses" },
        "tries?": { ...count, description: "How often it was tried, if not once" },
        "worlds?": { ...count, description: "Messages of small worlds that it answered like the original" },
        "contradiction?": text,
        right: { type: "boolean" },
      }),
    },
    rules: { type: "array", items: closed({ rule: ruleId, alone: names, together: names }) },
    unproven: { ...rules, description: "Rules that no mutant breaks alone" },
  }),
};
