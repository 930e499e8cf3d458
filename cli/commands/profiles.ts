import { UsageError } from "../../base/errors.ts";
import { renderProfileDifferences, renderProfiles } from "../../reports/index.ts";
import { PROFILES } from "../../spec/index.ts";
import type { Command } from "../command.ts";
import { flag, profileOf, readOptions } from "../options/options.ts";

export const profiles: Command = {
  help: `usage: fmapspec profiles [--diff] [NAME...]

Lists the kernel revisions that the suite knows (all without a name), oldest first: names, source,
and what of them no source gives.

  --diff   print what each of them changes of the one before it: fields of the profile, and the
           rules that it brings (+) and ends (-)
`,
  async run(args, { paint, print }) {
    const options = readOptions(args, { diff: { type: "boolean" } });
    const named = new Set(options.positionals.map(profileOf));
    const chosen = named.size === 0 ? PROFILES : PROFILES.filter((p) => named.has(p));
    if (!flag(options, "diff")) {
      print(renderProfiles(chosen, paint));
      return 0;
    }
    if (chosen.length < 2) throw new UsageError("--diff takes two profiles or more, or none for all");
    print(renderProfileDifferences(chosen, paint));
    return 0;
  },
};
