import type { Versions } from "../../base/versions.ts";
import type { DecodedMessage, RuleId } from "../../spec/index.ts";
import type { Breakdown, Question, SubjectDescription } from "../../subjects/driver/subject.ts";
import type { SourceCoverage } from "../../subjects/kernel-source/coverage/reached.ts";
import type { ParserState } from "../parser/stored.ts";
import type { Conclusion, Outcome, Unchecked } from "./verdict.ts";
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

/** The rules whose counterexamples show how this one failed. */
export const shownBy = ({ rule, reason }: RuleOutcome): readonly string[] =>
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

/** How far a run has come, for whoever watches it. */
export interface RunProgress {
  /** Messages or checks until now, and how many kinds of failure they have shown. */
  readonly done: number;
  readonly failures: number;
  /** How much of the run is over, from 0 to 1; null where nobody knows its end. */
  readonly part: number | null;
}

/** How much a run does: `soak` goes on until its time is up. */
export type Level = "quick" | "full" | "soak";

/** One of the `n` equal parts of a run, counted from 1, or several of them, from the `i`-th to the `to`-th. */
export interface Shard {
  readonly i: number;
  readonly n: number;
  readonly to?: number;
}

/** What determined a run beside profile, level and seed. */
export interface ParserRunFacts {
  /** Messages asked for; null: as many as the level and the pace of the subject make. */
  readonly runs: number | null;
  /** Globs of rules. */
  readonly filter: readonly string[];
  readonly strict: boolean;
  readonly failFast: boolean;
  /** Milliseconds in which an answer was due. */
  readonly timeout: number;
  /** Null: the whole run. */
  readonly shard: Shard | null;
  /** Missing: the messages did not depend on what was seen. */
  readonly guided?: true;
}

/** What a guided run found to go by. */
export interface SearchReport {
  /** Different things that messages were to the oracle. */
  readonly features: number;
  /** Recipes that showed something new and that others were made from. */
  readonly kept: number;
  /** Those of them that reached something new in the subject's own code. */
  readonly keptForSource: number;
}

/** The report of one run: schema `report`. */
export interface ParserReport extends Conclusion {
  readonly format: "fmapspec-report";
  readonly version: 1;
  /** Version of the suite. */
  readonly fmapspec: string;
  readonly suite: "parser" | "kernel";
  readonly profile: string;
  readonly level: Level;
  readonly seed: number;
  readonly run: ParserRunFacts;
  readonly subject: SubjectDescription | KernelDescription;
  /** What the subject says it is. */
  readonly implementation: string;
  /** False: interrupted, or given up after too many breakdowns. */
  readonly complete: boolean;
  /** Exactly for the verdict `conforming`. */
  readonly passed: boolean;
  /** What the verdict needs and the run did not check; the rest follows from the outcomes. */
  readonly unchecked: readonly Unchecked[];
  readonly seconds: number;
  readonly messages: number;
  readonly rules: readonly RuleOutcome[];
  readonly counterexamples: readonly Counterexample[];
  readonly findings: readonly Finding[];
  /** Boundary classes (faults of the generator) and ordered pairs of them, and how many were hit. */
  readonly boundaries: {
    readonly classes: number;
    readonly hit: number;
    readonly pairs: number;
    readonly pairsHit: number;
    /** Names of the classes and of the pairs, `one, then another`, that were not hit. */
    readonly missed: readonly string[];
  };
  /** What was reached of the subject's source, where somebody asked. */
  readonly coverage?: SourceCoverage;
  /** Of a guided run. */
  readonly search?: SearchReport;
  readonly notes: readonly string[];
  /** Of a shard: what the report of the whole run is made from. */
  readonly state?: ParserState;
  /** Digest of all the rest, in a report that was stored (stored-document.ts). */
  readonly digest?: string;
}
