import picomatch from "picomatch";
import { UsageError } from "../../base/errors.ts";
import { didYouMean } from "../../base/similar.ts";
import { RULES, type RuleId } from "../../spec/index.ts";

const IDS = RULES.map((r) => r.id);

/** Whether a rule matches one of the globs, any rule where there are none; throws UsageError for one without a match. */
export function ruleGlobs(globs: readonly string[]): (rule: RuleId) => boolean {
  for (const glob of globs) {
    const matches = glob === "" ? () => false : picomatch(glob);
    if (!RULES.some((r) => matches(r.id)))
      throw new UsageError(`'${glob}' matches no rule${didYouMean(glob, IDS)}; fmapspec list shows them`);
  }
  return globs.length === 0 ? () => true : picomatch([...globs]);
}
