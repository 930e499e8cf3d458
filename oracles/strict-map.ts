import type { DaxRange, Fmap } from "../spec/index.ts";

/** A range of a daxdev that belongs to somebody: `[start, end)` in bytes. */
export interface Owned {
  readonly devindex: bigint;
  readonly start: bigint;
  readonly end: bigint;
  /** Whose it is: `extent 0, strip 1`. */
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

/** Pairs of ranges that share a byte; each range with the next of those that reach into it. */
export function overlaps(ranges: readonly Owned[]): [Owned, Owned][] {
  const sorted = ranges
    .filter((r) => r.end > r.start)
    .sort((a, b) => compare(a.devindex, b.devindex) || compare(a.start, b.start));
  const found: [Owned, Owned][] = [];
  // The range that reaches furthest of those before: it need not be the one just before.
  let reach: Owned | null = null;
  for (const r of sorted) {
    if (reach !== null && reach.devindex === r.devindex && r.start < reach.end) found.push([reach, r]);
    if (reach === null || reach.devindex !== r.devindex || r.end > reach.end) reach = r;
  }
  return found;
}

const compare = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Why some byte of [0, file_size) does not resolve into the very extent or strip that carries it, or would lie past its
 * end; null: every byte does.
 */
export function uncovered(map: Fmap): string | null {
  let left = map.fileSize;
  if (map.extType === "simple") {
    for (const e of map.extents) left -= e.length;
    return left > 0n ? `the last ${left} bytes of the file have no extent` : null;
  }
  for (const [i, { chunkSize, nbytes, strips }] of map.extents.entries()) {
    if (left <= 0n) return null;
    const served = nbytes < left ? nbytes : left;
    if (chunkSize === 0n) return `extent ${i} has chunk size 0`;
    for (const [j, strip] of strips.entries()) {
      const used = usedOfStrip(served, chunkSize, BigInt(strips.length), BigInt(j));
      if (used > strip.length)
        return `extent ${i}, strip ${j} is ${strip.length} bytes long and carries chunks up to byte ${used}`;
    }
    left -= served;
  }
  return left > 0n ? `the last ${left} bytes of the file have no extent` : null;
}

/** How far into strip j the chunks reach that the first `served` bytes of an interleaved extent put there. */
function usedOfStrip(served: bigint, chunk: bigint, nstrips: bigint, j: bigint): bigint {
  const stripe = chunk * nstrips;
  const whole = served / stripe;
  const rest = (served % stripe) - j * chunk;
  const last = rest < 0n ? 0n : rest > chunk ? chunk : rest;
  return whole * chunk + last;
}
