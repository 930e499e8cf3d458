import { ERRNO, mapRange, type Profile, type RuleId, simpleExt } from "../spec/index.ts";
import { Checks } from "./checks.ts";

// Plain constants of this very file, for the loop: a property of a struct is looked up each time, and so is an imported
// name under the test runner, where it costs a factor of ten.
const SIZE = simpleExt.size;
const WORDS = mapRange.size / 4;
const DEVINDEX = simpleExt.offsetOf("se_devindex");
const OFFSET = simpleExt.offsetOf("se_offset");
const LENGTH = simpleExt.offsetOf("se_len");

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

/** Reads runs of simple extents and strips: into the map record, into the sums, through the checks of each range. */
export abstract class RangeReader extends Checks {
  /** Undefined shifts on the way, and the byte of the first devindex that led to one. */
  shifts = 0;
  shiftAt = 0;
  /** `i32 rc`, then the map record if rc is 0: what a driver has to answer, in `reply[0 .. replyLength)`. */
  reply = new Uint8Array(1 << 10);

  // Words of `reply` in the machine's order, which is the wire's: half the cost of a DataView's setters.
  protected out = new Uint32Array(this.reply.buffer);
  protected outAt = 0;
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

  protected beginRanges(size: number): void {
    // A map record is never longer than the message it was parsed from, but for its rc.
    if (this.reply.length < size + 64) {
      this.reply = new Uint8Array(4 * (size + 64));
      this.out = new Uint32Array(this.reply.buffer);
    }
    this.shifts = 0;
    this.totalLo = this.totalHi = this.bitmapLo = this.bitmapHi = 0;
  }

  /** Simple extents or strips from byte `from` to `to`; returns 0 or a negative errno. */
  protected ranges(view: DataView, start: number, from: number, to: number, rules: RangeRules): number {
    const { out, trace, devindexes, wideBitmap, sumsChecked } = this;
    const misaligned = this.alignment - 1;
    // Locals, not fields: this loop is where a long message spends its time.
    let { totalLo, totalHi, bitmapLo, bitmapHi, outAt } = this;
    for (let at = from; at < to; at += SIZE) {
      const p = start + at;
      const devindex = view.getUint32(p + DEVINDEX, true);
      const offsetLo = view.getUint32(p + OFFSET, true);
      const offsetHi = view.getUint32(p + OFFSET + 4, true);
      const lengthLo = view.getUint32(p + LENGTH, true);
      const lengthHi = view.getUint32(p + LENGTH + 4, true);
      out[outAt] = devindex;
      out[outAt + 1] = 0;
      out[outAt + 2] = offsetLo;
      out[outAt + 3] = offsetHi;
      out[outAt + 4] = lengthLo;
      out[outAt + 5] = lengthHi;
      outAt += WORDS;

      if (devindex < 31) bitmapLo |= 1 << devindex;
      else {
        // JavaScript masks a shift count to five bits, as x86-64's 32-bit shl does, whose int is then sign-extended into
        // the u64; the 64-bit shl masks it to six.
        const bit = 1 << devindex;
        if (!wideBitmap || (devindex & 32) === 0) bitmapLo |= bit;
        if (wideBitmap) bitmapHi |= (devindex & 32) === 0 ? 0 : bit;
        else bitmapHi |= bit >> 31;
      }

      // The low halves decide on alignment: it is a power of two below 2^32.
      if (trace !== null || devindex >= devindexes || ((offsetLo | lengthLo) & misaligned) !== 0)
        this.checkRange(at, devindex, offsetLo, lengthLo, rules);
      if (sumsChecked && !this.sumsFit(at, offsetHi, offsetLo, lengthHi, lengthLo, totalHi, totalLo, rules))
        return -ERRNO.EINVAL;
      const lo = totalLo + lengthLo;
      totalLo = lo >>> 0;
      totalHi = (totalHi + lengthHi + (lo > 0xffffffff ? 1 : 0)) >>> 0;
    }
    this.totalLo = totalLo;
    this.totalHi = totalHi;
    this.bitmapLo = bitmapLo;
    this.bitmapHi = bitmapHi;
    this.outAt = outAt;
    return 0;
  }

  /** Whether neither offset + length nor the total so far + length overflows. */
  private sumsFit(
    at: number,
    offsetHi: number,
    offsetLo: number,
    lengthHi: number,
    lengthLo: number,
    totalHi: number,
    totalLo: number,
    rules: RangeRules,
  ): boolean {
    const endLo = offsetLo + lengthLo;
    const endHi = offsetHi + lengthHi + (endLo > 0xffffffff ? 1 : 0);
    const sumLo = totalLo + lengthLo;
    const sumHi = totalHi + lengthHi + (sumLo > 0xffffffff ? 1 : 0);
    return (
      this.sumFits(rules.end, at + OFFSET, endHi > 0xffffffff, endHi, endLo) &&
      this.sumFits(rules.total, at + LENGTH, sumHi > 0xffffffff, sumHi, sumLo)
    );
  }

  /** famfs_check_ext_alignment, for a range that fails it or is traced; of offset and length the low halves. */
  private checkRange(at: number, devindex: number, offset: number, length: number, rules: RangeRules): void {
    if (devindex >= this.undefinedShift && this.shifts++ === 0) this.shiftAt = at + DEVINDEX;
    const { alignment, devindexes } = this;
    const only = devindexes === 1 ? "==" : "<=";
    this.counts(rules.devindex, at + DEVINDEX, devindex < devindexes, devindex, only, devindexes - 1);
    this.counts(rules.offset, at + OFFSET, offset % alignment === 0, offset, "multiple of", alignment);
    this.counts(rules.length, at + LENGTH, length % alignment === 0, length, "multiple of", alignment);
  }
}
