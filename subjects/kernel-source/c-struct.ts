import type { Struct } from "../../spec/struct.ts";

const C_TYPES = { u8: "uint8_t", u16: "uint16_t", u32: "uint32_t", u64: "uint64_t" } as const;

/** A struct of ours as a C declaration of the same layout. */
export function declareStruct({ cName, fields, size }: Pick<Struct, "cName" | "fields" | "size">): string {
  const members = fields.map(({ name, type, size: bytes }) =>
    type in C_TYPES ? `\t${C_TYPES[type as keyof typeof C_TYPES]} ${name};` : `\tchar ${name}[${bytes}];`,
  );
  return [
    `struct ${cName} {`,
    ...members,
    "};",
    `_Static_assert(sizeof(struct ${cName}) == ${size}, "${cName}");`,
  ].join("\n");
}
