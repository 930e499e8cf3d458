import {
  DEFAULT_PROFILE,
  fmapHeader,
  interleavedExt,
  type Profile,
  type RuleId,
  simpleExt,
} from "../spec/index.ts";

/** A u64 as its upper and lower half. */
export type Halves = readonly [hi: number, lo: number];

export const MiB = 1 << 20;

/** Field offsets in the message's records. */
export const HEADER = {
  fileType: fmapHeader.offsetOf("file_type"),
  reserved: fmapHeader.offsetOf("reserved"),
  version: fmapHeader.offsetOf("fmap_version"),
  extType: fmapHeader.offsetOf("ext_type"),
  nextents: fmapHeader.offsetOf("nextents"),
  reserved0: fmapHeader.offsetOf("reserved0"),
  fileSize: fmapHeader.offsetOf("file_size"),
  reserved1: fmapHeader.offsetOf("reserved1"),
};
export const HEAD = {
  nstrips: interleavedExt.offsetOf("ie_nstrips"),
  chunkSize: interleavedExt.offsetOf("ie_chunk_size"),
  nbytes: interleavedExt.offsetOf("ie_nbytes"),
  reserved: interleavedExt.offsetOf("reserved"),
};
export const RANGE = {
  devindex: simpleExt.offsetOf("se_devindex"),
  reserved: simpleExt.offsetOf("reserved"),
  offset: simpleExt.offsetOf("se_offset"),
  length: simpleExt.offsetOf("se_len"),
};

// A constant of this file, because the loop would look up a struct's property each time.
const LENGTH = RANGE.length;
const FILE_SIZE = HEADER.fileSize;

/** Up to this number of bytes a loop is faster than a call of fill(). */
const FEW_BYTES = 256;

/** Longest message in bytes; the kernel accepts 32768 at most. */
export const MAX_MESSAGE = 40_960;

const MAX_RANGES = Math.ceil(MAX_MESSAGE / simpleExt.size);

/** A message under construction, in a buffer that all messages share; no method allocates. */
export class Draft {
  bytes: Uint8Array;
  view: DataView;
  /** Where the message begins in `bytes`, and its length so far. */
  start = 0;
  length = 0;
  interleaved = false;
  nextents = 0;
  /** Offsets in the message of each interleaved head, and of each simple extent or strip. */
  readonly heads = new Int32Array(MAX_RANGES);
  readonly ranges = new Int32Array(MAX_RANGES);
  nheads = 0;
  nranges = 0;
  /** The rules that the choices are made to break or to exercise, in order: the first `ntags`. */
  readonly tags: RuleId[] = [];
  ntags = 0;

  /** The revision whose limits the message uses. */
  profile: Profile;

  constructor(bytes: Uint8Array = new Uint8Array(2 * MAX_MESSAGE), profile: Profile = DEFAULT_PROFILE) {
    this.profile = profile;
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Starts a message of a header and `body` bytes, all zero. */
  begin(start: number, interleaved: boolean, nextents: number, body: number): void {
    this.start = start;
    this.interleaved = interleaved;
    this.nextents = nextents;
    this.nheads = this.nranges = this.ntags = 0;
    this.length = fmapHeader.size + body;
    const end = start + this.length;
    if (this.length > FEW_BYTES) this.bytes.fill(0, start, end);
    else for (let p = start; p < end; p += 4) this.view.setInt32(p, 0, true);
  }

  /** Room for another record of `size` zero bytes; its offset in the message. */
  append(size: number): number {
    const at = this.length;
    this.length += size;
    this.bytes.fill(0, this.start + at, this.start + this.length);
    return at;
  }

  /** Records the rule that a choice is made to break or to exercise. */
  tag(rule: RuleId): void {
    this.tags[this.ntags++] = rule;
  }

  u8(at: number, value: number): void {
    this.view.setUint8(this.start + at, value);
  }
  u16(at: number, value: number): void {
    this.view.setUint16(this.start + at, value, true);
  }
  u32(at: number, value: number): void {
    this.view.setUint32(this.start + at, value, true);
  }
  u64(at: number, hi: number, lo: number): void {
    this.view.setUint32(this.start + at, lo, true);
    this.view.setUint32(this.start + at + 4, hi, true);
  }
  readU32(at: number): number {
    return this.view.getUint32(this.start + at, true);
  }

  /** Adds to a u64 field, modulo 2^64. */
  add64(at: number, hi: number, lo: number): void {
    const sum = (this.readU32(at) + lo) | 0;
    this.u64(at, this.readU32(at + 4) + hi + (sum >>> 0 < lo >>> 0 ? 1 : 0), sum);
  }

  putHalves(at: number, halves: Halves): void {
    this.u64(at, halves[0], halves[1]);
  }
  addHalves(at: number, halves: Halves): void {
    this.add64(at, halves[0], halves[1]);
  }

  /** Sets file_size to the sum of all lengths, modulo 2^64. */
  fitFileSize(): void {
    const { view, start, ranges, nranges } = this;
    let lo = 0;
    let hi = 0;
    for (let i = 0; i < nranges; i++) {
      const at = start + (ranges[i] as number) + LENGTH;
      const added = view.getInt32(at, true);
      lo = (lo + added) | 0;
      hi = (hi + view.getInt32(at + 4, true) + (lo >>> 0 < added >>> 0 ? 1 : 0)) | 0;
    }
    this.u64(FILE_SIZE, hi, lo);
  }
}
