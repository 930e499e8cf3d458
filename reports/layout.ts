import {
  EXT_INTERLEAVE,
  EXT_SIMPLE,
  EXT_TYPES,
  FILE_TYPES,
  fmapHeader,
  interleavedExt,
  profileNamed,
  simpleExt,
} from "../spec/index.ts";

/** A field of a message, or a run of bytes that belongs to none. */
interface LayoutField {
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly name: string;
  /** As a person reads it. */
  readonly value: string;
}

/** One record of a message: the header, an extent, a strip, or what is left over. */
export interface LayoutRecord {
  readonly title: string;
  readonly fields: readonly LayoutField[];
}

type Fields = typeof fmapHeader.fields;

function number(bytes: Uint8Array): bigint {
  return bytes.reduceRight((n, byte) => (n << 8n) | BigInt(byte), 0n);
}

function readable(name: string, n: bigint, size: number): string {
  if (name === "file_type") return `${n}${named(FILE_TYPES, n)}`;
  if (name === "ext_type") return `${n}${named(EXT_TYPES, n)}`;
  return size === 8 && n >= 4096n ? `0x${n.toString(16)} (${n})` : `${n}`;
}

function named(names: readonly string[], n: bigint): string {
  const name = names[Number(n)];
  return name === undefined ? " (unknown)" : ` (${name})`;
}

/**
 * The records of a message, as far as its bytes go: what its own ext_type and counts announce, then what is cut off in
 * the middle or follows the last record. `profile`: the name of the one whose header it has.
 */
export function layout(message: Uint8Array, profile: string | null = null): LayoutRecord[] {
  const records: LayoutRecord[] = [];
  const hasFmapSize = profile !== null && profileNamed(profile)?.fmapSizeField === true;
  let at = 0;
  const take = (title: string, struct: { size: number; fields: Fields }): Map<string, bigint> | null => {
    const left = message.length - at;
    if (left === 0) return null;
    const values = new Map<string, bigint>();
    const fields: LayoutField[] = [];
    for (const f of struct.fields) {
      const bytes = message.subarray(at + f.offset, Math.min(at + f.offset + f.size, message.length));
      if (bytes.length === 0) break;
      const whole = bytes.length === f.size;
      const value = whole
        ? readable(f.name, number(bytes), f.size)
        : `cut off after ${bytes.length} of ${f.size} bytes`;
      // The same four bytes: fmap_size, or reserved.
      const name = f.name === "reserved0" && hasFmapSize ? "fmap_size" : f.name;
      fields.push({ offset: at + f.offset, bytes, name, value });
      if (whole) values.set(f.name, number(bytes));
    }
    records.push({ title, fields });
    at = Math.min(at + struct.size, message.length);
    return left >= struct.size ? values : null;
  };

  const header = take("header", fmapHeader);
  const n = header === null ? 0 : Number(header.get("nextents"));
  const extType = header === null ? -1 : Number(header.get("ext_type"));
  if (extType === EXT_SIMPLE) {
    for (let i = 0; i < n; i++) if (take(`extent ${i}`, simpleExt) === null) break;
  } else if (extType === EXT_INTERLEAVE) {
    for (let i = 0; i < n; i++) {
      const head = take(`interleaved extent ${i}`, interleavedExt);
      if (head === null) break;
      const strips = Number(head.get("ie_nstrips"));
      for (let j = 0; j < strips; j++) if (take(`extent ${i}, strip ${j}`, simpleExt) === null) break;
    }
  }
  if (at < message.length) {
    const bytes = message.subarray(at);
    records.push({
      title: `${bytes.length} bytes more`,
      fields: [{ offset: at, bytes, name: "", value: "" }],
    });
  }
  return records;
}
