import {
  fmapHeader,
  type InterleavedParsing,
  interleavedExt,
  type Profile,
  simpleExt,
} from "../../spec/index.ts";
import { RangeReader } from "./range-reader.ts";

const FILE_SIZE = fmapHeader.offsetOf("file_size");
const HEAD_SIZE = interleavedExt.size;
const RANGE_SIZE = simpleExt.size;
const LENGTH = simpleExt.offsetOf("se_len");

/** FUSE_FAMFS_MAX_STRIPS is at least this where it is unknown: an interleaved extent needs one strip. */
const FEWEST_STRIPS = 1;

/** The settings of an InterleavedParsing that the parser needs for each extent, looked up once. */
export class HeadRules {
  readonly chunkChecked: boolean;
  readonly chunkAligned: boolean;
  readonly smallChunk: number;
  readonly largeChunk: number;
  readonly nbytesLimited: boolean;
  readonly nstripsFirst: boolean;
  readonly nstripsCounted: boolean;
  readonly capacity: boolean;
  readonly coverByNbytes: boolean;
  readonly leaks: boolean;

  constructor(parsing: InterleavedParsing) {
    const { order, chunkSizes } = parsing;
    this.chunkChecked = order.includes("chunk-size");
    this.chunkAligned = chunkSizes === "aligned";
    [this.smallChunk, this.largeChunk] = typeof chunkSizes === "string" ? [0, 0] : chunkSizes;
    this.nbytesLimited = parsing.nbytesLimit === "s64";
    this.nstripsFirst = order.indexOf("nstrips") < order.indexOf("strips");
    this.nstripsCounted = parsing.nstrips === "counted";
    this.capacity = parsing.stripCapacity;
    this.coverByNbytes = parsing.cover === "nbytes";
    this.leaks = parsing.frees === "first extent";
  }
}

/** The checks of an interleaved extent's head, of its strips together, and of all extents together. */
export abstract class HeadChecks extends RangeReader {
  private readonly maxStrips: number | null;
  private readonly chunkUnit: number;
  /** The sum of ie_nbytes. */
  private servedLo = 0;
  private servedHi = 0;

  constructor(profile: Profile) {
    super(profile);
    this.maxStrips = profile.limits.maxStrips;
    this.chunkUnit = profile.limits.alignment;
  }

  protected beginHeads(): void {
    this.servedLo = this.servedHi = 0;
  }

  protected chunkSizeHolds(at: number, chunkSize: number, rules: HeadRules): boolean {
    const rule = "fmap/interleaved/chunk-size";
    const { chunkUnit } = this;
    if (rules.chunkAligned)
      return this.holds(rule, at, chunkSize % chunkUnit === 0, chunkSize, "multiple of", chunkUnit);
    const { smallChunk, largeChunk } = rules;
    const bound = chunkSize <= smallChunk ? smallChunk : largeChunk;
    return this.holds(rule, at, chunkSize === smallChunk || chunkSize === largeChunk, chunkSize, "==", bound);
  }

  protected nbytesHold(at: number, hi: number, lo: number, rules: HeadRules): boolean {
    const serves = lo !== 0 || hi !== 0;
    return (
      ((serves && !this.tracing) ||
        this.holds64("fmap/interleaved/nbytes-zero", at, serves, hi, lo, ">=", 0, 1)) &&
      (!rules.nbytesLimited || this.fitsS64("fmap/interleaved/nbytes-limit", at, hi, lo))
    );
  }

