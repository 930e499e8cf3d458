import { ERRNO, type Profile, type RuleId, simpleExt } from "../../spec/index.ts";
import { Checks } from "./checks.ts";

// Plain constants of this very file, for the loop: a property of a struct is looked up each time, and so is an imported
// name under the test runner, where it costs a factor of ten.
const SIZE = simpleExt.size;
const DEVINDEX = simpleExt.offsetOf("se_devindex");
const OFFSET = simpleExt.offsetOf("se_offset");
const LENGTH = simpleExt.offsetOf("se_len");

/** Up to here the bitmap's lower half holds `1 << devindex` as it is. */
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
  /** Undefined shifts on the way, and the byte of the first devindex that led to one. */
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
    // One comparison decides whether a range is an ordinary one, of which nothing is told and no bit is far.
    const ordinary = this.tracing ? 0 : Math.min(this.devindexes, FIRST_FAR_BIT);
    // Locals, not fields: this loop is where a long message spends its time.
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
      // A sum that is less than what was added to it has carried.
      const carry = totalLo >>> 0 < lengthLo >>> 0 ? 1 : 0;
      totalHi = (totalHi + view.getInt32(p + LENGTH + 4, true) + carry) | 0;
    }
    this.totalLo = totalLo;
    this.totalHi = totalHi;
    this.bitmapLo = bitmapLo;
    return 0;
  }

  /**
   * famfs_check_ext_alignment of the range at byte `p` of the view, `at` of the message; returns what its devindex adds to
   * the lower half of the bitmap.
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

  /** What a devindex from 31 on adds to the lower half of the bitmap; what it adds to the upper one is added here. */
  private farBit(devindex: number): number {
    // JavaScript masks a shift count to five bits, as x86-64's 32-bit shl does, whose int is then sign-extended into
    // the u64; the 64-bit shl masks it to six.
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
