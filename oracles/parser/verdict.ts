import type { ErrnoName, Fmap, HazardId, RuleId } from "../../spec/index.ts";

/** A fault of the revision that the message triggers before the verdict. */
export interface Hazard {
  readonly rule: HazardId;
  /** Byte of the message that triggers it. */
  readonly offset: number;
  /** How often it happens. */
  readonly count: number;
}

/** The verdict of a kernel revision on one message. An oracle never throws for a message. */
export type Verdict =
  | { readonly verdict: "accept"; readonly map: Fmap; readonly hazards: readonly Hazard[] }
  | {
      readonly verdict: "reject";
      readonly errno: ErrnoName;
      /** The deciding check: the one that returned, or the first that was counted. */
      readonly rule: RuleId;
      /** Byte of the message that the check read. */
      readonly offset: number;
      readonly hazards: readonly Hazard[];
    }
  | {
      readonly verdict: "unspecified";
      /** The check whose result no source settles. */
      readonly rule: RuleId;
      readonly offset: number;
      /** Why not, in a few words. */
      readonly reason: string;
      readonly hazards: readonly Hazard[];
    };

/** How a check compares a number with its bound. */
export type Relation = ">=" | "<=" | "==" | "!=" | "multiple of";

/** One check that the parser made: `actual relation bound`. */
export interface TraceStep {
  readonly rule: RuleId;
  readonly offset: number;
  readonly ok: boolean;
  /** A counted check that fails refuses the message only after all other checks. */
  readonly counted: boolean;
  readonly actual: number | bigint;
  readonly relation: Relation;
  readonly bound: number | bigint;
}

/** Receives each check when it is made. */
export interface Trace {
  /** Receives one check. */
  check(step: TraceStep): void;
}
