/** Options that name kernel revisions. */
import { UsageError } from "../../base/errors.ts";
import { noSuch } from "../../base/similar.ts";
import { DEFAULT_PROFILE, PROFILES, type Profile, profileNamed, whyOpen } from "../../spec/index.ts";
import { withDefault, word, words } from "./kinds.ts";
import type { Option } from "./table.ts";

export const PROFILE_NAMES: readonly string[] = PROFILES.flatMap((p) => [p.name, ...p.aliases]);

export function profileOf(name: string): Profile {
  const profile = profileNamed(name);
  if (profile === undefined) throw noSuch("profile", name, PROFILE_NAMES);
  return profile;
}

const ABOUT = "the kernel revision";

/** One profile, or null where it is not given. */
export const anyProfile = (about = ABOUT): Option<Profile | null> => ({
  ...word("NAME", about, PROFILE_NAMES),
  read: (given) => (given.length === 0 ? null : profileOf(given.at(-1) as string)),
});

/** One profile. */
export const oneProfile = (about = ABOUT): Option<Profile> => {
  const { read, ...option } = withDefault(word("NAME", about, PROFILE_NAMES), DEFAULT_PROFILE.name);
  return { ...option, read: (given, name) => profileOf(read(given, name)) };
};

/** Several profiles, each once. */
const several = (byDefault: readonly Profile[], note: string) => ({
  ...words("NAME", `${ABOUT} (default ${note}), or all`, [...PROFILE_NAMES, "all"]),
  read: (given: readonly string[]): readonly Profile[] => {
    if (given.includes("all")) return PROFILES;
    return given.length === 0 ? byDefault : [...new Set(given.map(profileOf))];
  },
});

export const severalProfiles = several([DEFAULT_PROFILE], DEFAULT_PROFILE.name);

export const allProfiles = several(PROFILES, "all");

/** Why no daemon can be tested against a profile; null: one can. */
export const noDaemonFor = (profile: Profile): string | null =>
  "initBit" in profile.open ? whyOpen(profile, "initBit") : null;

/** Throws UsageError where the sources do not establish how a kernel of that revision begins to speak to a daemon. */
export function forDaemon(profile: Profile): Profile {
  const why = noDaemonFor(profile);
  if (why !== null)
    throw new UsageError(
      `no daemon can be asked as the kernel of ${profile.name}, whose INIT bit is not established: ${why}`,
    );
  return profile;
}

/** Several profiles that a daemon can be asked as. */
export const daemonProfiles: Option<readonly Profile[]> = {
  ...severalProfiles,
  read: (given) =>
    given.includes("all")
      ? PROFILES.filter((profile) => noDaemonFor(profile) === null)
      : severalProfiles.read(given).map(forDaemon),
};
