import type { ErrnoName } from "../errno.ts";

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
  /** File and line in the kernel patch, by profile. */
  readonly source: Readonly<Record<string, string>>;
  /** What a violation returns, where it returns an errno. */
  readonly errno?: ErrnoName;
  /** What goes wrong for a user if it is broken. */
  readonly consequence: string;
}

/** `famfs.c:LINE` of the parser patch of rfc-v2 (13/18). */
export const rfcV2 = (place: string) => ({ "rfc-v2": place });
