import { rfcV1, rfcV2, v3, v4, v7, v10 } from "./early.ts";
import { dualExt, simpleOnly } from "./late.ts";
import type { ProfileName } from "./names.ts";
import type { Profile } from "./profile.ts";

export { type ProfileDifference, profileDifferences } from "./differences.ts";
export { PROFILE_NAMES, type ProfileName } from "./names.ts";
export type { HeadCheck, InterleavedParsing, Profile, ReplySizePolicy } from "./profile.ts";

const named = {
  "rfc-v1": rfcV1,
  "rfc-v2": rfcV2,
  v3,
  v4,
  v7,
  v10,
  "simple-only": simpleOnly,
  "dual-ext": dualExt,
} satisfies Record<ProfileName, Profile>;

/** All kernel revisions of the suite, oldest first. */
export const PROFILES: readonly Profile[] = Object.values(named);

export const DEFAULT_PROFILE: Profile = rfcV2;

/** Why no source gives the value at that path of the profile. */
export const whyOpen = ({ open }: Profile, path: string): string => open[path] ?? "no source gives it";

/** The profile of that name or alias, or undefined. */
export const profileNamed = (name: string): Profile | undefined =>
  PROFILES.find((p) => p.name === name || p.aliases.includes(name));
