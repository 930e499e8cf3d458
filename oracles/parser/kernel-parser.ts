import {
  ERRNO,
  EXT_INTERLEAVE,
  EXT_SIMPLE,
  fmapHeader,
  interleavedExt,
  type Profile,
  simpleExt,
} from "../../spec/index.ts";
import { HeadChecks, HeadRules } from "./head-checks.ts";
import { MapWriter } from "./map-writer.ts";
import { SIMPLE, STRIP } from "./range-reader.ts";
import type { Trace } from "./verdict.ts";

// Plain constants, for the loops: a property of a struct is looked up each time (see range-reader.ts).
const HEADER_SIZE = fmapHeader.size;
const HEAD_SIZE = interleavedExt.size;
const RANGE_SIZE = simpleExt.size;
const EXT_TYPE = fmapHeader.offsetOf("ext_type");
const NEXTENTS = fmapHeader.offsetOf("nextents");
const FILE_SIZE = fmapHeader.offsetOf("file_size");
const NSTRIPS = interleavedExt.offsetOf("ie_nstrips");
const CHUNK_SIZE = interleavedExt.offsetOf("ie_chunk_size");
const NBYTES = interleavedExt.offsetOf("ie_nbytes");

const NO_MAP = new Uint8Array();

/** Sizes of the kernel's own records on x86-64: famfs_file_meta, famfs_meta_simple_ext, famfs_meta_interleaved_ext. */
const META_SIZE = 48;
const KERNEL_RANGE_SIZE = 24;
const KERNEL_HEAD_SIZE = 32;

/** A reply may cause allocations of up to this multiple of its own length; more is the hazard `unpaid-allocation`. */
export const PAID_ALLOCATION_FACTOR = 4;

/**
 * famfs_fuse_meta_alloc of a kernel revision, bug for bug.
 *
 * One object judges any number of messages and allocates nothing: its fields contain the results until the next call. A
 * u64 is two u32 halves, because BigInt costs a factor of 4 to 40 (`npm run bench`). The map is written only when map() is
 * called, because most messages are refused, and for most accepted ones only the verdict is compared.
 */
export class KernelParser extends HeadChecks {
  /** Objects that __famfs_meta_free does not free, and the byte of the first head whose strips leak. */
  leaked = 0;
  leakAt = 0;
  /** ext_type of an accepted message. */
  extType = EXT_SIMPLE;

  private readonly writer = new MapWriter();
  private view: DataView | null = null;
  private start = 0;
  private size = 0;

  private readonly errnoOfZero: number;
  private readonly errnoOfLimit: number;
  private readonly maxExtents: number | null;
  private readonly fileSizeLimited: boolean;
  private readonly head: HeadRules | null;
  /** The largest known ext_type. */
  private readonly lastType: number;

  constructor(profile: Profile) {
    super(profile);
    const { limits, parser, errnos } = profile;
    this.errnoOfZero = -ERRNO[errnos.nextentsZero];
    this.errnoOfLimit = -ERRNO[errnos.nextentsLimit];
    this.maxExtents = limits.maxExtents;
    this.fileSizeLimited = parser.fileSizeLimit === "s64";
    this.head = parser.interleaved === null ? null : new HeadRules(parser.interleaved);
    this.lastType = parser.interleaved === null ? EXT_SIMPLE : EXT_INTERLEAVE;
  }

  /**
   * Judges the message at bytes [start, end) of `view` and returns rc.
   *
   * `failAllocation`: the n-th allocation fails, counted from 1; 0: none does. `trace` receives every check.
   */
  parse(view: DataView, start: number, end: number, failAllocation = 0, trace: Trace | null = null): number {
    this.beginChecks(failAllocation, trace);
    this.beginRanges();
    this.leaked = 0;
    this.view = view;
    this.start = start;
    this.size = end - start;
    this.rc = this.judge(view, start, this.size);
    // The open check cannot change this verdict: it is EINVAL in both cases.
    if (this.rc === -ERRNO.EINVAL) this.open = null;
    return this.rc;
  }

  /**
   * The map record of the last message, whose bytes must still be in the view; empty if it was refused. Valid until the
   * next call.
   */
  map(): Uint8Array {
    if (this.rc !== 0) return NO_MAP;
    return this.writer.write(this.view as DataView, this.start, this.size, this.bitmapHi, this.bitmapLo);
  }

