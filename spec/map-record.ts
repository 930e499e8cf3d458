/**
 * The map as a driver reports it in a frame (docs/driver-protocol.md): `mapHead`, then `n` ranges, or `n` times
 * `mapInterleaved`, each directly followed by its strips.
 */
import { EXT_INTERLEAVE, EXT_SIMPLE } from "./fmap.ts";
import type { DaxRange, Fmap, InterleavedExtent } from "./map.ts";
import { struct } from "./struct.ts";

export const mapHead = struct("fmapspec_map", {
  file_type: "u32",
  ext_type: "u32",
  file_size: "u64",
  dev_bitmap: "u64",
  n: "u32",
  zero: "u32",
});

export const mapRange = struct("fmapspec_range", { dev: "u64", offset: "u64", length: "u64" });

export const mapInterleaved = struct("fmapspec_interleaved", {
  chunk_size: "u64",
  nbytes: "u64",
  nstrips: "u64",
});

/** The bytes are not a map record; the message names the fault. */
export class MapRecordError extends Error {}

/** Reads a whole map record; throws MapRecordError if the bytes are not exactly one. */
export function readMapRecord(bytes: Uint8Array): Fmap {
  let at = 0;
  const take = <R>(s: { size: number; cName: string; read(b: Uint8Array, at: number): R }): R => {
    if (at + s.size > bytes.length)
      throw new MapRecordError(`the map ends after ${bytes.length} bytes, inside a ${s.cName} at byte ${at}`);
    const record = s.read(bytes, at);
    at += s.size;
    return record;
  };
  const takeRange = (): DaxRange => {
    const r = take(mapRange);
    return { devindex: r.dev, offset: r.offset, length: r.length };
  };
  const head = take(mapHead);
  const shared = { fileType: head.file_type, fileSize: head.file_size, devBitmap: head.dev_bitmap };
  const ranges: DaxRange[] = [];
  const interleaved: InterleavedExtent[] = [];
  if (head.ext_type === EXT_SIMPLE) {
    for (let i = 0; i < head.n; i++) ranges.push(takeRange());
  } else if (head.ext_type === EXT_INTERLEAVE) {
    for (let i = 0; i < head.n; i++) {
      const e = take(mapInterleaved);
      const strips: DaxRange[] = [];
      for (let j = 0n; j < e.nstrips; j++) strips.push(takeRange());
      interleaved.push({ chunkSize: e.chunk_size, nbytes: e.nbytes, strips });
    }
  } else {
    throw new MapRecordError(`ext_type ${head.ext_type} of the map is neither 0 (simple) nor 1 (interleave)`);
  }
  if (at !== bytes.length)
    throw new MapRecordError(`${bytes.length - at} bytes follow the map, which ends at byte ${at}`);
  return head.ext_type === EXT_SIMPLE
    ? { ...shared, extType: "simple", extents: ranges }
    : { ...shared, extType: "interleaved", extents: interleaved };
}

/** The map record of a map, bytes. */
export function writeMapRecord(map: Fmap): Uint8Array {
  const size =
    map.extType === "simple"
      ? map.extents.length * mapRange.size
      : map.extents.reduce((n, e) => n + mapInterleaved.size + e.strips.length * mapRange.size, 0);
  const bytes = new Uint8Array(mapHead.size + size);
  mapHead.write(bytes, 0, {
    file_type: map.fileType,
    ext_type: map.extType === "simple" ? EXT_SIMPLE : EXT_INTERLEAVE,
    file_size: map.fileSize,
    dev_bitmap: map.devBitmap,
    n: map.extents.length,
    zero: 0,
  });
  let at = mapHead.size;
  const putRange = (r: DaxRange) => {
    mapRange.write(bytes, at, { dev: r.devindex, offset: r.offset, length: r.length });
    at += mapRange.size;
  };
  if (map.extType === "simple") {
    for (const range of map.extents) putRange(range);
  } else {
    for (const e of map.extents) {
      mapInterleaved.write(bytes, at, {
        chunk_size: e.chunkSize,
        nbytes: e.nbytes,
        nstrips: BigInt(e.strips.length),
      });
      at += mapInterleaved.size;
      for (const strip of e.strips) putRange(strip);
    }
  }
  return bytes;
}
