import type { ErrnoName, Fmap, HazardId, Profile } from "../spec/index.ts";
import type { Verdict } from "./parser/verdict.ts";

/** What famfs_file_init_dax and famfs_meta_free change on an inode. */
export interface InodeState {
  readonly map: Fmap | null;
  /** Bytes; null: as it was before famfs touched the inode. */
  readonly iSize: bigint | null;
  readonly dax: boolean;
  /** How often the inode's lock was taken and not given back; -1: given back and never taken. */
  readonly locks: number;
  /** `map` was freed and is still pointed to. */
  readonly dangling: boolean;
  /** Every access to the file fails, for as long as the inode lives. */
  readonly mapInError: boolean;
}

export const FRESH_INODE: InodeState = {
  map: null,
  iSize: null,
  dax: false,
  locks: 0,
  dangling: false,
  mapInError: false,
};

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

/** A verdict that is settled. */
export type SettledVerdict = Exclude<Verdict, { verdict: "unspecified" }>;

/**
 * famfs_file_init_dax of the profile; `verdict` is what its parser says of the message.
 *
 * `missingDaxdev`: the map refers to a daxdev that is not in the connection's table, and that cannot be had.
 */
export function installFmap(
  profile: Profile,
  inode: InodeState,
  verdict: SettledVerdict,
  rival: Rival = null,
  missingDaxdev = false,
): Installed {
  const { errnos, install, daxdevs } = profile;
  if (inode.map !== null) return { errno: errnos.alreadyMapped, inode, hazards: [] };
  if (verdict.verdict === "reject")
    return install.unlocksUnlocked
      ? {
          errno: verdict.errno,
          inode: { ...inode, locks: inode.locks - 1 },
          hazards: ["hazard/unlock-of-unlocked"],
        }
      : { errno: verdict.errno, inode, hazards: [] };
  if (rival !== null) return lost(profile, { ...inode, map: rival.map }, rival.when);
  const { map } = verdict;
  const mapInError = missingDaxdev && daxdevs.missing === "every access fails";
  return { errno: null, inode: { ...inode, map, iSize: map.fileSize, dax: true, mapInError }, hazards: [] };
}

function lost({ errnos, install }: Profile, inode: InodeState, when: "at-lock" | "at-set"): Installed {
  // Whoever has looked under the lock does not expect famfs_meta_set to find a map, and leaves by the wrong way.
  if (install.looksFirst && when === "at-set")
    return {
      errno: "EALREADY",
      inode: { ...inode, locks: inode.locks + 1 },
      hazards: ["hazard/inode-left-locked"],
    };
  return {
    errno: errnos.lostRace,
    inode,
    hazards: install.loser === "leaked" ? ["hazard/lost-race-leak"] : [],
  };
}

/** famfs_meta_set: a cmpxchg from NULL; returns what was there before. */
export function setMap(inode: InodeState, map: Fmap): { previous: Fmap | null; inode: InodeState } {
  return { previous: inode.map, inode: inode.map === null ? { ...inode, map } : inode };
}

/**
 * famfs_meta_free: frees the map and then clears it, or "clears" it with a cmpxchg that expects NULL, which leaves it in
 * place; null: of this revision it is not established.
 */
export function freeMap(
  profile: Profile,
  inode: InodeState,
): { inode: InodeState; hazards: readonly HazardId[] } | null {
  if (inode.map === null) return { inode, hazards: [] };
  if (profile.install.freeLeavesPointer === null) return null;
  return profile.install.freeLeavesPointer
    ? { inode: { ...inode, dangling: true }, hazards: ["hazard/map-left-dangling"] }
    : { inode: { ...inode, map: null }, hazards: [] };
}
