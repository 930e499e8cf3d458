import type { ErrnoName, Fmap, HazardId } from "../spec/index.ts";
import type { Verdict } from "./verdict.ts";

/** What famfs_file_init_dax and famfs_meta_free change on an inode. */
export interface InodeState {
  readonly map: Fmap | null;
  /** Bytes; null: as it was before famfs touched the inode. */
  readonly iSize: bigint | null;
  readonly dax: boolean;
  readonly locked: boolean;
  /** `map` was freed and is still pointed to. */
  readonly dangling: boolean;
}

export const FRESH_INODE: InodeState = { map: null, iSize: null, dax: false, locked: false, dangling: false };

/**
 * When another open publishes its map: not at all, while this one waits for the inode's lock, or, against the lock,
 * just before famfs_meta_set.
 */
export type Rival = { readonly when: "at-lock" | "at-set"; readonly map: Fmap } | null;

export interface Installed {
  readonly errno: ErrnoName | null;
  readonly inode: InodeState;
  readonly hazards: readonly HazardId[];
}

/** famfs_file_init_dax of rfc-v1 and rfc-v2; `verdict` is what the parser says of the message. */
export function installFmap(inode: InodeState, verdict: Verdict, rival: Rival = null): Installed {
  if (inode.map !== null) return { errno: "EEXIST", inode, hazards: [] };
  if (verdict.verdict === "reject") return { errno: verdict.errno, inode, hazards: [] };
  if (rival?.when === "at-lock") return { errno: "EEXIST", inode: { ...inode, map: rival.map }, hazards: [] };
  if (rival?.when === "at-set")
    return {
      errno: "EALREADY",
      inode: { ...inode, map: rival.map, locked: true },
      hazards: ["hazard/inode-left-locked"],
    };
  const { map } = verdict;
  return { errno: null, inode: { ...inode, map, iSize: map.fileSize, dax: true }, hazards: [] };
}

/** famfs_meta_set: a cmpxchg from NULL; returns what was there before. */
export function setMap(inode: InodeState, map: Fmap): { previous: Fmap | null; inode: InodeState } {
  return { previous: inode.map, inode: inode.map === null ? { ...inode, map } : inode };
}

/** famfs_meta_free: frees the map and then "clears" it with a cmpxchg that expects NULL, which leaves it in place. */
export function freeMap(inode: InodeState): { inode: InodeState; hazards: readonly HazardId[] } {
  if (inode.map === null) return { inode, hazards: [] };
  return { inode: { ...inode, dangling: true }, hazards: ["hazard/map-left-dangling"] };
}
