import {
  EXT_INTERLEAVE,
  EXT_SIMPLE,
  FMAP_VERSION,
  fmapHeader,
  interleavedExt,
  simpleExt,
} from "../spec/index.ts";
import { type Draft, HEAD, HEADER, MAX_MESSAGE, MiB, RANGE } from "./draft.ts";

/** Boundaries of FUSE_FAMFS_MAX_EXTENTS and FUSE_FAMFS_MAX_STRIPS, and of what a loop may get wrong. */
const COUNTS = [1, 2, 3, 4, 32, 33, 17, 18, 31, 34, 16, 64] as const;

/** The number that a choice of the slots `count` and `strips` stands for. */
export const countOf = (choice: number): number =>
  choice < COUNTS.length ? (COUNTS[choice] as number) : choice - COUNTS.length + 1;

/** Choices of `count` and `strips` that stand for boundaries. */
export const BOUNDARY_COUNTS = COUNTS.length;

const CHUNK = 2 * MiB;

export interface Shape {
  readonly interleaved: boolean;
  readonly extents: number;
  readonly strips: number;
  /** 0: all extents have as many strips; 1: every second has one; 2: all but the last have one. */
  readonly ragged: number;
  /** Length of the i-th range: equal, growing, 1 GiB, irregular, 1 TiB, odd numbers above 4 GiB. */
  readonly lengths: number;
  /** Offset of the i-th range: one after the other, far apart, backwards, all the same, irregular. */
  readonly offsets: number;
}

/** Low and high half of a length by pattern, in units. */
const lengthLo = (pattern: number, i: number, unit: number) =>
  pattern === 0
    ? unit
    : pattern === 1
      ? (i + 1) * unit
      : pattern === 2
        ? 512 * unit
        : pattern === 3
          ? (1 + ((i * 7) % 5)) * unit
          : pattern === 4
            ? 0
            : (i + 3) * unit;
const lengthHi = (pattern: number, i: number) => (pattern === 4 ? 256 : pattern === 5 ? i + 1 : 0);

/** Writes the message of that shape at byte `start` of the draft: without a fault as long as the limits allow it. */
export function writeBase(d: Draft, start: number, shape: Shape): void {
  const { interleaved, extents, ragged, lengths, offsets } = shape;
  // Where less than 2 MiB is aligned, every second pattern is in those smaller units.
  const unit = lengths % 2 === 1 ? d.profile.limits.alignment : CHUNK;
  // What does not fit a message is left out: 64 extents of 64 strips.
  const room = Math.floor((MAX_MESSAGE - fmapHeader.size) / extents) - interleavedExt.size;
  const strips = interleaved ? Math.min(shape.strips, Math.floor(room / simpleExt.size)) : 1;
  const short = !interleaved || ragged === 0 ? 0 : ragged === 1 ? extents >> 1 : extents - 1;
  const ranges = (extents - short) * strips + short;
  d.begin(
    start,
    interleaved,
    extents,
    ranges * simpleExt.size + (interleaved ? extents * interleavedExt.size : 0),
  );
  d.u16(HEADER.version, FMAP_VERSION);
  d.u32(HEADER.extType, interleaved ? EXT_INTERLEAVE : EXT_SIMPLE);
  d.u32(HEADER.nextents, extents);

  let at: number = fmapHeader.size;
  let endLo = 0;
  let endHi = 0;
  for (let i = 0; i < extents; i++) {
    const head = at;
    const n = (ragged === 1 && i % 2 === 1) || (ragged === 2 && i < extents - 1) ? 1 : strips;
    const beginLo = endLo;
    const beginHi = endHi;
    if (interleaved) at += interleavedExt.size;
    for (let j = 0; j < n; j++) {
      const k = d.nranges;
      const lo = lengthLo(lengths, k, unit);
      const hi = lengthHi(lengths, k);
      d.u64(at + RANGE.length, hi, lo);
      if (offsets === 0) d.u64(at + RANGE.offset, endHi, endLo);
      else if (offsets === 1) d.u64(at + RANGE.offset, k * 256, k * unit);
      else if (offsets === 2) d.u64(at + RANGE.offset, 0, (ranges - k) * unit);
      else if (offsets === 3) d.u64(at + RANGE.offset, 0, unit);
      else d.u64(at + RANGE.offset, (k * 11) % 7, ((k * 5) % 9) * unit);
      endLo += lo;
      endHi += hi;
      if (endLo > 0xffffffff) {
        endLo -= 2 ** 32;
        endHi++;
      }
      d.ranges[d.nranges++] = at;
      at += simpleExt.size;
    }
    if (interleaved) {
      d.u32(head + HEAD.nstrips, n);
      d.u32(head + HEAD.chunkSize, unit);
      const borrow = endLo < beginLo ? 1 : 0;
      d.u64(head + HEAD.nbytes, endHi - beginHi - borrow, endLo - beginLo);
      d.heads[d.nheads++] = head;
    }
  }
  d.u64(HEADER.fileSize, endHi, endLo);
  if (d.profile.fmapSizeField) d.u32(HEADER.reserved0, d.length);
}
