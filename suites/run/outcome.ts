import type { Versions } from "../../base/versions.ts";
import type { DecodedMessage, RuleId } from "../../spec/index.ts";
import type { Breakdown } from "../../subjects/driver/breakdown.ts";
import type { Question, SubjectDescription } from "../../subjects/driver/subject.ts";
import type { Outcome } from "./verdict.ts";
import type { VerdictJson } from "./verdict-json.ts";

/** What a run recorded of one rule. */
export interface RuleOutcome {
  readonly rule: RuleId;
  readonly outcome: Exclude<Outcome, "broken">;
  /** Checks that were decided by this rule, and how many of them failed. */
  readonly messages: number;
  readonly failed: number;
  /** Why it was not applicable or not run, the link of a known failure, or `comesDownTo` other rules. */
  readonly reason?: string;
}

const DOWN = "comes down to ";

/** The reason of a failed rule whose counterexamples, when they were shrunk, turned out to break these rules. */
export const comesDownTo = (rules: readonly RuleId[]): string => `${DOWN}${rules.join(", ")}`;

/** The rules whose counterexamples are examples of this rule's failure. */
export const exampleRules = ({ rule, reason }: RuleOutcome): readonly string[] =>
  reason?.startsWith(DOWN) ? [rule, ...reason.slice(DOWN.length).split(", ")] : [rule];

/** In which way the subject differed from the oracle. */
export type FailureKind =
  | Breakdown["kind"]
  | "verdict"
  | "map"
  | "resolution"
  | "install"
  | "exchange"
  | "finding";

/** The kernel that a run was made on; it is not started by us. */
export interface KernelDescription {
  readonly kind: "kernel";
  /** As uname(2) says. */
  readonly release: string;
}

/** How often a failure was there again when it was asked again from what is stored of it. */
export interface Repeats {
  readonly tries: number;
  readonly failed: number;
}

/** One failure, with all that it takes to see it again: schema `counterexample`. */
export interface Counterexample {
  readonly format: "fmapspec-counterexample";
  readonly version: 1;
  readonly profile: string;
  readonly rule: RuleId;
  readonly kind: FailureKind;
  /** Hex. */
  readonly message: string;
  /** The same field by field, as far as it goes. */
  readonly decoded: DecodedMessage;
  readonly failAllocation?: number;
  readonly scene?: NonNullable<Question["scene"]>;
  readonly resolve?: readonly (readonly [string, string])[];
  /** Of a live kernel: what GET_FMAP is answered with, in order, as hex or an errno's name; the message alone without it. */
  readonly answers?: readonly string[];
  /** What GET_DAXDEV is answered with, likewise; ENODEV without it. */
  readonly daxdev?: string;
  /** How often the file is opened; once without it. */
  readonly opens?: number;
  readonly expected: VerdictJson;
  /** What was expected beside or instead of the verdict, as a sentence. */
  readonly expectedText?: string;
  readonly actual: string;
  readonly subject: SubjectDescription | KernelDescription;
  readonly seed: number;
  readonly recipe?: readonly number[];
  readonly versions: Versions;
  /** Missing where there was no time to ask again. */
  readonly repeats?: Repeats;
}

/** Undefined behaviour or a leak that was seen in the subject. */
export interface Finding {
  /** The hazard of the profile that predicts it; null: nothing does. */
  readonly rule: RuleId | null;
  readonly what: string;
  readonly predicted: boolean;
  /** Messages that showed it. */
  readonly messages: number;
  readonly counterexample?: Counterexample;
}

/** The progress of a run. */
export interface RunProgress {
  /** Messages or checks until now, and how many kinds of failure they have shown. */
  readonly done: number;
  readonly failures: number;
  /** How much of the run is over, from 0 to 1; null where nobody knows its end. */
  readonly part: number | null;
}

/** How much a run does: `soak` goes on until its time is up. */
export type Level = "quick" | "full" | "soak";

/** One of the `n` equal parts of a run, counted from 1. */
export interface Shard {
  readonly i: number;
  readonly n: number;
}
