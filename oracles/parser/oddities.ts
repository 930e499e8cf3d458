import {
  type DaxRange,
  FILE_TYPES,
  FMAP_VERSION,
  type Fmap,
  fmapHeader,
  holdsIn,
  interleavedExt,
  MIB2,
  type Profile,
  type RuleId,
  rangesOf,
  rule,
  simpleExt,
  TWO_TO_64,
} from "../../spec/index.ts";
import { overlaps, ownedRanges } from "../strict/strict-map.ts";

const RESERVED = simpleExt.offsetOf("reserved");

/** The most specific feature first: lengths that wrap often make the file size or nbytes unusual, too. */
const ORDER = [
  "fmap/total/wraps",
  "fmap/ignored/zero-length",
  "fmap/ignored/overlap",
  "fmap/ignored/chunk-size-zero",
  "fmap/ignored/chunk-size",
  "fmap/ignored/version",
  "fmap/ignored/file-type",
  "fmap/ignored/fmap-size",
  "fmap/ignored/reserved",
  "fmap/ignored/trailing-bytes",
  "fmap/ignored/nbytes",
  "fmap/ignored/file-size-zero",
] as const satisfies readonly RuleId[];

/**
 * The rules `fmap/ignored/...` and `fmap/total/wraps` that an accepted message exercises: the unusual features that the
 * parser accepts, as far as the profile has a rule for them, the most specific first. `map`: the parser's map of the
 * message.
 */
export function oddities(profile: Profile, message: Uint8Array, map: Fmap): RuleId[] {
  const found = new Set<(typeof ORDER)[number]>();
  const header = fmapHeader.read(message);
  if (header.fmap_version !== FMAP_VERSION) found.add("fmap/ignored/version");
  if (header.file_type >= FILE_TYPES.length) found.add("fmap/ignored/file-type");
  if (header.reserved !== 0 || header.reserved1 !== 0n) found.add("fmap/ignored/reserved");
  // The same four bytes are fmap_size or reserved.
  if (profile.fmapSizeField ? header.reserved0 !== message.length : header.reserved0 !== 0)
    found.add(profile.fmapSizeField ? "fmap/ignored/fmap-size" : "fmap/ignored/reserved");
  if (header.file_size === 0n) found.add("fmap/ignored/file-size-zero");

  const view = new DataView(message.buffer, message.byteOffset, message.length);
  let at: number = fmapHeader.size;
  const takeRanges = (ranges: readonly DaxRange[]) => {
    for (const _ of ranges) {
      if (view.getUint32(at + RESERVED, true) !== 0) found.add("fmap/ignored/reserved");
      at += simpleExt.size;
    }
  };
  if (map.extType === "simple") takeRanges(map.extents);
  else
    for (const extent of map.extents) {
      const head = interleavedExt.read(message, at);
      at += interleavedExt.size;
      if (head.reserved !== 0n) found.add("fmap/ignored/reserved");
      const carried = extent.strips.reduce((n, s) => n + s.length, 0n);
      if (extent.nbytes !== carried) found.add("fmap/ignored/nbytes");
      if (extent.chunkSize === 0n) found.add("fmap/ignored/chunk-size-zero");
      if (extent.chunkSize === 0n || extent.chunkSize % CHUNK_UNIT !== 0n)
        found.add("fmap/ignored/chunk-size");
      takeRanges(extent.strips);
    }
  if (at < message.length) found.add("fmap/ignored/trailing-bytes");

  const ranges = rangesOf(map);
  if (ranges.some((r) => r.length === 0n)) found.add("fmap/ignored/zero-length");
  if (ranges.reduce((n, r) => n + r.length, 0n) >= TWO_TO_64) found.add("fmap/total/wraps");
  if (overlaps(ownedRanges(map)).length > 0) found.add("fmap/ignored/overlap");
  return ORDER.filter((id) => found.has(id) && holdsIn(rule(id), profile));
}

/** famfs itself makes chunks of multiples of 2 MiB only; later revisions require it. */
const CHUNK_UNIT = MIB2;
