import type { ErrnoName } from "../errno.ts";
import { PROFILE_NAMES, type ProfileName } from "../profiles/names.ts";
import type { Profile } from "../profiles/profile.ts";

/**
 * The ability of a subject that a check of the rule needs:
 * `message` judge a message; `allocation` let its n-th allocation fail; `install` publish the map on an inode;
 * `resolution` resolve file offsets; `exchange` play the GET_FMAP exchange; `daemon` answer over a FUSE channel;
 * `observation` report undefined behaviour and leaks; `unreachable` no ability helps, because an earlier check is as strict.
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
  /** The requirement, in one sentence. */
  readonly sentence: string;
  /** The place in the kernel patch, for each profile that has the rule. */
  readonly source: Source;
  /** The errno of a violation, if there is one, or the name of the profile's errno. */
  readonly errno?: ErrnoName | { readonly of: keyof Profile["errnos"] };
  /** Path of a number in the profile: while that number is open, the rule is unsettled. */
  readonly restsOn?: string;
  /** The harm to a user if the rule is broken. */
  readonly consequence: string;
}

/** The place in the source of each revision that has the rule. */
export type Source = Readonly<Partial<Record<ProfileName, string>>>;

/** Whether the profile has the rule. */
export const holdsIn = ({ source }: Pick<RuleEntry, "source">, profile: Profile): boolean =>
  profile.name in source;

/** Why no source settles the rule in that profile; null: one does. */
export const unsettledIn = ({ restsOn }: Pick<RuleEntry, "restsOn">, profile: Profile): string | null =>
  restsOn === undefined ? null : (profile.open[restsOn] ?? null);

/** The errno of a violation in that profile; null: it returns success or nothing. */
export function errnoIn({ errno }: Pick<RuleEntry, "errno">, profile: Profile): ErrnoName | null {
  if (errno === undefined) return null;
  return typeof errno === "string" ? errno : profile.errnos[errno.of];
}

/** A place of rfc-v2 without its lines and patch numbers, which other revisions do not share. */
const elsewhere = (place: string) =>
  place
    .replace(/:\d+/g, "")
    .replace(/^\d+\/18 /, "")
    .replace(/^(\S+), \1$/, "$1");

/**
 * The place in each of these revisions: with line or patch in rfc-v2 (`famfs.c:LINE` is the parser patch, 13/18), with
 * file and function in the others, whose line numbers are not established.
 */
export const at = (place: string, names: readonly ProfileName[] = PROFILE_NAMES): Source =>
  Object.fromEntries(names.map((name) => [name, name === "rfc-v2" ? place : elsewhere(place)]));

/** The parser's function; rfc-v1 has another name for it. */
const parserOf = (name: ProfileName) => (name === "rfc-v1" ? "famfs_meta_alloc_v3" : "famfs_fuse_meta_alloc");

/** The place of a check of the parser: the line in rfc-v2, the function in the others. */
export const inParser = (place: string, names: readonly ProfileName[] = PROFILE_NAMES): Source =>
  Object.fromEntries(names.map((name) => [name, name === "rfc-v2" ? place : `famfs.c, ${parserOf(name)}`]));

/** The place of famfs_check_ext_alignment and of its calls: the line in rfc-v2, the function in the others. */
export const inRangeCheck = (place: string, names: readonly ProfileName[] = PROFILE_NAMES): Source =>
  Object.fromEntries(
    names.map((name) => [name, name === "rfc-v2" ? place : "famfs.c, famfs_check_ext_alignment"]),
  );
