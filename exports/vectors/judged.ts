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

/** What a vector says of its message; everything in it comes from the oracle. */
export type Judged = {
  /** Why the result is what it is, in a few words. */
  readonly comment: string;
  /** The rule that decides; of an accepted message what it makes use of. */
  readonly rules: readonly RuleId[];
} & (
  | ({ readonly result: "valid"; readonly map: FmapJson } & Partial<Resolutions>)
  | { readonly result: "invalid"; readonly errno: ErrnoName; readonly offset: number }
  | {
      readonly result: "acceptable";
      /** Either of these is right, and nothing else. */
      readonly allowed: readonly ["accept", "EINVAL"];
      readonly offset: number;
      /** The map, where it is accepted. */
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

/** The rules that an accepted message rests on: its map's, and what is odd about it and is taken all the same. */
const usedBy = (profile: Profile, message: Uint8Array, map: Fmap): RuleId[] => [
  `fmap/map/${map.extType}`,
  ...oddities(profile, message, map),
];
