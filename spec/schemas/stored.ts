/** Parts that all stored failures share. */
import { closed, hex, type Schema, u64 } from "./shared.ts";

const text = { type: "string" };

/** The versions that found it: recipes depend on fast-check, and answers may depend on node. */
export const versions: Schema = closed({ fmapspec: text, fastCheck: text, node: text });

/** How often it was repeated from the stored document, and how often it failed again. */
export const repeats: Schema = closed({
  tries: { type: "integer", minimum: 1 },
  failed: { type: "integer", minimum: 0 },
});

const range = closed({ "devindex?": u64, "offset?": u64, "length?": u64 });

/** The fields of a message; a field that is cut off is missing. */
export const decodedMessage: Schema = closed({
  header: closed({
    "file_type?": u64,
    "reserved?": u64,
    "fmap_version?": u64,
    "ext_type?": u64,
    "nextents?": u64,
    "reserved0?": u64,
    "fmap_size?": u64,
    "file_size?": u64,
    "reserved1?": u64,
  }),
  extents: {
    type: "array",
    items: {
      if: { type: "object", properties: { strips: true }, required: ["strips"] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: closed({
        "nstrips?": u64,
        "chunkSize?": u64,
        "nbytes?": u64,
        strips: { type: "array", items: range },
      }),
      else: range,
    },
  },
  "rest?": hex,
});

export const digest: Schema = {
  description: "sha256 of the document without this field, as JSON without blanks and with sorted keys",
  type: "string",
  pattern: "^[0-9a-f]{64}$",
};
