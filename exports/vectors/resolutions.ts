import { type Resolution, resolve } from "../../oracles/index.ts";
import type { Fmap, Profile } from "../../spec/index.ts";
import { resolutionJson } from "../../subjects/reference/driver-server.ts";

/** What is asked of a taken map, and the answers in turn, as the driver protocol has them. */
export interface Resolutions {
  /** File offset and bytes that are wanted from there on, decimal. */
  readonly resolve: readonly (readonly [offset: string, length: string])[];
  readonly resolved: readonly object[];
}

/** Bytes that are wanted: at the first offset more than a range has, at the others a page. */
const MUCH = 1n << 40n;
const PAGE = 4096n;

/** File offsets at which a map turns: its start, the border of its first extent or chunk, its last byte and its end. */
function turns({ fileSize, extents }: Fmap): bigint[] {
  const first = extents[0];
  const step = first === undefined ? 0n : "strips" in first ? first.chunkSize : first.length;
  return [...new Set([0n, step, fileSize - 1n, fileSize])].filter((o) => o >= 0n && o < 1n << 63n);
}

/** Where the profile's kernel finds the bytes at the turns of a map; without those that no source settles. */
export function resolutionsOf(profile: Profile, map: Fmap): Resolutions | null {
  const settled = turns(map)
    .map((offset) => {
      const want = offset === 0n ? MUCH : PAGE;
      return { ask: [`${offset}`, `${want}`] as const, found: resolve(profile, map, offset, want) };
    })
    .filter((r): r is typeof r & { found: Exclude<Resolution, { kind: "unspecified" }> } => {
      return r.found.kind !== "unspecified";
    });
  if (settled.length === 0) return null;
  return { resolve: settled.map((r) => r.ask), resolved: settled.map((r) => resolutionJson(r.found)) };
}
