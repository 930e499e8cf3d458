import {
  ERRNO,
  EXT_INTERLEAVE,
  EXT_SIMPLE,
  fmapHeader,
  interleavedExt,
  mapHead,
  mapInterleaved,
  mapRange,
  type Profile,
  type RuleId,
  simpleExt,
} from "../spec/index.ts";
import type { Relation, Trace } from "./verdict.ts";

// Plain constants, for the loops: a property of a struct is looked up each time.
const HEADER_SIZE = fmapHeader.size;
const HEAD_SIZE = interleavedExt.size;
const RANGE_SIZE = simpleExt.size;
const MAP_WORDS = mapHead.size / 4;
const HEAD_WORDS = mapInterleaved.size / 4;
const RANGE_WORDS = mapRange.size / 4;
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
const S = {
  devindex: simpleExt.offsetOf("se_devindex"),
  offset: simpleExt.offsetOf("se_offset"),
  length: simpleExt.offsetOf("se_len"),
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

/** From this devindex on `1 << devindex` is undefined in C: 31 shifts into the sign of an int. */
export const FIRST_UNDEFINED_SHIFT = 31;

/** An allocation is paid for by the reply up to this multiple of the reply's length. */
export const PAID_ALLOCATION_FACTOR = 4;

interface RangeRules {
  readonly devindex: RuleId;
  readonly offset: RuleId;
  readonly length: RuleId;
}
const SIMPLE: RangeRules = {
  devindex: "fmap/simple/devindex",
  offset: "fmap/simple/offset-alignment",
  length: "fmap/simple/length-alignment",
};
const STRIP: RangeRules = {
  devindex: "fmap/strip/devindex",
  offset: "fmap/strip/offset-alignment",
  length: "fmap/strip/length-alignment",
};

const joined = (hi: number, lo: number) => (BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0);

/**
 * famfs_fuse_meta_alloc of a kernel revision, bug for bug.
 *
 * One object judges any number of messages without garbage: the results stand in its fields until the next call. A u64
 * is two u32 halves here, since BigInt would cost a factor of 4 to 40 (`npm run bench`).
 */
export class KernelParser {
  /** 0 or a negative errno. */
  rc = 0;
  /** The check that decided; meaningless when rc is 0. */
  rule: RuleId = "fmap/map/simple";
  /** Byte of the message that the deciding check looked at. */
  at = 0;
  /** Undefined shifts on the way, and the byte of the first devindex that led to one. */
  shifts = 0;
  shiftAt = 0;
  /** Objects that __famfs_meta_free leaves behind, and the byte of the first head whose strips are lost. */
  leaked = 0;
  leakAt = 0;
  /** Allocations that succeeded, and their bytes. */
  allocations = 0;
  allocatedBytes = 0;
  /** `i32 rc`, then the map record if rc is 0: what a driver has to answer, in `reply[0 .. replyLength)`. */
  reply = new Uint8Array(1 << 10);
  replyLength = 0;

  // Words of `reply` in the machine's order, which is the wire's: half the cost of a DataView's setters.
  private out = new Uint32Array(this.reply.buffer);
  private outAt = 0;
  private failAllocation = 0;
  private attempts = 0;
  private firstCounted: RuleId | null = null;
  private countedAt = 0;
  private totalLo = 0;
  private totalHi = 0;
  private bitmapLo = 0;
  private bitmapHi = 0;
  private trace: Trace | null = null;
  private readonly profile: Profile;

  constructor(profile: Profile) {
    this.profile = profile;
  }

  /**
   * Judges the message at bytes [start, end) of `view` and returns rc.
   *
   * `failAllocation`: the n-th allocation fails, counted from 1; 0: none does. `trace` hears of every check.
   */
  parse(view: DataView, start: number, end: number, failAllocation = 0, trace: Trace | null = null): number {
    const size = end - start;
    // A map record is never longer than the message it was parsed from, but for its rc.
    if (this.reply.length < size + 64) {
      this.reply = new Uint8Array(4 * (size + 64));
      this.out = new Uint32Array(this.reply.buffer);
    }
    this.shifts = this.leaked = this.allocations = this.allocatedBytes = this.attempts = 0;
    this.totalLo = this.totalHi = this.bitmapLo = this.bitmapHi = 0;
    this.firstCounted = null;
    this.failAllocation = failAllocation;
    this.trace = trace;
    this.rc = this.judge(view, start, size);
    this.replyLength = this.rc === 0 ? 4 * this.outAt : 4;
    this.out[0] = this.rc;
    return this.rc;
  }

  private judge(view: DataView, start: number, size: number): number {
    const { limits, errnos } = this.profile;
    if (!this.holds("fmap/header/underflow", 0, size >= HEADER_SIZE, size, ">=", HEADER_SIZE))
      return -ERRNO.EINVAL;
    const n = view.getUint32(start + H.nextents, true);
    if (!this.holds("fmap/header/nextents-zero", H.nextents, n >= 1, n, ">=", 1))
      return -ERRNO[errnos.nextentsZero];
    if (
      !this.holds(
        "fmap/header/nextents-limit",
        H.nextents,
        n <= limits.maxExtents,
        n,
        "<=",
        limits.maxExtents,
      )
    )
      return -ERRNO[errnos.nextentsLimit];
    if (!this.allocates("fmap/header/alloc-meta", 0, META_SIZE)) return -ERRNO.ENOMEM;

    const sizeLo = view.getUint32(start + H.fileSize, true);
    const sizeHi = view.getUint32(start + H.fileSize + 4, true);
    const extType = view.getUint32(start + H.extType, true);
    const { out } = this;
    out[M.fileType] = view.getUint8(start + H.fileType);
    out[M.extType] = extType;
    out[M.fileSize] = sizeLo;
    out[M.fileSize + 1] = sizeHi;
    out[M.n] = n;
    out[M.n + 1] = 0;
    this.outAt = RC_WORDS + MAP_WORDS;

    const known = extType === EXT_SIMPLE || extType === EXT_INTERLEAVE;
    if (!this.holds("fmap/header/ext-type", H.extType, known, extType, "<=", EXT_INTERLEAVE))
      return -ERRNO.EINVAL;
    const rc =
      extType === EXT_SIMPLE
        ? this.simple(view, start, size, n)
        : this.interleaved(view, start, size, n, sizeLo, sizeHi);
    if (rc !== 0) return rc;
    if (this.firstCounted !== null) {
      this.rule = this.firstCounted;
      this.at = this.countedAt;
      return -ERRNO.EINVAL;
    }
    const enough = this.totalHi > sizeHi || (this.totalHi === sizeHi && this.totalLo >= sizeLo);
    if (!this.holds64("fmap/total/file-size", H.fileSize, enough, this.totalHi, this.totalLo, sizeHi, sizeLo))
      return -ERRNO.EINVAL;
    out[M.devBitmap] = this.bitmapLo;
    out[M.devBitmap + 1] = this.bitmapHi;
    return 0;
  }

  private simple(view: DataView, start: number, size: number, n: number): number {
    const end = HEADER_SIZE + n * RANGE_SIZE;
    if (!this.holds("fmap/simple/underflow", size, size >= end, size, ">=", end)) return -ERRNO.EINVAL;
    if (!this.allocates("fmap/simple/alloc-extents", H.nextents, n * KERNEL_RANGE_SIZE)) return -ERRNO.ENOMEM;
    this.ranges(view, start, HEADER_SIZE, end, SIMPLE);
    return 0;
  }

  private interleaved(
    view: DataView,
    start: number,
    size: number,
    n: number,
    sizeLo: number,
    sizeHi: number,
  ): number {
    if (!this.allocates("fmap/interleaved/alloc-extents", H.nextents, n * KERNEL_HEAD_SIZE))
      return -ERRNO.ENOMEM;
    const { maxStrips } = this.profile.limits;
    let at: number = HEADER_SIZE;
    for (let i = 0; i < n; i++) {
      const head = at;
      at += HEAD_SIZE;
      if (!this.holds("fmap/interleaved/header-underflow", head, size >= at, size, ">=", at))
        return -ERRNO.EINVAL;
      const nstrips = view.getUint32(start + head + I.nstrips, true);
      const nbytesLo = view.getUint32(start + head + I.nbytes, true);
      const nbytesHi = view.getUint32(start + head + I.nbytes + 4, true);
      const serves = nbytesLo !== 0 || nbytesHi !== 0;
      if (!this.holds64("fmap/interleaved/nbytes-zero", head + I.nbytes, serves, nbytesHi, nbytesLo, 0, 1))
        return -ERRNO.EINVAL;
      at += nstrips * RANGE_SIZE; // below 2^37: exact here, and never wraps in the kernel's size_t
      if (!this.holds("fmap/interleaved/strips-underflow", head + I.nstrips, size >= at, size, ">=", at))
        return -ERRNO.EINVAL;
      this.counts("fmap/interleaved/nstrips-zero", head + I.nstrips, nstrips >= 1, nstrips, ">=", 1);
      this.counts(
        "fmap/interleaved/nstrips-limit",
        head + I.nstrips,
        nstrips <= maxStrips,
        nstrips,
        "<=",
        maxStrips,
      );
      if (!this.allocates("fmap/interleaved/alloc-strips", head + I.nstrips, nstrips * KERNEL_RANGE_SIZE))
        return -ERRNO.ENOMEM;
      // However the map is freed later, of all strips only the first extent's are.
      if (i > 0 && nstrips > 0 && this.leaked++ === 0) this.leakAt = head;

      const { out, outAt } = this;
      out[outAt] = view.getUint32(start + head + I.chunkSize, true);
      out[outAt + 1] = 0;
      out[outAt + 2] = nbytesLo;
      out[outAt + 3] = nbytesHi;
      out[outAt + 4] = nstrips;
      out[outAt + 5] = 0;
      this.outAt = outAt + HEAD_WORDS;
      this.ranges(view, start, head + HEAD_SIZE, at, STRIP);
    }
    // s64: positive when the difference modulo 2^64 is not zero and its sign bit is clear.
    const lo = (sizeLo - this.totalLo) >>> 0;
    const hi = (sizeHi - this.totalHi - (sizeLo < this.totalLo ? 1 : 0)) | 0;
    const covered = hi < 0 || (hi === 0 && lo === 0);
    if (!this.holds64("fmap/interleaved/remainder", H.fileSize, covered, hi, lo, 0, 0)) return -ERRNO.EINVAL;
    return 0;
  }

  /** Simple extents or strips from byte `from` to `to`: into the map, into the sums, through the counted checks. */
  private ranges(view: DataView, start: number, from: number, to: number, rules: RangeRules): void {
    const { out, trace } = this;
    const misaligned = this.profile.limits.alignment - 1;
    // Locals, not fields: this loop is where a long message spends its time.
    let { totalLo, totalHi, bitmapLo, bitmapHi, outAt } = this;
    for (let at = from; at < to; at += RANGE_SIZE) {
      const p = start + at;
      const devindex = view.getUint32(p + S.devindex, true);
      const offsetLo = view.getUint32(p + S.offset, true);
      const offsetHi = view.getUint32(p + S.offset + 4, true);
      const lengthLo = view.getUint32(p + S.length, true);
      const lengthHi = view.getUint32(p + S.length + 4, true);
      out[outAt] = devindex;
      out[outAt + 1] = 0;
      out[outAt + 2] = offsetLo;
      out[outAt + 3] = offsetHi;
      out[outAt + 4] = lengthLo;
      out[outAt + 5] = lengthHi;
      outAt += RANGE_WORDS;

      // JavaScript masks a shift count to five bits, as x86-64's shl does, and the int is sign-extended into the u64.
      const bit = 1 << devindex;
      bitmapLo |= bit;
      bitmapHi |= bit >> 31;
      const lo = totalLo + lengthLo;
      totalLo = lo >>> 0;
      totalHi = (totalHi + lengthHi + (lo > 0xffffffff ? 1 : 0)) >>> 0;

      // The low halves decide on alignment: it is a power of two below 2^32.
      if (trace !== null || devindex !== 0 || ((offsetLo | lengthLo) & misaligned) !== 0)
        this.checkRange(at, devindex, offsetLo, lengthLo, rules);
    }
    this.totalLo = totalLo;
    this.totalHi = totalHi;
    this.bitmapLo = bitmapLo;
    this.bitmapHi = bitmapHi;
    this.outAt = outAt;
  }

  /** famfs_check_ext_alignment, for a range that fails it or is traced; of offset and length the low halves. */
  private checkRange(at: number, devindex: number, offset: number, length: number, rules: RangeRules): void {
    if (devindex >= FIRST_UNDEFINED_SHIFT && this.shifts++ === 0) this.shiftAt = at + S.devindex;
    const { alignment } = this.profile.limits;
    this.counts(rules.devindex, at + S.devindex, devindex === 0, devindex, "==", 0);
    this.counts(rules.offset, at + S.offset, offset % alignment === 0, offset, "multiple of", alignment);
    this.counts(rules.length, at + S.length, length % alignment === 0, length, "multiple of", alignment);
  }

  /** A check that returns at once when it fails. */
  private holds(
    rule: RuleId,
    at: number,
    ok: boolean,
    actual: number,
    relation: Relation,
    bound: number,
  ): boolean {
    this.trace?.check({ rule, offset: at, ok, counted: false, actual, relation, bound });
    if (!ok) {
      this.rule = rule;
      this.at = at;
    }
    return ok;
  }

  /** The same for two 64-bit numbers, each as its upper and lower half. */
  private holds64(
    rule: RuleId,
    at: number,
    ok: boolean,
    hi: number,
    lo: number,
    boundHi: number,
    boundLo: number,
  ): boolean {
    if (this.trace !== null) {
      const relation = rule === "fmap/interleaved/remainder" ? "<=" : ">=";
      this.trace.check({
        rule,
        offset: at,
        ok,
        counted: false,
        actual: rule === "fmap/interleaved/remainder" ? BigInt.asIntN(64, joined(hi, lo)) : joined(hi, lo),
        relation,
        bound: joined(boundHi, boundLo),
      });
    }
    if (!ok) {
      this.rule = rule;
      this.at = at;
    }
    return ok;
  }

  /** A check whose failure is counted: it refuses the message only after everything else was looked at. */
  private counts(
    rule: RuleId,
    at: number,
    ok: boolean,
    actual: number,
    relation: Relation,
    bound: number,
  ): void {
    this.trace?.check({ rule, offset: at, ok, counted: true, actual, relation, bound });
    if (!ok && this.firstCounted === null) {
      this.firstCounted = rule;
      this.countedAt = at;
    }
  }

  private allocates(rule: RuleId, at: number, bytes: number): boolean {
    if (bytes === 0) return true; // kcalloc(0) hands out ZERO_SIZE_PTR and asks nobody
    const { maxAllocation } = this.profile.limits;
    const ok = bytes <= maxAllocation && ++this.attempts !== this.failAllocation;
    if (ok) {
      this.allocations++;
      this.allocatedBytes += bytes;
    }
    return this.holds(rule, at, ok, bytes, "<=", maxAllocation);
  }
}
