import {
  EXT_INTERLEAVE,
  EXT_SIMPLE,
  FMAP_VERSION,
  fmapHeader,
  interleavedExt,
  simpleExt,
} from "../spec/index.ts";
import { type Draft, HEAD, HEADER, MAX_MESSAGE, MiB, RANGE } from "./draft.ts";

/** Boundaries of FUSE_FAMFS_MAX_EXTENTS and FUSE_FAMFS_MAX_STRIPS, and numbers at which loops often fail. */
const COUNTS = [1, 2, 3, 4, 32, 33, 17, 18, 31, 34, 16, 64] as const;

/** The number that a choice of the slots `count` and `strips` stands for. */
export const countOf = (choice: number): number =>
  choice < COUNTS.length ? (COUNTS[choice] as number) : choice - COUNTS.length + 1;

/** Choices of `count` and `strips` that stand for boundaries. */
export const BOUNDARY_COUNTS = COUNTS.length;

const CHUNK = 2 * MiB;

// Constants of this file, because the loop would look up a struct's property each time.
const HEADER_SIZE = fmapHeader.size;
const HEAD_SIZE = interleavedExt.size;
const RANGE_SIZE = simpleExt.size;
const OFFSET = RANGE.offset;
const LENGTH = RANGE.length;

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

/** Low half of the i-th length by pattern, in units; and the high half. */
function lengthLo(pattern: number, i: number, unit: number): number {
  switch (pattern) {
    case 0:
      return unit;
    case 1:
      return Math.imul(i + 1, unit);
    case 2:
      return Math.imul(512, unit);
    case 3:
      return Math.imul(1 + ((i * 7) % 5), unit);
    case 4:
      return 0;
    default:
      return Math.imul(i + 3, unit);
  }
}
const lengthHi = (pattern: number, i: number) => (pattern === 4 ? 256 : pattern === 5 ? i + 1 : 0);

/** Fewer strips if the message would be too long: 64 extents of 64 strips. */
function fittingStrips(extents: number, strips: number): number {
  if (extents * (HEAD_SIZE + strips * RANGE_SIZE) <= MAX_MESSAGE - HEADER_SIZE) return strips;
  const room = Math.floor((MAX_MESSAGE - HEADER_SIZE) / extents) - HEAD_SIZE;
  return Math.floor(room / RANGE_SIZE);
}

/** Writes the message of that shape at byte `start` of the draft: valid if the shape is within the limits. */
export function writeBase(d: Draft, start: number, shape: Shape): void {
  const { interleaved, extents, ragged, lengths, offsets } = shape;
  // If the alignment is below 2 MiB, every second pattern uses the smaller unit.
  const unit = lengths % 2 === 1 ? d.profile.limits.alignment : CHUNK;
  const strips = interleaved ? fittingStrips(extents, shape.strips) : 1;
  const short = !interleaved || ragged === 0 ? 0 : ragged === 1 ? extents >> 1 : extents - 1;
  const ranges = (extents - short) * strips + short;
  d.begin(start, interleaved, extents, ranges * RANGE_SIZE + (interleaved ? extents * HEAD_SIZE : 0));
  d.u16(HEADER.version, FMAP_VERSION);
  d.u32(HEADER.extType, interleaved ? EXT_INTERLEAVE : EXT_SIMPLE);
  d.u32(HEADER.nextents, extents);

  // Locals, and 64-bit numbers as signed halves, because most of the time for an average message is spent in this loop.
  const { view, heads } = d;
  const records = d.ranges;
  let at = start + HEADER_SIZE;
  let k = 0;
  let endLo = 0;
  let endHi = 0;
  for (let i = 0; i < extents; i++) {
    const head = at;
    const n = (ragged === 1 && i % 2 === 1) || (ragged === 2 && i < extents - 1) ? 1 : strips;
    const beginLo = endLo;
    const beginHi = endHi;
    if (interleaved) at += HEAD_SIZE;
    for (let j = 0; j < n; j++) {
      const lo = lengthLo(lengths, k, unit);
      const hi = lengthHi(lengths, k);
      let offsetLo = unit;
      let offsetHi = 0;
      if (offsets === 0) {
        offsetLo = endLo;
        offsetHi = endHi;
      } else if (offsets === 1) {
        offsetLo = Math.imul(k, unit);
        offsetHi = k * 256;
      } else if (offsets === 2) offsetLo = Math.imul(ranges - k, unit);
      else if (offsets === 4) {
        offsetLo = Math.imul((k * 5) % 9, unit);
        offsetHi = (k * 11) % 7;
      }
      view.setInt32(at + OFFSET, offsetLo, true);
      view.setInt32(at + OFFSET + 4, offsetHi, true);
      view.setInt32(at + LENGTH, lo, true);
      view.setInt32(at + LENGTH + 4, hi, true);
      endLo = (endLo + lo) | 0;
      endHi = (endHi + hi + (endLo >>> 0 < lo >>> 0 ? 1 : 0)) | 0;
      records[k++] = at - start;
      at += RANGE_SIZE;
    }
    if (interleaved) {
      const h = head - start;
      d.u32(h + HEAD.nstrips, n);
      d.u32(h + HEAD.chunkSize, unit);
      const borrow = endLo >>> 0 < beginLo >>> 0 ? 1 : 0;
      d.u64(h + HEAD.nbytes, endHi - beginHi - borrow, endLo - beginLo);
      heads[d.nheads++] = h;
    }
  }
  d.nranges = k;
  d.u64(HEADER.fileSize, endHi, endLo);
  if (d.profile.fmapSizeField) d.u32(HEADER.reserved0, d.length);
}
