import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Field, FieldTypes, RecordOf, Struct } from "../struct.ts";
import { CC, linesPrintedBy } from "./compile-c.ts";

const fieldArb = (f: Field): fc.Arbitrary<unknown> => {
  if (f.type === "u64") return fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
  if (f.type.startsWith("char[")) return fc.uint8Array({ minLength: f.size, maxLength: f.size });
  if (f.type === "i32") return fc.integer();
  return fc.integer({ min: 0, max: 2 ** (8 * f.size) - 1 });
};

/** Any record of the struct. */
const recordArb = <F extends FieldTypes>(s: Struct<F>): fc.Arbitrary<RecordOf<F>> =>
  fc.record(Object.fromEntries(s.fields.map((f) => [f.name, fieldArb(f)]))) as fc.Arbitrary<RecordOf<F>>;

/** Law: what is written is read back, wherever it stands, and the bytes around it stay as they were. */
export function roundTrips<F extends FieldTypes>(
  s: Struct<F>,
  arb: fc.Arbitrary<RecordOf<F>> = recordArb(s),
) {
  it(`${s.cName}: what is written is read back, and nothing else is touched`, () => {
    const room = fc.nat(40);
    const property = fc.property(arb, room, room, (record, before, behind) => {
      const bytes = new Uint8Array(before + s.size + behind).fill(0xee);
      s.write(bytes, before, record);
      expect(s.read(bytes, before)).toEqual(record);
      expect([...bytes.subarray(0, before), ...bytes.subarray(before + s.size)]).toEqual(
        new Array(before + behind).fill(0xee),
      );
    });
    fc.assert(property);
  });
}

/** Law: literal bytes (hex, blanks ignored) are read as the record, and the record is written as those bytes. */
export function pairs<F extends FieldTypes>(s: Struct<F>, hex: string, record: RecordOf<F>) {
  it(`${s.cName}: literal bytes and record are the same thing`, () => {
    const bytes = fromHex(hex);
    expect(bytes).toHaveLength(s.size);
    expect(s.read(bytes)).toEqual(record);
    const written = new Uint8Array(s.size);
    s.write(written, 0, record);
    expect(written).toEqual(bytes);
  });
}

/** Law: the struct has the size, and its fields have the order, offsets and sizes that a C compiler gives `members`. */
export function laidOutAsC<F extends FieldTypes>(s: Struct<F>, members: readonly string[]) {
  describe.skipIf(CC === undefined)(`struct ${s.cName}`, () => {
    it("is laid out as a C compiler lays it out", () => {
      const names = members.map((m) => /(\w+)(\[\d+\])?$/.exec(m)?.[1] as string);
      const prints = names.map(
        (n) => `printf("${n} %zu %zu\\n", offsetof(struct probe, ${n}), sizeof(((struct probe *)0)->${n}));`,
      );
      const [size, ...fields] = linesPrintedBy(`
        #include <stddef.h>
        #include <stdint.h>
        #include <stdio.h>
        struct probe { ${members.map((m) => `${m};`).join(" ")} };
        int main(void) { printf("%zu\\n", sizeof(struct probe)); ${prints.join(" ")} return 0; }`);
      expect(s.size).toBe(Number(size));
      expect(s.fields.map((f) => `${f.name} ${f.offset} ${f.size}`)).toEqual(fields);
      expect(s.fields.map((f) => s.offsetOf(f.name))).toEqual(s.fields.map((f) => f.offset));
    });
  });
}

/** Bytes from hex; blanks are for the reader. */
export const fromHex = (hex: string): Uint8Array =>
  Uint8Array.from(Buffer.from(hex.replace(/\s/g, ""), "hex"));
