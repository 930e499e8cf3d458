/** The map as JSON: u64 as decimal strings, since a JSON number loses bits above 2^53. */
import type { DaxRange, Fmap } from "./map.ts";

/** A range of a daxdev in JSON, bytes. */
export interface RangeJson {
  readonly devindex: string;
  readonly offset: string;
  readonly length: string;
}

/** An interleaved extent in JSON, bytes. */
export interface InterleavedJson {
  readonly chunkSize: string;
  readonly nbytes: string;
  readonly strips: readonly RangeJson[];
}

/** A map in JSON; every u64 is a decimal string. */
export type FmapJson = {
  readonly fileType: number;
  readonly fileSize: string;
  readonly devBitmap: string;
} & (
  | { readonly extType: "simple"; readonly extents: readonly RangeJson[] }
  | { readonly extType: "interleaved"; readonly extents: readonly InterleavedJson[] }
);

export const rangeToJson = (r: DaxRange): RangeJson => ({
  devindex: r.devindex.toString(),
  offset: r.offset.toString(),
  length: r.length.toString(),
});

export const rangeFromJson = (r: RangeJson): DaxRange => ({
  devindex: BigInt(r.devindex),
  offset: BigInt(r.offset),
  length: BigInt(r.length),
});

export function mapToJson(map: Fmap): FmapJson {
  const shared = {
    fileType: map.fileType,
    fileSize: map.fileSize.toString(),
    devBitmap: map.devBitmap.toString(),
  };
  if (map.extType === "simple")
    return { ...shared, extType: "simple", extents: map.extents.map(rangeToJson) };
  const extents = map.extents.map((e) => ({
    chunkSize: e.chunkSize.toString(),
    nbytes: e.nbytes.toString(),
    strips: e.strips.map(rangeToJson),
  }));
  return { ...shared, extType: "interleaved", extents };
}

/** The map of JSON that fits schemas/driver-reply. */
export function mapFromJson(json: FmapJson): Fmap {
  const shared = {
    fileType: json.fileType,
    fileSize: BigInt(json.fileSize),
    devBitmap: BigInt(json.devBitmap),
  };
  if (json.extType === "simple")
    return { ...shared, extType: "simple", extents: json.extents.map(rangeFromJson) };
  const extents = json.extents.map((e) => ({
    chunkSize: BigInt(e.chunkSize),
    nbytes: BigInt(e.nbytes),
    strips: e.strips.map(rangeFromJson),
  }));
  return { ...shared, extType: "interleaved", extents };
}
