/** Names of the kernel revisions, oldest first. */
export const PROFILE_NAMES = [
  "rfc-v1",
  "rfc-v2",
  "v3",
  "v4",
  "v7",
  "v10",
  "simple-only",
  "dual-ext",
] as const;

/** Name of a kernel revision. */
export type ProfileName = (typeof PROFILE_NAMES)[number];

/** The revisions from one to another, both included. */
export const revisions = (first: ProfileName, last: ProfileName = "dual-ext"): readonly ProfileName[] =>
  PROFILE_NAMES.slice(PROFILE_NAMES.indexOf(first), PROFILE_NAMES.indexOf(last) + 1);

/** The revisions that know interleaved extents. */
export const INTERLEAVING: readonly ProfileName[] = PROFILE_NAMES.filter((name) => name !== "simple-only");
