import {
  ERRNO,
  EXT_INTERLEAVE,
  EXT_SIMPLE,
  fmapHeader,
  interleavedExt,
  mapHead,
  mapInterleaved,
  type Profile,
  simpleExt,
} from "../spec/index.ts";
import { HeadChecks, HeadRules } from "./head-checks.ts";
import { SIMPLE, STRIP } from "./range-reader.ts";
import type { Trace } from "./verdict.ts";

// Plain constants, for the loops: a property of a struct is looked up each time (see range-reader.ts).
const HEADER_SIZE = fmapHeader.size;
const HEAD_SIZE = interleavedExt.size;
const RANGE_SIZE = simpleExt.size;

/** Words of the map record's. */
const MAP_WORDS = mapHead.size / 4;
const HEAD_WORDS = mapInterleaved.size / 4;

/** The header, an interleaved extent's head, a range: bytes into each. */
const H = {
  fileType: fmapHeader.offsetOf("file_type"),
  extType: fmapHeader.offsetOf("ext_type"),
  nextents: fmapHeader.offsetOf("nextents"),
  fileSize: fmapHeader.offsetOf("file_size"),
};
const I = {
  nstrips: interleavedExt.offsetOf("ie_nstrips"),
  chunkSize: interleavedExt.offsetOf("ie_chunk_size"),
  nbytes: interleavedExt.offsetOf("ie_nbytes"),
};

/** The reply in words: rc, then the map record's head. */
const RC_WORDS = 1;
const M = {
  fileType: RC_WORDS + mapHead.offsetOf("file_type") / 4,
  extType: RC_WORDS + mapHead.offsetOf("ext_type") / 4,
  fileSize: RC_WORDS + mapHead.offsetOf("file_size") / 4,
  devBitmap: RC_WORDS + mapHead.offsetOf("dev_bitmap") / 4,
  n: RC_WORDS + mapHead.offsetOf("n") / 4,
};

/** Sizes of the kernel's own records on x86-64: famfs_file_meta, famfs_meta_simple_ext, famfs_meta_interleaved_ext. */
const META_SIZE = 48;
const KERNEL_RANGE_SIZE = 24;
const KERNEL_HEAD_SIZE = 32;

/** An allocation is paid for by the reply up to this multiple of the reply's length. */
export const PAID_ALLOCATION_FACTOR = 4;

/**
 * famfs_fuse_meta_alloc of a kernel revision, bug for bug.
 *
 * One object judges any number of messages without garbage: the results stand in its fields until the next call. A u64
 * is two u32 halves here, since BigInt would cost a factor of 4 to 40 (`npm run bench`).
 */
export class KernelParser extends HeadChecks {
  /** Objects that __famfs_meta_free leaves behind, and the byte of the first head whose strips are lost. */
  leaked = 0;
  leakAt = 0;
  replyLength = 0;

  private readonly errnoOfZero: number;
  private readonly errnoOfLimit: number;
  private readonly maxExtents: number | null;
  private readonly fileSizeLimited: boolean;
  private readonly head: HeadRules | null;
  /** The largest ext_type that is known. */
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
   * `failAllocation`: the n-th allocation fails, counted from 1; 0: none does. `trace` hears of every check.
   */
  parse(view: DataView, start: number, end: number, failAllocation = 0, trace: Trace | null = null): number {
    const size = end - start;
    this.beginChecks(failAllocation, trace);
    this.beginRanges(size);
    this.leaked = 0;
    this.rc = this.judge(view, start, size);
    // What is refused with EINVAL is refused with EINVAL whether the open check passes or not.
    if (this.rc === -ERRNO.EINVAL) this.open = null;
    this.replyLength = this.rc === 0 ? 4 * this.outAt : 4;
    this.out[0] = this.rc;
    return this.rc;
  }

