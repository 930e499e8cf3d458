import type { Profile } from "./profile.ts";
import { rfcV2 } from "./rfc-v2.ts";

export type { Profile, ReplySizePolicy } from "./profile.ts";

/** Every kernel revision that the suite knows, the default first. */
export const PROFILES: readonly Profile[] = [rfcV2];

export const DEFAULT_PROFILE: Profile = rfcV2;

/** The profile of that name, or undefined. */
export const profileNamed = (name: string): Profile | undefined => PROFILES.find((p) => p.name === name);
