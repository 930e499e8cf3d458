import { EXT_INTERLEAVE, EXT_SIMPLE, FMAP_VERSION, fmapHeader, interleavedExt, simpleExt } from "./fmap.ts";
import type { DaxRange, Fmap } from "./map.ts";

/**
 * The GET_FMAP message of a map: exactly as long as its extents need, reserved fields zero.
 * Throws RangeError for a number that its field cannot hold. Does not check whether the map makes sense.
 */
export function encodeFmap(map: Fmap): Uint8Array {
  const simple = map.extType === "simple";
  const size = simple
    ? map.extents.length * simpleExt.size
    : map.extents.reduce((n, e) => n + interleavedExt.size + e.strips.length * simpleExt.size, 0);
  const bytes = new Uint8Array(fmapHeader.size + size);
  fmapHeader.write(bytes, 0, {
    file_type: map.fileType,
    reserved: 0,
    fmap_version: FMAP_VERSION,
    ext_type: simple ? EXT_SIMPLE : EXT_INTERLEAVE,
    nextents: map.extents.length,
    reserved0: 0,
    file_size: map.fileSize,
    reserved1: 0n,
  });
  let at: number = fmapHeader.size;
  const putRanges = (ranges: readonly DaxRange[]) => {
    for (const { devindex, offset, length } of ranges) {
      const record = { se_devindex: Number(devindex), reserved: 0, se_offset: offset, se_len: length };
      simpleExt.write(bytes, at, record);
      at += simpleExt.size;
    }
  };
  if (map.extType === "simple") {
    putRanges(map.extents);
    return bytes;
  }
  for (const { chunkSize, nbytes, strips } of map.extents) {
    interleavedExt.write(bytes, at, {
      ie_nstrips: strips.length,
      ie_chunk_size: Number(chunkSize),
      ie_nbytes: nbytes,
      reserved: 0n,
    });
    at += interleavedExt.size;
    putRanges(strips);
  }
  return bytes;
}
