import type { RuleId } from "../spec/index.ts";
import { type Draft, type Halves, HEAD, HEADER, MiB, RANGE } from "./draft.ts";

/** Special values: at the edges of widths, signs, limits and powers of two; halves of a u64. */
const U32 = [
  1, 0, 0xffffffff, 2, 31, 32, 33, 63, 64, 0x100, 0x10000, 0x10001, 0x7fffffff, 0x80000000, 30, 0xffff,
] as const;
const NOT_2M: readonly Halves[] = [
  [0, 1],
  [0, 4096],
  [0, MiB],
  [0xffffffff, 0xffffffff], // one byte less than it was
  [0, 8],
  [0, 0x1ffff8],
  [0, 512],
];
/** Aligned, and still at an edge. */
const ALIGNED: readonly Halves[] = [
  [1, 0],
  [0x7fffffff, 0xffe00000],
  [0x80000000, 0],
  [0xffffffff, 0xffe00000],
  [0, 0x80000000],
  [0, 0xffe00000],
  [0x40000000, 0],
  [0, 4 * MiB],
  [0, 0],
];
const NBYTES: readonly Halves[] = [
  [0, 0],
  [0, 1],
  [1, 0],
  [0xffffffff, 0xffffffff],
  [0x80000000, 0],
  [0, 0x10000],
  [0, 2 * MiB],
  [0x7fffffff, 0xffffffff],
];
const CHUNKS = [0, 1, 4096, 0xffffffff, 0x10000, 0x80000000, 2 * MiB + 1, MiB] as const;
const EXT_TYPES = [2, 3, 0xffffffff, 0x100, 0x101, 0x10000, 0x80000000, 0x80000001] as const;
const FILE_TYPES = [1, 2, 3, 255, 128] as const;
const VERSIONS = [0, 2, 0xffff, 0x100] as const;

/** One boundary of one field. `where` picks the record or records, `value` the boundary. */
export interface Fault {
  readonly name: string;
  /** The rule that the fault is made to break, in a simple and in an interleaved message; null: there is no such field. */
  readonly simple: RuleId | null;
  readonly interleaved: RuleId | null;
  readonly values: number;
  /** The boundary in letters, digits and dashes, for names. */
  label(value: number): string;
  apply(d: Draft, where: number, value: number): void;
}

/** Calls `edit` with the offset of each record that `where` picks: last, first, all, second, from the 17th on. */
function at(records: Int32Array, n: number, where: number, edit: (at: number) => void): void {
  if (n === 0) return;
  const first =
    where === 0 ? n - 1 : where === 3 ? Math.min(1, n - 1) : where === 4 ? Math.min(16, n - 1) : 0;
  const last = where === 1 || where === 3 ? first : n - 1;
  for (let i = first; i <= last; i++) edit(records[i] as number);
}

const onRanges = (d: Draft, where: number, edit: (at: number) => void) =>
  at(d.ranges, d.nranges, where, edit);
const onHeads = (d: Draft, where: number, edit: (at: number) => void) => at(d.heads, d.nheads, where, edit);

const hex = (n: number, digits = 1) => n.toString(16).padStart(digits, "0");
const labels32 = (values: readonly number[]) => (value: number) => {
  const n = values[value] as number;
  return n < 256 ? `${n}` : `0x${hex(n)}`;
};
const labels64 = (values: readonly Halves[]) => (value: number) => {
  const [hi, lo] = values[value] as Halves;
  return hi === 0 && lo < 256 ? `${lo}` : `0x${hi === 0 ? hex(lo) : hex(hi) + hex(lo, 8)}`;
};
/** Labels of numbers that are added to a field, modulo 2^64. */
const labelsAdded = (value: number) => {
  const [hi, lo] = NOT_2M[value] as Halves;
  return hi === 0 ? `plus-${lo}` : `minus-${2 ** 32 - lo}`;
};
const OFF_BY_ONE = ["one-more", "one-less"] as const;
const RESERVED = ["header-u8", "header-u32", "header-u64", "range", "head"] as const;

const field32 = (offset: number, values: readonly number[]) => (d: Draft, _where: number, value: number) =>
  d.u32(offset, values[value] as number);

