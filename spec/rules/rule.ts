import type { ErrnoName } from "../errno.ts";
import { PROFILE_NAMES, type ProfileName } from "../profiles/names.ts";
import type { Profile } from "../profiles/profile.ts";

/**
 * What a subject must let the suite do before a rule can be checked on it:
 * `message` judge a message; `allocation` have its n-th allocation fail; `install` publish the map on an inode;
 * `resolution` resolve file offsets; `exchange` play the GET_FMAP exchange; `daemon` be asked over a FUSE channel; `observation` be watched for undefined
 * behaviour and leaks; `unreachable` nothing does, the check stands behind another one.
 */
export type Needs =
  | "message"
  | "allocation"
  | "install"
  | "resolution"
  | "exchange"
  | "daemon"
  | "observation"
  | "unreachable";

/** One entry of the standard. Its key is its id: a stable path, never renamed and never reused. */
export interface RuleEntry {
  readonly level: "MUST" | "SHOULD";
  readonly needs: Needs;
  /** What holds, in one sentence. */
  readonly sentence: string;
  /** Place in the kernel patch, by the profiles that the rule holds in. */
  readonly source: Source;
  /** What a violation returns, where it returns an errno; or the profile's errno that says it. */
  readonly errno?: ErrnoName | { readonly of: keyof Profile["errnos"] };
  /** Path in the profile of a number that the rule rests on: where that is open, so is the rule. */
  readonly restsOn?: string;
  /** What goes wrong for a user if it is broken. */
  readonly consequence: string;
}

/** Where each revision that a rule holds in has it. */
export type Source = Readonly<Partial<Record<ProfileName, string>>>;

/** Whether the rule is one of that profile's. */
export const holdsIn = ({ source }: Pick<RuleEntry, "source">, profile: Profile): boolean =>
  profile.name in source;

/** Why no source settles the rule in that profile; null: it is settled. */
export const unsettledIn = ({ restsOn }: Pick<RuleEntry, "restsOn">, profile: Profile): string | null =>
  restsOn === undefined ? null : (profile.open[restsOn] ?? null);

/** What a violation of the rule returns in that profile; null: success, or nothing at all. */
export function errnoIn({ errno }: Pick<RuleEntry, "errno">, profile: Profile): ErrnoName | null {
  if (errno === undefined) return null;
  return typeof errno === "string" ? errno : profile.errnos[errno.of];
}

/** A place of rfc-v2 as it reads in a revision whose lines and patch numbers are others. */
const elsewhere = (place: string) =>
  place
    .replace(/:\d+/g, "")
    .replace(/^\d+\/18 /, "")
    .replace(/^(\S+), \1$/, "$1");

/**
 * The place in each of these revisions: in rfc-v2 with its line or patch (`famfs.c:LINE` is the parser patch, 13/18),
 * in the others, whose line numbers are not established, the file and function.
 */
export const at = (place: string, names: readonly ProfileName[] = PROFILE_NAMES): Source =>
  Object.fromEntries(names.map((name) => [name, name === "rfc-v2" ? place : elsewhere(place)]));

/** The parser's function; only rfc-v1 names it otherwise. */
const parserOf = (name: ProfileName) => (name === "rfc-v1" ? "famfs_meta_alloc_v3" : "famfs_fuse_meta_alloc");

/** The place of a check of the parser: by line in rfc-v2, by function in the others. */
export const inParser = (place: string, names: readonly ProfileName[] = PROFILE_NAMES): Source =>
  Object.fromEntries(names.map((name) => [name, name === "rfc-v2" ? place : `famfs.c, ${parserOf(name)}`]));

/** The place of famfs_check_ext_alignment and of its calls, likewise. */
export const inRangeCheck = (place: string, names: readonly ProfileName[] = PROFILE_NAMES): Source =>
  Object.fromEntries(
    names.map((name) => [name, name === "rfc-v2" ? place : "famfs.c, famfs_check_ext_alignment"]),
  );
