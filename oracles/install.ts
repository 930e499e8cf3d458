import type { ErrnoName, Fmap, HazardId, Profile } from "../spec/index.ts";
import type { Verdict } from "./parser/verdict.ts";

/** The fields of an inode that famfs_file_init_dax and famfs_meta_free change. */
export interface InodeState {
  readonly map: Fmap | null;
  /** Bytes; null: famfs has not set it. */
  readonly iSize: bigint | null;
  readonly dax: boolean;
  /** How often the inode's lock was locked and not unlocked; -1: unlocked without being locked. */
  readonly locks: number;
  /** `map` was freed, and the inode still points to it. */
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
 * When another open publishes its map: never, while this open waits for the inode's lock, or, ignoring the lock, just
 * before famfs_meta_set.
 */
export type Rival = { readonly when: "at-lock" | "at-set"; readonly map: Fmap } | null;

export interface Installed {
  readonly errno: ErrnoName | null;
  readonly inode: InodeState;
  readonly hazards: readonly HazardId[];
}

/** A verdict that the sources settle. */
export type SettledVerdict = Exclude<Verdict, { verdict: "unspecified" }>;

/**
 * famfs_file_init_dax of the profile; `verdict` is its parser's verdict on the message.
 *
 * `missingDaxdev`: the map refers to a daxdev that is not in the connection's table and cannot be added.
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
  // A revision that checked for a map under the lock does not expect famfs_meta_set to find one, and takes the wrong exit.
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

/** famfs_meta_set: a cmpxchg from NULL; returns the previous map. */
export function setMap(inode: InodeState, map: Fmap): { previous: Fmap | null; inode: InodeState } {
  return { previous: inode.map, inode: inode.map === null ? { ...inode, map } : inode };
}

/**
 * famfs_meta_free: frees the map and clears the pointer, or "clears" it with a cmpxchg that expects NULL and so leaves it
 * in place; null: no source establishes it for this revision.
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
