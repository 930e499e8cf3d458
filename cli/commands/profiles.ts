import { UsageError } from "../../base/errors.ts";
import { renderProfileDifferences, renderProfiles } from "../../reports/index.ts";
import { PROFILES, type Profile } from "../../spec/index.ts";
import { flag } from "../options/kinds.ts";
import { PROFILE_NAMES, profileOf } from "../options/profiles.ts";
import { command } from "../options/table.ts";

export const profiles = command({
  about: `Lists the kernel revisions that the suite knows (all without a name), oldest first: names, source, and what
no source gives.`,
  options: {
    options: {
      diff: flag(
        "print what each revision changes of the named one before it (of a single name: of the revision before it): fields of the profile, and the rules that it brings (+) and ends (-)",
      ),
    },
  },
  operand: { takes: "NAME", noun: "profile", count: "any number", offers: PROFILE_NAMES },
  async run({ values: { diff }, operands }, { paint, print }) {
    const named = new Set(operands.map(profileOf));
    const chosen = named.size === 0 ? PROFILES : PROFILES.filter((p) => named.has(p));
    print(diff ? renderProfileDifferences(withBefore(chosen), paint) : renderProfiles(chosen, paint));
    return 0;
  },
});

/** Several profiles as they are, and a single one behind the revision before it. Throws UsageError where there is none. */
function withBefore(chosen: readonly Profile[]): readonly Profile[] {
  const [only, second] = chosen;
  if (only === undefined || second !== undefined) return chosen;
  const before = PROFILES[PROFILES.indexOf(only) - 1];
  if (before === undefined)
    throw new UsageError(`${only.name} is the first revision: name another one to compare it with`);
  return [before, only];
}
