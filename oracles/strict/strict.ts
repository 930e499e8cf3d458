import type { Profile } from "../../spec/index.ts";
import { parseFmap } from "../parser/parse.ts";
import type { Verdict } from "../parser/verdict.ts";
import { type Fault, STRICT_CHECKS, type StrictCheck, type StrictName } from "./strict-checks.ts";
import { readWireFmap } from "./wire-fmap.ts";

/** A check that a message fails, and where. */
export interface Breach extends Fault {
  readonly check: StrictName;
}

const ALL = Object.keys(STRICT_CHECKS) as readonly StrictName[];

/**
 * Why the message is not safe for the profile's kernel to accept; empty: it is safe.
 *
 * The strict oracle: the checks of a careful parser. `checks`: those to make, by default all. `wire` and `hazards`: the
 * results of `readWireFmap` and `parseFmap`, if the caller has them already.
 */
export function strict(
  profile: Profile,
  message: Uint8Array,
  checks: readonly StrictName[] = ALL,
  wire = readWireFmap(message),
  { hazards }: Pick<Verdict, "hazards"> = parseFmap(profile, message),
): Breach[] {
  const breaches: Breach[] = [];
  for (const check of checks) {
    const { fault }: StrictCheck = STRICT_CHECKS[check];
    const found = fault({ profile, wire, size: message.length, hazards });
    if (found !== null) breaches.push({ check, ...found });
  }
  return breaches;
}
