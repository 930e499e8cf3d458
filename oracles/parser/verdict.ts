import type { ErrnoName, Fmap, HazardId, RuleId } from "../../spec/index.ts";

/** Something that the revision does on the way to its verdict that it should not. */
export interface Hazard {
  readonly rule: HazardId;
  /** Byte of the message that leads to it. */
  readonly offset: number;
  /** How often. */
  readonly count: number;
}

/** What a kernel revision makes of one message. An oracle never throws for a message. */
export type Verdict =
  | { readonly verdict: "accept"; readonly map: Fmap; readonly hazards: readonly Hazard[] }
  | {
      readonly verdict: "reject";
      readonly errno: ErrnoName;
      /** The check that decided: the one that returned, or the first that was counted. */
      readonly rule: RuleId;
      /** Byte of the message that the check looked at. */
      readonly offset: number;
      readonly hazards: readonly Hazard[];
    }
  | {
      readonly verdict: "unspecified";
      /** The check whose outcome no source settles. */
      readonly rule: RuleId;
      readonly offset: number;
      /** Why not, in a few words. */
      readonly reason: string;
      readonly hazards: readonly Hazard[];
    };

/** How a check compares what it looks at with its bound. */
export type Relation = ">=" | "<=" | "==" | "multiple of";

/** One check as the parser made it: `actual relation bound`. */
export interface TraceStep {
  readonly rule: RuleId;
  readonly offset: number;
  readonly ok: boolean;
  /** The failure of a counted check refuses the message only after everything else was looked at. */
  readonly counted: boolean;
  readonly actual: number | bigint;
  readonly relation: Relation;
  readonly bound: number | bigint;
}

/** Is told of each check as it is made, in order. */
export interface Trace {
  /** Told of one check. */
  check(step: TraceStep): void;
}
