import {
  type DaxRange,
  type ErrnoName,
  type Fmap,
  type HazardId,
  type InterleavedExtent,
  type Profile,
  whyOpen,
} from "../spec/index.ts";

/** The state of file and daxdev that the resolver checks first. */
export interface FileState {
  readonly daxdevTable: boolean;
  /** Bytes. */
  readonly iSize: bigint;
  readonly dax: boolean;
  readonly mapInError: boolean;
  /** State of all daxdevs that the map refers to. */
  readonly daxdev: "usable" | "unusable" | "poisoned";
}

/** The memory behind a file offset: `length` bytes of a daxdev, nothing, an errno, or unsettled by the sources. */
export type Resolution =
  | {
      readonly kind: "mapped";
      readonly devindex: bigint;
      readonly offset: bigint;
      readonly length: bigint;
      /** A signed sum overflowed; the kernel is compiled so that it wraps (-fno-strict-overflow). */
      readonly hazard?: HazardId;
    }
  | { readonly kind: "empty"; readonly hazard?: HazardId }
  | { readonly kind: "failed"; readonly errno: ErrnoName; readonly hazard?: HazardId }
  | {
      readonly kind: "unspecified";
      /** The hazard that makes the result undefined; null: the source of the resolver was not found. */
      readonly rule: HazardId | null;
      readonly reason: string;
    };

type Resolver = NonNullable<Profile["resolver"]>;

const s64 = (n: bigint) => BigInt.asIntN(64, n);
const u64 = (n: bigint) => BigInt.asUintN(64, n);
const min = (a: bigint, b: bigint) => (a < b ? a : b);

/** The state of a file whose map was just published. */
export const publishedFile = (map: Fmap): FileState => ({
  daxdevTable: true,
  iSize: map.fileSize,
  dax: true,
  mapInError: false,
  daxdev: "usable",
});

const failure = ({ failure: way }: Resolver): Extract<Resolution, { kind: "empty" | "failed" }> =>
  way === "empty" ? { kind: "empty" } : { kind: "failed", errno: way };

/** famfs_fileofs_to_daxofs of the profile: resolves `want` bytes at file offset `offset` (both s64, not negative). */
export function resolve(
  profile: Profile,
  map: Fmap,
  offset: bigint,
  want: bigint,
  file: FileState = publishedFile(map),
): Resolution {
  const { resolver } = profile;
  if (resolver === null) return { kind: "unspecified", rule: null, reason: whyOpen(profile, "resolver") };
  if (!file.daxdevTable || file.iSize !== map.fileSize || !file.dax || file.mapInError)
    return failure(resolver);
  const found =
    map.extType === "simple"
      ? resolveSimple(resolver, map.extents, offset, want)
      : resolveInterleaved(profile, resolver, map.extents, map.fileSize, offset, want);
  if (found.kind !== "mapped" || file.daxdev === "usable") return found;
  if (file.daxdev === "poisoned" && resolver.poisoned !== null)
    return { kind: "failed", errno: resolver.poisoned };
  return failure(resolver);
}

/**
 * The shift that indexes extents of equal size: all but the last are 2^shift bytes long, and the last is not longer.
 * 0: there is no such shift.
 */
export function extShift(extents: readonly DaxRange[]): number {
  const size = extents[0]?.length ?? 0n;
  const last = extents.at(-1)?.length ?? 0n;
  const uniform =
    extents.length > 1 &&
    size > 0n &&
    (size & (size - 1n)) === 0n &&
    last <= size &&
    extents.slice(1, -1).every((e) => e.length === size);
  return uniform ? size.toString(2).length - 1 : 0;
}

function resolveSimple(
  resolver: Resolver,
  extents: readonly DaxRange[],
  offset: bigint,
  want: bigint,
): Resolution {
  let overflowed = false;
  const wrap = (n: bigint) => {
    const wrapped = s64(n);
    overflowed ||= wrapped !== n;
    return wrapped;
  };
  const marked = <R extends Resolution>(r: R): R =>
    overflowed ? { ...r, hazard: "hazard/walk-overflow" } : r;
  const within = (local: bigint, length: bigint) =>
    resolver.compares === "s64" ? local < s64(length) : u64(local) < length;
  const mapped = (extent: DaxRange, local: bigint): Resolution => {
    const remainder = wrap(s64(extent.length) - local);
    const at = u64(wrap(s64(extent.offset) + local));
    return marked({
      kind: "mapped",
      devindex: extent.devindex,
      offset: at,
      length: u64(min(want, remainder)),
    });
  };

  const shift = resolver.shift ? extShift(extents) : 0;
  if (shift > 0) {
    const extent = extents[Number(offset >> BigInt(shift))];
    const local = BigInt.asUintN(shift, offset);
    return extent !== undefined && within(local, extent.length) ? mapped(extent, local) : failure(resolver);
  }
  let local = offset;
  for (const extent of extents) {
    if (within(local, extent.length)) return mapped(extent, local);
    // If the comparison is unsigned, the subtraction is, too, and wraps harmlessly.
    local = resolver.compares === "s64" ? wrap(local - s64(extent.length)) : s64(u64(local) - extent.length);
  }
  return marked(failure(resolver));
}

function resolveInterleaved(
  { limits }: Profile,
  resolver: Resolver,
  extents: readonly InterleavedExtent[],
  fileSize: bigint,
  offset: bigint,
  want: bigint,
): Resolution {
  let local = u64(offset);
  for (const { chunkSize, nbytes, strips } of extents) {
    if (resolver.checksChunk && chunkSize % BigInt(limits.alignment) !== 0n)
      return { kind: "failed", errno: "EINVAL" };
    // The minimum with an empty file is 0 for any value of the other number.
    if (resolver.clip === "uninitialised" && fileSize !== 0n)
      return {
        kind: "unspecified",
        rule: "hazard/uninitialised-extent-size",
        reason: "the extent is clipped by a variable that was never set",
      };
    const served = min(nbytes, fileSize);
    if (served === 0n) break;
    if (local < served) {
      if (chunkSize === 0n)
        return {
          kind: "unspecified",
          rule: "hazard/zero-chunk-division",
          reason: "a chunk size of zero is divided by",
        };
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
  return failure(resolver);
}
