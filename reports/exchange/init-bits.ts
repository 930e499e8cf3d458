import { flagNames, type Profile } from "../../spec/index.ts";

/** The set bits of a word of INIT's flags by name, the profile's FUSE_DAX_FMAP first. `low`: number of the word's bit 0. */
export function initBits(word: number, low: 0 | 32, profile: Profile): string {
  const flags = BigInt(word >>> 0) << BigInt(low);
  const famfs = 1n << BigInt(profile.initBit);
  // A newer kernel may mean something else by this bit; to the kernel of this profile it is famfs's.
  const own = (flags & famfs) === 0n ? [] : ["FUSE_DAX_FMAP"];
  const others = flagNames(flags & ~famfs);
  return [...own, ...(others === "" ? [] : [others])].join(", ");
}
