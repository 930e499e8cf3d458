import type { DaxRange, Fmap, HazardId, InterleavedExtent, Profile } from "../spec/index.ts";

/** The state of the file that famfs_file_bad looks at before anything is resolved. */
export interface FileState {
  readonly daxdevTable: boolean;
  /** Bytes. */
  readonly iSize: bigint;
  readonly dax: boolean;
}

/** Where `length` bytes from a file offset on are; or nothing; or undefined behaviour of the C. */
export type Resolution =
  | {
      readonly kind: "mapped";
      readonly devindex: bigint;
      readonly offset: bigint;
      readonly length: bigint;
      /** Signed sums on the way overflowed; the kernel wraps them (-fno-strict-overflow). */
      readonly hazard?: HazardId;
    }
  | { readonly kind: "empty"; readonly hazard?: HazardId }
  | { readonly kind: "unspecified"; readonly rule: HazardId };

const s64 = (n: bigint) => BigInt.asIntN(64, n);
const u64 = (n: bigint) => BigInt.asUintN(64, n);
const min = (a: bigint, b: bigint) => (a < b ? a : b);

/** The state of a file whose map was just published. */
export const publishedFile = (map: Fmap): FileState => ({
  daxdevTable: true,
  iSize: map.fileSize,
  dax: true,
});

/**
 * famfs_fileofs_to_daxofs of the series: resolves `want` bytes at file offset `offset` (both s64, not negative).
 *
 * Source: 15/18 of rfc-v2. A failed resolution is `empty` there: success with length 0 and no device.
 */
export function resolve(
  profile: Profile,
  map: Fmap,
  offset: bigint,
  want: bigint,
  file: FileState = publishedFile(map),
): Resolution {
  const failed: Resolution = { kind: profile.resolveFailure };
  if (!file.daxdevTable || file.iSize !== map.fileSize || !file.dax) return failed;
  return map.extType === "simple"
    ? resolveSimple(map.extents, offset, want)
    : resolveInterleaved(map.extents, map.fileSize, offset, want);
}

function resolveSimple(extents: readonly DaxRange[], offset: bigint, want: bigint): Resolution {
  let local = offset;
  let overflowed = false;
  const wrap = (n: bigint) => {
    const wrapped = s64(n);
    overflowed ||= wrapped !== n;
    return wrapped;
  };
  for (const extent of extents) {
    const start = s64(extent.offset);
    const length = s64(extent.length);
    if (local < length) {
      const remainder = wrap(length - local);
      const found = {
        kind: "mapped",
        devindex: extent.devindex,
        offset: u64(wrap(start + local)),
        length: u64(min(want, remainder)),
      } as const;
      return overflowed ? { ...found, hazard: "hazard/walk-overflow" } : found;
    }
    local = wrap(local - length);
  }
  return overflowed ? { kind: "empty", hazard: "hazard/walk-overflow" } : { kind: "empty" };
}

function resolveInterleaved(
  extents: readonly InterleavedExtent[],
  fileSize: bigint,
  offset: bigint,
  want: bigint,
): Resolution {
  let local = u64(offset);
  for (const { chunkSize, nbytes, strips } of extents) {
    const served = min(nbytes, fileSize);
    if (served === 0n) break;
    if (local < served) {
      if (chunkSize === 0n) return { kind: "unspecified", rule: "hazard/zero-chunk-division" };
      const nstrips = BigInt(strips.length);
      const chunkNum = local / chunkSize;
      const chunkOffset = local % chunkSize;
      const stripeNum = chunkNum / nstrips;
      const strip = strips[Number(chunkNum % nstrips)] as DaxRange;
      const stripOffset = u64(chunkOffset + stripeNum * chunkSize);
      return {
        kind: "mapped",
        devindex: strip.devindex,
        offset: u64(strip.offset + stripOffset),
        length: u64(min(want, s64(chunkSize - chunkOffset))),
      };
    }
    local -= served;
  }
  return { kind: "empty" };
}
