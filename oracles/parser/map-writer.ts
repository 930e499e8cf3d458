import {
  EXT_SIMPLE,
  fmapHeader,
  interleavedExt,
  mapHead,
  mapInterleaved,
  mapRange,
  simpleExt,
} from "../../spec/index.ts";

// Plain constants, for the loops: a property of a struct is looked up each time (see range-reader.ts).
const HEADER_SIZE = fmapHeader.size;
const HEAD_SIZE = interleavedExt.size;
const RANGE_SIZE = simpleExt.size;
const FILE_TYPE = fmapHeader.offsetOf("file_type");
const EXT_TYPE = fmapHeader.offsetOf("ext_type");
const NEXTENTS = fmapHeader.offsetOf("nextents");
const FILE_SIZE = fmapHeader.offsetOf("file_size");
const NSTRIPS = interleavedExt.offsetOf("ie_nstrips");
const CHUNK_SIZE = interleavedExt.offsetOf("ie_chunk_size");
const NBYTES = interleavedExt.offsetOf("ie_nbytes");
const DEVINDEX = simpleExt.offsetOf("se_devindex");
const OFFSET = simpleExt.offsetOf("se_offset");
const LENGTH = simpleExt.offsetOf("se_len");

/** Offsets in the map record, in words of 4 bytes. */
const M = {
  fileType: mapHead.offsetOf("file_type") / 4,
  extType: mapHead.offsetOf("ext_type") / 4,
  fileSize: mapHead.offsetOf("file_size") / 4,
  devBitmap: mapHead.offsetOf("dev_bitmap") / 4,
  n: mapHead.offsetOf("n") / 4,
};
const MAP_WORDS = mapHead.size / 4;
const HEAD_WORDS = mapInterleaved.size / 4;
const RANGE_WORDS = mapRange.size / 4;

/** Writes the map record of an accepted message into a buffer that all calls share. */
export class MapWriter {
  private bytes = new Uint8Array(1 << 10);
  // The machine's byte order is the wire's; this costs half of a DataView's setters.
  private words = new Int32Array(this.bytes.buffer);
  /** A view for each record length in words, because a new view costs as much as a small record. */
  private records: Uint8Array[] = [];
  private at = 0;

  /** Writes the record of the accepted message of `size` bytes at byte `start`; valid until the next call. */
  write(view: DataView, start: number, size: number, bitmapHi: number, bitmapLo: number): Uint8Array {
    // A record is as long as its message.
    if (this.bytes.length < size) {
      this.bytes = new Uint8Array(4 * Math.ceil(size / 2));
      this.words = new Int32Array(this.bytes.buffer);
      this.records = [];
    }
    const { words } = this;
    const n = view.getUint32(start + NEXTENTS, true);
    const extType = view.getUint32(start + EXT_TYPE, true);
    words[M.fileType] = view.getUint8(start + FILE_TYPE);
    words[M.extType] = extType;
    words[M.fileSize] = view.getUint32(start + FILE_SIZE, true);
    words[M.fileSize + 1] = view.getUint32(start + FILE_SIZE + 4, true);
    words[M.devBitmap] = bitmapLo;
    words[M.devBitmap + 1] = bitmapHi;
    words[M.n] = n;
    words[M.n + 1] = 0;
    this.at = MAP_WORDS;
    let p = start + HEADER_SIZE;
    if (extType === EXT_SIMPLE) this.ranges(view, p, n);
    else
      for (let i = 0; i < n; i++) {
        const nstrips = view.getUint32(p + NSTRIPS, true);
        this.head(view, p, nstrips);
        this.ranges(view, p + HEAD_SIZE, nstrips);
        p += HEAD_SIZE + nstrips * RANGE_SIZE;
      }
    this.records[this.at] ??= this.bytes.subarray(0, 4 * this.at);
    return this.records[this.at] as Uint8Array;
  }

  private head(view: DataView, p: number, nstrips: number): void {
    const { words, at } = this;
    words[at] = view.getUint32(p + CHUNK_SIZE, true);
    words[at + 1] = 0;
    words[at + 2] = view.getUint32(p + NBYTES, true);
    words[at + 3] = view.getUint32(p + NBYTES + 4, true);
    words[at + 4] = nstrips;
    words[at + 5] = 0;
    this.at = at + HEAD_WORDS;
  }

  private ranges(view: DataView, from: number, n: number): void {
    const { words } = this;
    let { at } = this;
    const end = (from + Math.imul(n, RANGE_SIZE)) | 0;
    for (let p = from | 0; p < end; p = (p + RANGE_SIZE) | 0) {
      words[at] = view.getInt32(p + DEVINDEX, true);
      words[at + 1] = 0;
      words[at + 2] = view.getInt32(p + OFFSET, true);
      words[at + 3] = view.getInt32(p + OFFSET + 4, true);
      words[at + 4] = view.getInt32(p + LENGTH, true);
      words[at + 5] = view.getInt32(p + LENGTH + 4, true);
      at = (at + RANGE_WORDS) | 0;
    }
    this.at = at;
  }
}
