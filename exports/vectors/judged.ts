import { type Hazard, KernelParser, oddities, type TraceStep, verdictOf } from "../../oracles/index.ts";
import {
  type ErrnoName,
  type Fmap,
  type FmapJson,
  mapToJson,
  type Profile,
  type RuleId,
  readMapRecord,
} from "../../spec/index.ts";
import { mapText } from "../../suites/studies/findings/story.ts";
import { type Resolutions, resolutionsOf } from "./resolutions.ts";

/** The expected result of a vector, computed by the oracle. */
export type Judged = {
  /** The reason for the result, in a few words. */
  readonly comment: string;
  /** The deciding rule, or the rules that an accepted message exercises. */
  readonly rules: readonly RuleId[];
} & (
  | ({ readonly result: "valid"; readonly map: FmapJson } & Partial<Resolutions>)
  | { readonly result: "invalid"; readonly errno: ErrnoName; readonly offset: number }
  | {
      readonly result: "acceptable";
      /** Exactly these results are right. */
      readonly allowed: readonly ["accept", "EINVAL"];
      readonly offset: number;
      /** The map, if the parser accepts the message. */
      readonly map: FmapJson;
    }
) & { readonly hazards: readonly Hazard[] };

/** Judges messages as the kernel of the profile does, for vectors. */
export function judgeFor(profile: Profile): (message: Uint8Array) => Judged {
  const parser = new KernelParser(profile);
  return (message) => {
    const steps: TraceStep[] = [];
    const view = new DataView(message.buffer, message.byteOffset, message.length);
    parser.parse(view, 0, message.length, 0, { check: (step) => steps.push(step) });
    const verdict = verdictOf(parser, message.length);
    const { hazards } = verdict;
    if (verdict.verdict === "reject") {
      const { rule, offset, errno } = verdict;
      const step = steps.find((s) => !s.ok && s.rule === rule && s.offset === offset) as TraceStep;
      const comment = `${step.actual} ${step.relation} ${step.bound} does not hold at byte ${offset}`;
      return { comment, rules: [rule], result: "invalid", errno, offset, hazards };
    }
    const map = readMapRecord(parser.map());
    if (verdict.verdict === "unspecified") {
      const { rule, offset, reason } = verdict;
      const rest = { allowed: ["accept", "EINVAL"], offset, map: mapToJson(map), hazards } as const;
      return { comment: `not settled: ${reason}`, rules: [rule], result: "acceptable", ...rest };
    }
    const rules = usedBy(profile, message, map);
    const resolutions = resolutionsOf(profile, map) ?? {};
    return { comment: mapText(map), rules, result: "valid", map: mapToJson(map), ...resolutions, hazards };
  };
}

/** The rules that an accepted message exercises: the rule of its kind of map, and its unusual features. */
const usedBy = (profile: Profile, message: Uint8Array, map: Fmap): RuleId[] => [
  `fmap/map/${map.extType}`,
  ...oddities(profile, message, map),
];
