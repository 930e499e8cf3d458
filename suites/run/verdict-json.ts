import type { Hazard, Verdict } from "../../oracles/index.ts";
import { type ErrnoName, type FmapJson, mapToJson, type RuleId } from "../../spec/index.ts";

/** A verdict as the schema `verdict` has it. */
export type VerdictJson =
  | { verdict: "accept"; map: FmapJson; hazards: readonly Hazard[] }
  | { verdict: "reject"; errno: ErrnoName; rule: RuleId; offset: number; hazards: readonly Hazard[] }
  | { verdict: "unspecified"; rule: RuleId; offset: number; reason: string; hazards: readonly Hazard[] };

/** What a verdict demands of an answer, in a few words. */
export const expectation = (v: VerdictJson): string =>
  v.verdict === "reject" ? v.errno : v.verdict === "accept" ? "accept" : "accept or EINVAL";

export const verdictToJson = (v: Verdict): VerdictJson =>
  v.verdict === "accept" ? { ...v, map: mapToJson(v.map) } : v;
