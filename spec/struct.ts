import { TWO_TO_64 } from "./limits.ts";
/** C scalar of a wire field; `char[N]` is N raw bytes. All integers are little-endian. */
export type FieldType = "u8" | "u16" | "u32" | "u64" | "i32" | `char[${number}]`;

type FieldValue<T extends FieldType> = T extends "u64"
  ? bigint
  : T extends `char[${number}]`
    ? Uint8Array
    : number;

export type FieldTypes = Readonly<Record<string, FieldType>>;

/** The record that a struct with these fields is read into: u64 as bigint, `char[N]` as bytes, the rest as number. */
export type RecordOf<F extends FieldTypes> = { [K in keyof F]: FieldValue<F[K]> };

export interface Field {
  readonly name: string;
  readonly type: FieldType;
  /** Bytes from the start of the struct. */
  readonly offset: number;
  /** Bytes. */
  readonly size: number;
}

/** One C struct of the wire: declared once; sizes, offsets, reader and writer are derived from the declaration. */
export interface Struct<F extends FieldTypes = FieldTypes> {
  readonly cName: string;
  readonly size: number;
  readonly fields: readonly Field[];
  /** Byte offset of a field, as C's offsetof. */
  offsetOf(name: keyof F & string): number;
  /** Reads the record at byte `at`; throws RangeError if the struct does not fit in `bytes`. */
  read(bytes: Uint8Array, at?: number): RecordOf<F>;
  /** Writes the record at byte `at`; throws RangeError if it does not fit or a value is out of its field's range. */
  write(bytes: Uint8Array, at: number, record: RecordOf<F>): void;
}

const SCALAR_SIZE = { u8: 1, u16: 2, u32: 4, u64: 8, i32: 4 } as const;

function sizeAndAlignment(type: FieldType): { size: number; alignment: number } {
  if (type in SCALAR_SIZE) {
    const size = SCALAR_SIZE[type as keyof typeof SCALAR_SIZE];
    return { size, alignment: size };
  }
  return { size: Number(type.slice("char[".length, -1)), alignment: 1 };
}

const alignUp = (n: number, alignment: number) => Math.ceil(n / alignment) * alignment;

/** Declares a naturally aligned C struct; `fields` in declaration order. */
export function struct<const F extends FieldTypes>(cName: string, fields: F): Struct<F> {
  const layout: Field[] = [];
  let end = 0;
  let widest = 1;
  for (const [name, type] of Object.entries(fields)) {
    const { size, alignment } = sizeAndAlignment(type);
    const offset = alignUp(end, alignment);
    layout.push({ name, type, offset, size });
    end = offset + size;
    widest = Math.max(widest, alignment);
  }
  const size = alignUp(end, widest);
  const offsets = new Map(layout.map((f) => [f.name, f.offset]));

  const viewAt = (bytes: Uint8Array, at: number) => {
    // A DataView over a subarray can read the bytes behind it, so check against the length of the subarray.
    if (at < 0 || at + size > bytes.length)
      throw new RangeError(`${cName} needs ${size} bytes at ${at}, of ${bytes.length} there`);
    return new DataView(bytes.buffer, bytes.byteOffset + at, size);
  };

  return {
    cName,
    size,
    fields: layout,
    offsetOf: (name) => offsets.get(name) as number,
    read(bytes, at = 0) {
      const view = viewAt(bytes, at);
      const record: Record<string, unknown> = {};
      for (const f of layout) record[f.name] = readField(view, f, bytes, at);
      return record as RecordOf<F>;
    },
    write(bytes, at, record) {
      const view = viewAt(bytes, at);
      for (const f of layout) writeField(cName, view, f, record[f.name]);
    },
  };
}

/** The bytes of a record; what is not named is 0. Throws RangeError for a value that does not fit. */
export function bytesOf<F extends FieldTypes>(struct: Struct<F>, fields: Partial<RecordOf<F>>): Uint8Array {
  const bytes = new Uint8Array(struct.size);
  struct.write(bytes, 0, { ...struct.read(bytes), ...fields });
  return bytes;
}

function readField(view: DataView, f: Field, bytes: Uint8Array, at: number): number | bigint | Uint8Array {
  switch (f.type) {
    case "u8":
      return view.getUint8(f.offset);
    case "u16":
      return view.getUint16(f.offset, true);
    case "u32":
      return view.getUint32(f.offset, true);
    case "u64":
      return view.getBigUint64(f.offset, true);
    case "i32":
      return view.getInt32(f.offset, true);
    default:
      return bytes.slice(at + f.offset, at + f.offset + f.size);
  }
}

function writeField(cName: string, view: DataView, f: Field, value: unknown): void {
  // DataView's setters wrap silently, so a value that does not fit must throw here.
  const misfit = () => new RangeError(`${cName}.${f.name}: ${String(value)} does not fit in ${f.type}`);
  if (f.type === "u64") {
    if (typeof value !== "bigint" || value < 0n || value >= TWO_TO_64) throw misfit();
    view.setBigUint64(f.offset, value, true);
  } else if (f.type.startsWith("char[")) {
    if (!(value instanceof Uint8Array) || value.length !== f.size) throw misfit();
    new Uint8Array(view.buffer, view.byteOffset + f.offset, f.size).set(value);
  } else {
    const [least, beyond] = f.type === "i32" ? [-(2 ** 31), 2 ** 31] : [0, 2 ** (8 * f.size)];
    if (typeof value !== "number" || !Number.isInteger(value) || value < least || value >= beyond)
      throw misfit();
    if (f.size === 1) view.setUint8(f.offset, value);
    else if (f.size === 2) view.setUint16(f.offset, value, true);
    else view.setUint32(f.offset, value, true);
  }
}