export const FAULTS: readonly Fault[] = [
  {
    name: "devindex",
    simple: "fmap/simple/devindex",
    interleaved: "fmap/strip/devindex",
    values: U32.length,
    label: labels32(U32),
    apply: (d, where, value) => onRanges(d, where, (r) => d.u32(r + RANGE.devindex, U32[value] as number)),
  },
  {
    name: "offset off alignment",
    simple: "fmap/simple/offset-alignment",
    interleaved: "fmap/strip/offset-alignment",
    values: NOT_2M.length,
    label: labelsAdded,
    apply: (d, where, value) =>
      onRanges(d, where, (r) => d.addHalves(r + RANGE.offset, NOT_2M[value] as Halves)),
  },
  {
    name: "length off alignment",
    simple: "fmap/simple/length-alignment",
    interleaved: "fmap/strip/length-alignment",
    values: NOT_2M.length,
    label: labelsAdded,
    apply: (d, where, value) =>
      onRanges(d, where, (r) => d.addHalves(r + RANGE.length, NOT_2M[value] as Halves)),
  },
  {
    name: "nextents without the bytes",
    simple: "fmap/header/nextents-limit",
    interleaved: "fmap/header/nextents-limit",
    values: U32.length,
    label: labels32(U32),
    apply: field32(HEADER.nextents, U32),
  },
  {
    name: "nextents off by one",
    simple: "fmap/simple/underflow",
    interleaved: "fmap/interleaved/header-underflow",
    values: OFF_BY_ONE.length,
    label: (value) => OFF_BY_ONE[value] as string,
    apply: (d, _where, value) => d.u32(HEADER.nextents, value === 0 ? d.nextents + 1 : d.nextents - 1),
  },
  {
    name: "ext_type",
    simple: "fmap/header/ext-type",
    interleaved: "fmap/header/ext-type",
    values: EXT_TYPES.length,
    label: labels32(EXT_TYPES),
    apply: field32(HEADER.extType, EXT_TYPES),
  },
  {
    name: "the other ext_type",
    simple: "fmap/interleaved/strips-underflow",
    interleaved: "fmap/simple/underflow",
    values: 1,
    label: () => "swapped",
    apply: (d) => d.u32(HEADER.extType, d.interleaved ? 0 : 1),
  },
  {
    name: "nstrips without the bytes",
    simple: null,
    interleaved: "fmap/interleaved/strips-underflow",
    values: U32.length,
    label: labels32(U32),
    apply: (d, where, value) => onHeads(d, where, (h) => d.u32(h + HEAD.nstrips, U32[value] as number)),
  },
  {
    name: "nstrips off by one",
    simple: null,
    interleaved: "fmap/interleaved/strips-underflow",
    values: OFF_BY_ONE.length,
    label: (value) => OFF_BY_ONE[value] as string,
    apply: (d, where, value) =>
      onHeads(d, where, (h) => d.u32(h + HEAD.nstrips, d.readU32(h + HEAD.nstrips) + (value === 0 ? 1 : -1))),
  },
  {
    name: "nbytes",
    simple: null,
    interleaved: "fmap/interleaved/nbytes-zero",
    values: NBYTES.length,
    label: labels64(NBYTES),
    apply: (d, where, value) =>
      onHeads(d, where, (h) => d.putHalves(h + HEAD.nbytes, NBYTES[value] as Halves)),
  },
  {
    name: "chunk size",
    simple: null,
    interleaved: "fmap/ignored/chunk-size",
    values: CHUNKS.length,
    label: labels32(CHUNKS),
    apply: (d, where, value) => onHeads(d, where, (h) => d.u32(h + HEAD.chunkSize, CHUNKS[value] as number)),
  },
  {
    name: "length zero",
    simple: "fmap/ignored/zero-length",
    interleaved: "fmap/ignored/zero-length",
    values: 1,
    label: () => "0",
    apply: (d, where) => onRanges(d, where, (r) => d.u64(r + RANGE.length, 0, 0)),
  },
  {
    name: "length at an edge",
    simple: "fmap/total/wraps",
    interleaved: "fmap/total/wraps",
    values: ALIGNED.length,
    label: labels64(ALIGNED),
    apply: (d, where, value) =>
      onRanges(d, where, (r) => d.putHalves(r + RANGE.length, ALIGNED[value] as Halves)),
  },
  {
    name: "offset at an edge",
    simple: "fmap/map/simple",
    interleaved: "fmap/map/interleaved",
    values: ALIGNED.length,
    label: labels64(ALIGNED),
    apply: (d, where, value) =>
      onRanges(d, where, (r) => d.putHalves(r + RANGE.offset, ALIGNED[value] as Halves)),
  },
  {
    name: "file_type",
    simple: "fmap/ignored/file-type",
    interleaved: "fmap/ignored/file-type",
    values: FILE_TYPES.length,
    label: labels32(FILE_TYPES),
    apply: (d, _where, value) => d.u8(HEADER.fileType, FILE_TYPES[value] as number),
  },
  {
    name: "version",
    simple: "fmap/ignored/version",
    interleaved: "fmap/ignored/version",
    values: VERSIONS.length,
    label: labels32(VERSIONS),
    apply: (d, _where, value) => d.u16(HEADER.version, VERSIONS[value] as number),
  },
  {
    name: "reserved",
    simple: "fmap/ignored/reserved",
    interleaved: "fmap/ignored/reserved",
    values: RESERVED.length,
    label: (value) => RESERVED[value] as string,
    apply(d, where, value) {
      if (value === 0) d.u8(HEADER.reserved, 0xff);
      else if (value === 1) d.u32(HEADER.reserved0, 0xffffffff);
      else if (value === 2) d.u64(HEADER.reserved1, 0xffffffff, 0xffffffff);
      else if (value === 3) onRanges(d, where, (r) => d.u32(r + RANGE.reserved, 0xffffffff));
      else onHeads(d, where, (h) => d.u64(h + HEAD.reserved, 0xffffffff, 0xffffffff));
    },
  },
];

/** Index into FAULTS of a fault's name, plus one: the choice of the slots fault1 and fault2. */
export const faultChoice = (name: string): number => {
  const i = FAULTS.findIndex((f) => f.name === name);
  if (i < 0) throw new Error(`no fault is named '${name}'`);
  return i + 1;
};
