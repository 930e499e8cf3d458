/** The resolver as its user sees it, byte by byte, for maps of few bytes: where is each byte of the file? */
import type { Fmap, InterleavedExtent } from "../../spec/index.ts";

export interface Place {
  readonly devindex: bigint;
  readonly offset: bigint;
  /** Bytes from here on that a resolution may go on: to the end of the extent, or of the chunk. */
  readonly rest: bigint;
  /** Whether the byte lies within the very extent or strip that carries it. */
  readonly inside: boolean;
}

/** The place of every byte of the file, from byte 0 on, as far as the map goes. */
export function placesOf(map: Fmap): Place[] {
  if (map.extType === "simple")
    return map.extents.flatMap(({ devindex, offset, length }) =>
      Array.from({ length: Number(length) }, (_, i) => ({
        devindex,
        offset: offset + BigInt(i),
        rest: length - BigInt(i),
        inside: true,
      })),
    );
  const places: Place[] = [];
  for (const extent of map.extents) {
    // The kernel clips each extent to the whole file's size; one that then serves nothing ends the walk.
    const served = Math.min(Number(extent.nbytes), Number(map.fileSize));
    if (served === 0) break;
    places.push(...deal(extent, served));
  }
  return places;
}

/** Deals bytes to the strips in turn, a chunk at a time, as one deals cards. */
function deal({ chunkSize, strips }: InterleavedExtent, served: number): Place[] {
  const dealt = strips.map(() => 0n);
  const places: Place[] = [];
  let strip = 0;
  let left = chunkSize;
  for (let i = 0; i < served; i++) {
    const { devindex, offset, length } = strips[strip] as (typeof strips)[number];
    const at = dealt[strip] as bigint;
    places.push({ devindex, offset: offset + at, rest: left, inside: at < length });
    dealt[strip] = at + 1n;
    left--;
    if (left === 0n) {
      left = chunkSize;
      strip = (strip + 1) % strips.length;
    }
  }
  return places;
}
