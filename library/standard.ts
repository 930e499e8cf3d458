import { PROFILES, type Profile, type ProfileName, RULES, type Rule, type RuleId } from "../spec/index.ts";

/** Every kernel revision that the suite knows by its name, the oldest first. */
export const profiles = Object.fromEntries(PROFILES.map((p) => [p.name, p])) as Readonly<
  Record<ProfileName, Profile>
>;

/** Every rule of the standard by its id, in the order in which a kernel checks them; hazards last. */
export const rules = Object.fromEntries(RULES.map((r) => [r.id, r])) as Readonly<Record<RuleId, Rule>>;
