import { type Resolution, resolve } from "../../oracles/index.ts";
import { type Fmap, PAGE64, type Profile, TWO_TO_63 } from "../../spec/index.ts";
import { resolutionJson } from "../../subjects/reference/driver-server.ts";

/** Offsets to resolve with an accepted map, and the results in the same order, as in the driver protocol. */
export interface Resolutions {
  /** File offset and number of bytes, decimal. */
  readonly resolve: readonly (readonly [offset: string, length: string])[];
  readonly resolved: readonly object[];
}

/** Number of bytes at the first offset: more than a range has. At the other offsets it is a page. */
const MUCH = 1n << 40n;

/** The offsets at which resolution changes: the start, the border of the first extent or chunk, the last byte, the end. */
function turns({ fileSize, extents }: Fmap): bigint[] {
  const first = extents[0];
  const step = first === undefined ? 0n : "strips" in first ? first.chunkSize : first.length;
  return [...new Set([0n, step, fileSize - 1n, fileSize])].filter((o) => o >= 0n && o < TWO_TO_63);
}

/** The memory that the profile's kernel finds at these offsets, without results that no source settles. */
export function resolutionsOf(profile: Profile, map: Fmap): Resolutions | null {
  const settled = turns(map)
    .map((offset) => {
      const want = offset === 0n ? MUCH : PAGE64;
      return { ask: [`${offset}`, `${want}`] as const, found: resolve(profile, map, offset, want) };
    })
    .filter((r): r is typeof r & { found: Exclude<Resolution, { kind: "unspecified" }> } => {
      return r.found.kind !== "unspecified";
    });
  if (settled.length === 0) return null;
  return { resolve: settled.map((r) => r.ask), resolved: settled.map((r) => resolutionJson(r.found)) };
}