  private judge(view: DataView, start: number, size: number): number {
    if (!this.holds("fmap/header/underflow", 0, size >= HEADER_SIZE, size, ">=", HEADER_SIZE))
      return -ERRNO.EINVAL;
    const n = view.getUint32(start + H.nextents, true);
    if (!this.holds("fmap/header/nextents-zero", H.nextents, n >= 1, n, ">=", 1)) return this.errnoOfZero;
    const { maxExtents } = this;
    if (
      maxExtents !== null &&
      !this.holds("fmap/header/nextents-limit", H.nextents, n <= maxExtents, n, "<=", maxExtents)
    )
      return this.errnoOfLimit;
    const sizeLo = view.getUint32(start + H.fileSize, true);
    const sizeHi = view.getUint32(start + H.fileSize + 4, true);
    if (this.fileSizeLimited && !this.fitsS64("fmap/header/file-size-limit", H.fileSize, sizeHi, sizeLo))
      return -ERRNO.EINVAL;
    if (!this.allocates("fmap/header/alloc-meta", 0, META_SIZE)) return -ERRNO.ENOMEM;

    const extType = view.getUint32(start + H.extType, true);
    const { out } = this;
    out[M.fileType] = view.getUint8(start + H.fileType);
    out[M.extType] = extType;
    out[M.fileSize] = sizeLo;
    out[M.fileSize + 1] = sizeHi;
    out[M.n] = n;
    out[M.n + 1] = 0;
    this.outAt = RC_WORDS + MAP_WORDS;

    const { lastType } = this;
    if (!this.holds("fmap/header/ext-type", H.extType, extType <= lastType, extType, "<=", lastType))
      return -ERRNO.EINVAL;
    const rc =
      extType === EXT_SIMPLE
        ? this.simple(view, start, size, n)
        : this.interleaved(view, start, size, n, sizeLo, sizeHi, this.head as HeadRules);
    if (rc !== 0) return rc;
    const counted = this.counted();
    if (counted !== 0) return counted;
    const { totalHi, totalLo } = this;
    const enough = totalHi > sizeHi || (totalHi === sizeHi && totalLo >= sizeLo);
    if (!this.holds64("fmap/total/file-size", H.fileSize, enough, totalHi, totalLo, ">=", sizeHi, sizeLo))
      return -ERRNO.EINVAL;
    out[M.devBitmap] = this.bitmapLo;
    out[M.devBitmap + 1] = this.bitmapHi;
    return 0;
  }

  private simple(view: DataView, start: number, size: number, n: number): number {
    const end = HEADER_SIZE + n * RANGE_SIZE; // below 2^37: exact here, and never wraps in the kernel's size_t
    if (!this.holds("fmap/simple/underflow", size, size >= end, size, ">=", end)) return -ERRNO.EINVAL;
    if (!this.allocates("fmap/simple/alloc-extents", H.nextents, n * KERNEL_RANGE_SIZE)) return -ERRNO.ENOMEM;
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
    // From 2^31 on niext is negative, and its product overflows size_t: too large either way.
    if (!this.allocates("fmap/interleaved/alloc-extents", H.nextents, n * KERNEL_HEAD_SIZE))
      return -ERRNO.ENOMEM;
    this.beginHeads();
    let at: number = HEADER_SIZE;
    for (let i = 0; i < n; i++) {
      const head = at;
      at += HEAD_SIZE;
      if (!this.holds("fmap/interleaved/header-underflow", head, size >= at, size, ">=", at))
        return -ERRNO.EINVAL;
      const nstrips = view.getUint32(start + head + I.nstrips, true);
      const chunkSize = view.getUint32(start + head + I.chunkSize, true);
      const nbytesLo = view.getUint32(start + head + I.nbytes, true);
      const nbytesHi = view.getUint32(start + head + I.nbytes + 4, true);
      if (rules.chunkChecked && !this.chunkSizeHolds(head + I.chunkSize, chunkSize, rules))
        return -ERRNO.EINVAL;
      if (!this.nbytesHold(head + I.nbytes, nbytesHi, nbytesLo, rules)) return -ERRNO.EINVAL;
      if (rules.nstripsFirst && !this.nstripsHolds(head + I.nstrips, nstrips, rules)) return -ERRNO.EINVAL;
      at += nstrips * RANGE_SIZE; // below 2^37: exact here, and never wraps in the kernel's size_t
      if (!this.holds("fmap/interleaved/strips-underflow", head + I.nstrips, size >= at, size, ">=", at))
        return -ERRNO.EINVAL;
      if (!rules.nstripsFirst) this.nstripsHolds(head + I.nstrips, nstrips, rules);
      if (!this.allocates("fmap/interleaved/alloc-strips", head + I.nstrips, nstrips * KERNEL_RANGE_SIZE))
        return -ERRNO.ENOMEM;
      if (rules.leaks && i > 0 && nstrips > 0 && this.leaked++ === 0) this.leakAt = head;

      const { out, outAt } = this;
      out[outAt] = chunkSize;
      out[outAt + 1] = 0;
      out[outAt + 2] = nbytesLo;
      out[outAt + 3] = nbytesHi;
      out[outAt + 4] = nstrips;
      out[outAt + 5] = 0;
      this.outAt = outAt + HEAD_WORDS;
      const rc = this.ranges(view, start, head + HEAD_SIZE, at, STRIP);
      if (rc !== 0) return rc;
      if (
        rules.capacity &&
        !this.stripsHold(view, start + head, head, nstrips, chunkSize, nbytesHi, nbytesLo)
      )
        return -ERRNO.EINVAL;
      if (rules.coverByNbytes && !this.servesMore(head + I.nbytes, nbytesHi, nbytesLo)) return -ERRNO.EINVAL;
    }
    return this.covers(sizeHi, sizeLo, rules) ? 0 : -ERRNO.EINVAL;
  }
}