  /** Whether parsing goes on: yes after a failure that is only counted. */
  protected nstripsHolds(at: number, nstrips: number, rules: HeadRules): boolean {
    const { maxStrips } = this;
    if (maxStrips !== null && nstrips >= 1 && nstrips <= maxStrips && !this.tracing) return true;
    if (rules.nstripsCounted) {
      this.counts("fmap/interleaved/nstrips-zero", at, nstrips >= 1, nstrips, ">=", 1);
      // Every revision that counts has a limit.
      const limit = maxStrips as number;
      this.counts("fmap/interleaved/nstrips-limit", at, nstrips <= limit, nstrips, "<=", limit);
      return true;
    }
    if (!this.holds("fmap/interleaved/nstrips-zero", at, nstrips >= 1, nstrips, ">=", 1)) return false;
    if (maxStrips !== null)
      return this.holds("fmap/interleaved/nstrips-limit", at, nstrips <= maxStrips, nstrips, "<=", maxStrips);
    if (nstrips > FEWEST_STRIPS && this.open === null) {
      this.open = "fmap/interleaved/nstrips-limit";
      this.openAt = at;
    }
    return true;
  }

  /**
   * Whether each strip is long enough for its last byte of the file. `p` and `head`: offset of the extent's head in the view
   * and in the message. The chunk size is a power of two of at least 4096, so a double counts chunks exactly.
   */
  protected stripsHold(
    view: DataView,
    p: number,
    head: number,
    nstrips: number,
    chunkSize: number,
    nbytesHi: number,
    nbytesLo: number,
  ): boolean {
    const perUpperHalf = 2 ** 32 / chunkSize;
    const inChunk = chunkSize - 1;
    const whole = nbytesHi * perUpperHalf + Math.floor(nbytesLo / chunkSize);
    const rest = nbytesLo & inChunk;
    const chunks = rest === 0 ? whole : whole + 1;
    const probes = Math.min(nstrips, chunks);
    for (let n = 0; n < probes; n++) {
      const chunk = chunks - 1 - n;
      const stripe = Math.floor(chunk / nstrips);
      const at = HEAD_SIZE + (chunk % nstrips) * RANGE_SIZE + LENGTH;
      const lengthLo = view.getUint32(p + at, true);
      const lengthHi = view.getUint32(p + at + 4, true);
      const last = n === 0 && rest !== 0 ? rest - 1 : inChunk;
      const wholeChunks = lengthHi * perUpperHalf + Math.floor(lengthLo / chunkSize);
      const ok = stripe < wholeChunks || (stripe === wholeChunks && last < (lengthLo & inChunk));
      if (this.trace !== null || !ok) {
        // Compare the length with the end of the last byte; both are below 2^64.
        const needed = BigInt(stripe) * BigInt(chunkSize) + BigInt(last) + 1n;
        const [hi, lo] = [Number(needed >> 32n), Number(needed & 0xffffffffn)];
        const rule = "fmap/interleaved/strip-capacity";
        if (!this.holds64(rule, head + at, ok, lengthHi, lengthLo, ">=", hi, lo)) return false;
      }
    }
    return true;
  }

  /** Adds ie_nbytes to the bytes that the extents serve. */
  protected servesMore(at: number, hi: number, lo: number): boolean {
    const sumLo = this.servedLo + lo;
    const sumHi = this.servedHi + hi + (sumLo > 0xffffffff ? 1 : 0);
    this.servedLo = sumLo >>> 0;
    this.servedHi = sumHi >>> 0;
    return this.sumFits("fmap/interleaved/nbytes-overflow", at, sumHi > 0xffffffff, sumHi, sumLo);
  }

  /** Whether the extents together cover the file's size, given as its halves. */
  protected covers(sizeHi: number, sizeLo: number, rules: HeadRules): boolean {
    if (rules.coverByNbytes) {
      const { servedHi: hi, servedLo: lo } = this;
      const ok = hi > sizeHi || (hi === sizeHi && lo >= sizeLo);
      return this.holds64("fmap/interleaved/nbytes-cover", FILE_SIZE, ok, hi, lo, ">=", sizeHi, sizeLo);
    }
    // s64: positive when the difference modulo 2^64 is not zero and its sign bit is clear.
    const totalLo = this.totalLo >>> 0;
    const lo = (sizeLo - totalLo) >>> 0;
    const hi = (sizeHi - this.totalHi - (sizeLo < totalLo ? 1 : 0)) | 0;
    return this.notPositive("fmap/interleaved/remainder", FILE_SIZE, hi, lo);
  }
}
