import { ERRNO, type Profile, type RuleId, simpleExt } from "../../spec/index.ts";
import { Checks } from "./checks.ts";

// Constants of this file, because the loop below would look up a struct's property each time, and under the test runner an
// imported name too, which costs a factor of ten.
const SIZE = simpleExt.size;
const DEVINDEX = simpleExt.offsetOf("se_devindex");
const OFFSET = simpleExt.offsetOf("se_offset");
const LENGTH = simpleExt.offsetOf("se_len");

/** For smaller devindexes `1 << devindex` is a bit of the bitmap's lower half. */
const FIRST_FAR_BIT = 31;

/** The checks of a simple extent, or of a strip. */
export interface RangeRules {
  readonly devindex: RuleId;
  readonly offset: RuleId;
  readonly length: RuleId;
  readonly end: RuleId;
  readonly total: RuleId;
}
export const SIMPLE: RangeRules = {
  devindex: "fmap/simple/devindex",
  offset: "fmap/simple/offset-alignment",
  length: "fmap/simple/length-alignment",
  end: "fmap/simple/end-overflow",
  total: "fmap/simple/total-overflow",
};
export const STRIP: RangeRules = {
  devindex: "fmap/strip/devindex",
  offset: "fmap/strip/offset-alignment",
  length: "fmap/strip/length-alignment",
  end: "fmap/strip/end-overflow",
  total: "fmap/strip/total-overflow",
};

/** From this devindex on `1 << devindex` is undefined in C: 31 shifts into the sign of an int. */
const firstUndefinedShift = ({ parser }: Profile): number => (parser.bitmap === "int" ? 31 : 64);

/** Reads runs of simple extents and strips: into the sums and the bitmap, through the checks of each range. */
export abstract class RangeReader extends Checks {
  /** Number of undefined shifts, and the byte of the devindex that caused the first one. */
  shifts = 0;
  shiftAt = 0;
  /** Sum of all lengths modulo 2^64, and the bitmap of devices: halves as signed ints, which V8 keeps unboxed in a field. */
  protected totalLo = 0;
  protected totalHi = 0;
  protected bitmapLo = 0;
  protected bitmapHi = 0;
  private readonly devindexes: number;
  private readonly alignment: number;
  private readonly wideBitmap: boolean;
  private readonly sumsChecked: boolean;
  private readonly undefinedShift: number;

  constructor(profile: Profile) {
    super(profile);
    this.devindexes = profile.limits.devindexes;
    this.alignment = profile.limits.alignment;
    this.wideBitmap = profile.parser.bitmap === "u64";
    this.sumsChecked = profile.parser.sums === "refused";
    this.undefinedShift = firstUndefinedShift(profile);
  }

  protected beginRanges(): void {
    this.shifts = 0;
    this.totalLo = this.totalHi = this.bitmapLo = this.bitmapHi = 0;
  }

  /** Simple extents or strips from byte `from` to `to`; returns 0 or a negative errno. */
  protected ranges(view: DataView, start: number, from: number, to: number, rules: RangeRules): number {
    const { sumsChecked } = this;
    const misaligned = this.alignment - 1;
    // One comparison decides whether a range is ordinary: nothing to report, and its bit is in the lower half.
    const ordinary = this.tracing ? 0 : Math.min(this.devindexes, FIRST_FAR_BIT);
    // Locals, not fields, because a long message spends its time in this loop.
    let { totalLo, totalHi, bitmapLo } = this;
    const end = (start + to) | 0;
    for (let p = (start + from) | 0; p < end; p = (p + SIZE) | 0) {
      const devindex = view.getInt32(p + DEVINDEX, true);
      const lengthLo = view.getInt32(p + LENGTH, true);
      // The low halves decide on alignment: it is a power of two below 2^32.
      if (devindex >>> 0 < ordinary && ((view.getInt32(p + OFFSET, true) | lengthLo) & misaligned) === 0)
        bitmapLo |= 1 << devindex;
      else bitmapLo |= this.unusualRange(view, p, p - start, rules);
      if (sumsChecked && !this.sumsFit(view, p, p - start, totalHi, totalLo, rules)) return -ERRNO.EINVAL;
      totalLo = (totalLo + lengthLo) | 0;
      // A sum that is less than an addend has carried.
      const carry = totalLo >>> 0 < lengthLo >>> 0 ? 1 : 0;
      totalHi = (totalHi + view.getInt32(p + LENGTH + 4, true) + carry) | 0;
    }
    this.totalLo = totalLo;
    this.totalHi = totalHi;
    this.bitmapLo = bitmapLo;
    return 0;
  }

  /**
   * famfs_check_ext_alignment of the range at byte `p` of the view, `at` of the message; returns the bits that its devindex
   * sets in the lower half of the bitmap.
   */
  private unusualRange(view: DataView, p: number, at: number, rules: RangeRules): number {
    const devindex = view.getUint32(p + DEVINDEX, true);
    const offset = view.getUint32(p + OFFSET, true);
    const length = view.getUint32(p + LENGTH, true);
    if (devindex >= this.undefinedShift && this.shifts++ === 0) this.shiftAt = at + DEVINDEX;
    const { alignment, devindexes } = this;
    const only = devindexes === 1 ? "==" : "<=";
    this.counts(rules.devindex, at + DEVINDEX, devindex < devindexes, devindex, only, devindexes - 1);
    this.counts(rules.offset, at + OFFSET, offset % alignment === 0, offset, "multiple of", alignment);
    this.counts(rules.length, at + LENGTH, length % alignment === 0, length, "multiple of", alignment);
    return devindex < FIRST_FAR_BIT ? 1 << devindex : this.farBit(devindex);
  }

  /** Sets the bit of a devindex of 31 or more in the upper half; returns the bits for the lower half. */
  private farBit(devindex: number): number {
    // JavaScript masks a shift count to five bits, like the 32-bit shl of x86-64, whose int result is then sign-extended
    // to u64. The 64-bit shl masks the count to six bits.
    const bit = 1 << devindex;
    if (!this.wideBitmap) {
      this.bitmapHi |= bit >> 31;
      return bit;
    }
    if ((devindex & 32) === 0) return bit;
    this.bitmapHi |= bit;
    return 0;
  }

  /** Whether neither offset + length nor the total so far + length overflows; the total as signed halves. */
  private sumsFit(
    view: DataView,
    p: number,
    at: number,
    totalHi: number,
    totalLo: number,
    rules: RangeRules,
  ): boolean {
    const lengthLo = view.getUint32(p + LENGTH, true);
    const lengthHi = view.getUint32(p + LENGTH + 4, true);
    const endLo = view.getUint32(p + OFFSET, true) + lengthLo;
    const endHi = view.getUint32(p + OFFSET + 4, true) + lengthHi + (endLo > 0xffffffff ? 1 : 0);
    const sumLo = (totalLo >>> 0) + lengthLo;
    const sumHi = (totalHi >>> 0) + lengthHi + (sumLo > 0xffffffff ? 1 : 0);
    if (endHi <= 0xffffffff && sumHi <= 0xffffffff && !this.tracing) return true;
    return (
      this.sumFits(rules.end, at + OFFSET, endHi > 0xffffffff, endHi, endLo) &&
      this.sumFits(rules.total, at + LENGTH, sumHi > 0xffffffff, sumHi, sumLo)
    );
  }
}
