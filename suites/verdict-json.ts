import type { Hazard, Verdict } from "../oracles/index.ts";
import { type ErrnoName, type FmapJson, mapToJson, type RuleId } from "../spec/index.ts";

/** A verdict as the schema `verdict` has it. */
export type VerdictJson =
  | { verdict: "accept"; map: FmapJson; hazards: readonly Hazard[] }
  | { verdict: "reject"; errno: ErrnoName; rule: RuleId; offset: number; hazards: readonly Hazard[] };

export const verdictToJson = (v: Verdict): VerdictJson =>
  v.verdict === "accept" ? { ...v, map: mapToJson(v.map) } : v;
