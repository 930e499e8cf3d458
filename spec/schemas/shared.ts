/** Parts of several schemas, inlined so that each schema is complete in itself. */

/** A schema as plain JSON. */
export type Schema = { readonly [key: string]: unknown };

export const DIALECT = "https://json-schema.org/draft/2020-12/schema";

/** `$id` of a schema by its name. */
export const schemaId = (name: string) => `https://fmapspec.dev/schemas/${name}.schema.json`;

export const u64: Schema = {
  description: "An unsigned 64-bit number in decimal",
  type: "string",
  pattern:
    "^(0|[1-9][0-9]{0,18}|1[0-7][0-9]{18}|18[0-3][0-9]{17}|184[0-3][0-9]{16}|1844[0-5][0-9]{15}|18446[0-6][0-9]{14}|184467[0-3][0-9]{13}|1844674[0-3][0-9]{12}|184467440[0-6][0-9]{10}|1844674407[0-2][0-9]{9}|18446744073[0-6][0-9]{8}|1844674407370[0-8][0-9]{6}|18446744073709[0-4][0-9]{5}|184467440737095[0-4][0-9]{4}|18446744073709550[0-9]{3}|18446744073709551[0-5][0-9]{2}|1844674407370955160[0-9]|1844674407370955161[0-4]|18446744073709551615)$",
};
export const u8: Schema = { type: "integer", minimum: 0, maximum: 255 };
export const u16: Schema = { type: "integer", minimum: 0, maximum: 65_535 };
export const u32: Schema = { type: "integer", minimum: 0, maximum: 4_294_967_295 };
export const hex: Schema = { type: "string", pattern: "^([0-9a-f]{2})*$" };
export const ruleId: Schema = { type: "string", pattern: "^[a-z0-9-]+(/[a-z0-9-]+)+$" };
export const errno: Schema = { type: "string", pattern: "^E[A-Z0-9]+$" };

/** An object with exactly these properties; a property whose name ends in `?` may be missing. */
export function closed(properties: Record<string, Schema>): Schema {
  const entries = Object.entries(properties);
  return {
    type: "object",
    properties: Object.fromEntries(entries.map(([name, schema]) => [name.replace(/\?$/, ""), schema])),
    required: entries.map(([name]) => name).filter((name) => !name.endsWith("?")),
    additionalProperties: false,
  };
}

export const range = closed({ devindex: u64, offset: u64, length: u64 });

export const map: Schema = {
  oneOf: [
    closed({
      fileType: u32,
      extType: { const: "simple" },
      fileSize: u64,
      devBitmap: u64,
      extents: { type: "array", items: range },
    }),
    closed({
      fileType: u32,
      extType: { const: "interleaved" },
      fileSize: u64,
      devBitmap: u64,
      extents: {
        type: "array",
        items: closed({ chunkSize: u64, nbytes: u64, strips: { type: "array", items: range } }),
      },
    }),
  ],
};

/** The memory of a file range, or that it has none (`length` "0"), or the errno of the resolution. */
export const resolution: Schema = {
  oneOf: [range, closed({ length: { const: "0" } }), closed({ errno })],
};