  private judge(view: DataView, start: number, size: number): number {
    const { tracing, maxExtents, lastType } = this;
    if (
      (size < HEADER_SIZE || tracing) &&
      !this.holds("fmap/header/underflow", 0, size >= HEADER_SIZE, size, ">=", HEADER_SIZE)
    )
      return -ERRNO.EINVAL;
    const n = view.getUint32(start + NEXTENTS, true);
    if ((n === 0 || tracing) && !this.holds("fmap/header/nextents-zero", NEXTENTS, n >= 1, n, ">=", 1))
      return this.errnoOfZero;
    if (
      maxExtents !== null &&
      (n > maxExtents || tracing) &&
      !this.holds("fmap/header/nextents-limit", NEXTENTS, n <= maxExtents, n, "<=", maxExtents)
    )
      return this.errnoOfLimit;
    const sizeLo = view.getUint32(start + FILE_SIZE, true);
    const sizeHi = view.getUint32(start + FILE_SIZE + 4, true);
    if (this.fileSizeLimited && !this.fitsS64("fmap/header/file-size-limit", FILE_SIZE, sizeHi, sizeLo))
      return -ERRNO.EINVAL;
    if (!this.allocates("fmap/header/alloc-meta", 0, META_SIZE)) return -ERRNO.ENOMEM;

    const extType = view.getUint32(start + EXT_TYPE, true);
    if (
      (extType > lastType || tracing) &&
      !this.holds("fmap/header/ext-type", EXT_TYPE, extType <= lastType, extType, "<=", lastType)
    )
      return -ERRNO.EINVAL;
    this.extType = extType;
    const rc =
      extType === EXT_SIMPLE
        ? this.simple(view, start, size, n)
        : this.interleaved(view, start, size, n, sizeLo, sizeHi, this.head as HeadRules);
    if (rc !== 0) return rc;
    const counted = this.counted();
    if (counted !== 0) return counted;
    const totalHi = this.totalHi >>> 0;
    const totalLo = this.totalLo >>> 0;
    const enough = totalHi > sizeHi || (totalHi === sizeHi && totalLo >= sizeLo);
    if (enough && !tracing) return 0;
    return this.holds64("fmap/total/file-size", FILE_SIZE, enough, totalHi, totalLo, ">=", sizeHi, sizeLo)
      ? 0
      : -ERRNO.EINVAL;
  }

  private simple(view: DataView, start: number, size: number, n: number): number {
    const end = HEADER_SIZE + n * RANGE_SIZE; // below 2^37: exact here, and never wraps in the kernel's size_t
    if (
      (size < end || this.tracing) &&
      !this.holds("fmap/simple/underflow", size, size >= end, size, ">=", end)
    )
      return -ERRNO.EINVAL;
    if (!this.allocates("fmap/simple/alloc-extents", NEXTENTS, n * KERNEL_RANGE_SIZE)) return -ERRNO.ENOMEM;
    return this.ranges(view, start, HEADER_SIZE, end, SIMPLE);
  }

  private interleaved(
    view: DataView,
    start: number,
    size: number,
    n: number,
    sizeLo: number,
    sizeHi: number,
    rules: HeadRules,
  ): number {
    // niext is negative if n is 2^31 or more, and its product overflows size_t: too large in both cases.
    if (!this.allocates("fmap/interleaved/alloc-extents", NEXTENTS, n * KERNEL_HEAD_SIZE))
      return -ERRNO.ENOMEM;
    this.beginHeads();
    const { tracing } = this;
    let at: number = HEADER_SIZE;
    for (let i = 0; i < n; i++) {
      const head = at;
      at += HEAD_SIZE;
      if (
        (size < at || tracing) &&
        !this.holds("fmap/interleaved/header-underflow", head, size >= at, size, ">=", at)
      )
        return -ERRNO.EINVAL;
      const nstrips = view.getUint32(start + head + NSTRIPS, true);
      const chunkSize = view.getUint32(start + head + CHUNK_SIZE, true);
      const nbytesLo = view.getUint32(start + head + NBYTES, true);
      const nbytesHi = view.getUint32(start + head + NBYTES + 4, true);
      if (rules.chunkChecked && !this.chunkSizeHolds(head + CHUNK_SIZE, chunkSize, rules))
        return -ERRNO.EINVAL;
      if (!this.nbytesHold(head + NBYTES, nbytesHi, nbytesLo, rules)) return -ERRNO.EINVAL;
      if (rules.nstripsFirst && !this.nstripsHolds(head + NSTRIPS, nstrips, rules)) return -ERRNO.EINVAL;
      at += nstrips * RANGE_SIZE; // below 2^37: exact here, and never wraps in the kernel's size_t
      if (
        (size < at || tracing) &&
        !this.holds("fmap/interleaved/strips-underflow", head + NSTRIPS, size >= at, size, ">=", at)
      )
        return -ERRNO.EINVAL;
      if (!rules.nstripsFirst) this.nstripsHolds(head + NSTRIPS, nstrips, rules);
      if (!this.allocates("fmap/interleaved/alloc-strips", head + NSTRIPS, nstrips * KERNEL_RANGE_SIZE))
        return -ERRNO.ENOMEM;
      if (rules.leaks && i > 0 && nstrips > 0 && this.leaked++ === 0) this.leakAt = head;
      const rc = this.ranges(view, start, head + HEAD_SIZE, at, STRIP);
      if (rc !== 0) return rc;
      if (
        rules.capacity &&
        !this.stripsHold(view, start + head, head, nstrips, chunkSize, nbytesHi, nbytesLo)
      )
        return -ERRNO.EINVAL;
      if (rules.coverByNbytes && !this.servesMore(head + NBYTES, nbytesHi, nbytesLo)) return -ERRNO.EINVAL;
    }
    return this.covers(sizeHi, sizeLo, rules) ? 0 : -ERRNO.EINVAL;
  }
}
