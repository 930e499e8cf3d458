import { closed, DIALECT, hex, type Schema, schemaId, u8, u16, u32, u64 } from "./shared.ts";

const range = closed({ "se_devindex?": u32, "reserved?": u32, se_offset: u64, se_len: u64 });

export const messageSchema: Schema = {
  $schema: DIALECT,
  $id: schemaId("message"),
  title: "A GET_FMAP message written as JSON",
  ...closed({
    header: closed({
      "file_type?": u8,
      "reserved?": u8,
      "fmap_version?": u16,
      "ext_type?": u32,
      "nextents?": u32,
      "reserved0?": u32,
      file_size: u64,
      "reserved1?": u64,
    }),
    extents: {
      type: "array",
      items: {
        // `strips` decides which kind of extent it is, so an error names the field and not the alternative.
        if: { type: "object", properties: { strips: true }, required: ["strips"] },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        then: closed({
          "ie_nstrips?": u32,
          ie_chunk_size: u32,
          ie_nbytes: u64,
          "reserved?": u64,
          strips: { type: "array", items: range },
        }),
        else: range,
      },
    },
    "trailing?": hex,
  }),
};
