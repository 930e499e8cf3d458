import type { DaxRange, Fmap, InterleavedExtent } from "../../spec/index.ts";

/** A range of a daxdev with its owner: `[start, end)` in bytes. */
export interface Owned {
  readonly devindex: bigint;
  readonly start: bigint;
  readonly end: bigint;
  /** For example `extent 0, strip 1`. */
  readonly owner: string;
}

/** Every extent and strip of the map as a range of its daxdev. */
export function ownedRanges(map: Fmap): Owned[] {
  const owned = (r: DaxRange, owner: string): Owned => ({
    devindex: r.devindex,
    start: r.offset,
    end: r.offset + r.length,
    owner,
  });
  return map.extType === "simple"
    ? map.extents.map((e, i) => owned(e, `extent ${i}`))
    : map.extents.flatMap((e, i) => e.strips.map((s, j) => owned(s, `extent ${i}, strip ${j}`)));
}

/** Pairs of ranges that share a byte: each range with one earlier range that reaches into it. */
export function overlaps<O extends Owned>(ranges: readonly O[]): [O, O][] {
  const sorted = ranges
    .filter((r) => r.end > r.start)
    .sort((a, b) => compare(a.devindex, b.devindex) || compare(a.start, b.start));
  const found: [O, O][] = [];
  // Of the earlier ranges the one that ends last: not always the previous one.
  let reach: O | null = null;
  for (const r of sorted) {
    if (reach !== null && reach.devindex === r.devindex && r.start < reach.end) found.push([reach, r]);
    if (reach === null || reach.devindex !== r.devindex || r.end > reach.end) reach = r;
  }
  return found;
}

const compare = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0);

/** The first byte of the file that does not resolve into its own extent or strip. */
export interface Stray {
  /** File offset. */
  readonly offset: bigint;
  readonly kind: "no range" | "past its end";
  readonly detail: string;
}

/** The first byte of [0, file_size) that has no extent or is past the end of its strip; null: there is none. */
export function firstStray(map: Fmap): Stray | null {
  if (map.extType === "simple")
    return behind(
      map,
      map.extents.reduce((n, e) => n + e.length, 0n),
    );
  let start = 0n;
  for (const [i, extent] of map.extents.entries()) {
    if (start >= map.fileSize) return null;
    const stray = strayOfExtent(extent, map.fileSize - start, `extent ${i}`);
    if (stray !== null) return { ...stray, offset: start + stray.offset };
    start += extent.nbytes;
  }
  return behind(map, start);
}

/** Why a byte of the file does not resolve into its own range; null: all bytes do. */
export const uncovered = (map: Fmap): string | null => firstStray(map)?.detail ?? null;

const behind = ({ fileSize }: Fmap, end: bigint): Stray | null =>
  end >= fileSize
    ? null
    : {
        offset: end,
        kind: "no range",
        detail: `the last ${fileSize - end} bytes of the file have no extent`,
      };

/** `left`: bytes of the file from the first byte of the extent to the end. */
function strayOfExtent(
  { chunkSize, nbytes, strips }: InterleavedExtent,
  left: bigint,
  owner: string,
): Stray | null {
  if (chunkSize === 0n) return { offset: 0n, kind: "no range", detail: `${owner} has chunk size 0` };
  const served = nbytes < left ? nbytes : left;
  const n = BigInt(strips.length);
  let first: Stray | null = null;
  for (const [j, { length }] of strips.entries()) {
    const used = usedOfStrip(served, chunkSize, n, BigInt(j));
    if (used <= length) continue;
    const offset = ((length / chunkSize) * n + BigInt(j)) * chunkSize + (length % chunkSize);
    if (first === null || offset < first.offset)
      first = {
        offset,
        kind: "past its end",
        detail: `${owner}, strip ${j} is ${length} bytes long and carries chunks up to byte ${used}`,
      };
  }
  return first;
}

/** Bytes of strip j that the first `served` bytes of an interleaved extent use. */
function usedOfStrip(served: bigint, chunk: bigint, nstrips: bigint, j: bigint): bigint {
  const stripe = chunk * nstrips;
  const whole = served / stripe;
  const rest = (served % stripe) - j * chunk;
  const last = rest < 0n ? 0n : rest > chunk ? chunk : rest;
  return whole * chunk + last;
}
