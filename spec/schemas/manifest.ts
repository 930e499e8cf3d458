import { closed, DIALECT, range, type Schema, schemaId, u8, u16, u64 } from "./shared.ts";

const text: Schema = { type: "string" };

const interleaved = closed({
  chunkSize: u64,
  nbytes: u64,
  strips: { type: "array", minItems: 1, items: range },
});

/** The files that a daemon serves, with their extents. manifest-problems.ts has the checks that JSON Schema cannot express. */
export const manifest: Schema = closed({
  format: { const: "fmapspec-manifest" },
  version: { const: 1 },
  daxdevs: { type: "array", items: closed({ index: u16, name: text, "size?": u64 }) },
  files: {
    type: "array",
    items: closed({
      path: text,
      fileSize: u64,
      "fileType?": u8,
      extents: {
        type: "array",
        minItems: 1,
        items: {
          // `strips` decides which kind of extent it is, so an error names the field and not the alternative.
          if: { type: "object", properties: { strips: true }, required: ["strips"] },
          // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
          then: interleaved,
          else: range,
        },
      },
    }),
  },
  "directories?": { type: "array", items: text },
  "symlinks?": { type: "array", items: closed({ path: text, target: text }) },
});

export const manifestSchema: Schema = {
  $schema: DIALECT,
  $id: schemaId("manifest"),
  title: "The files that a daemon serves, with their extents",
  ...manifest,
};
