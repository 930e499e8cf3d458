import type { RuleId } from "../../../spec/index.ts";

/** What the mutant is made from: the C driver's parser, the reference daemon, or a kernel revision's parser. */
export const KINDS = ["parser", "daemon", "revision"] as const;
export type Kind = (typeof KINDS)[number];

/** A subject with one known fault. */
export interface Mutant {
  readonly kind: Kind;
  readonly name: string;
  /** The fault in words. */
  readonly subject: string;
  /** The rule that the fault breaks; null: any rule in which the two revisions differ. */
  readonly rule: RuleId | null;
  /** Why no question distinguishes it from the original; null: some question does. */
  readonly equivalent: string | null;
}

/** The result of running a mutant. */
export interface Trial {
  /** Messages, or requests to a daemon, until the first failure; null: it survived, or no single request shows the fault. */
  readonly messages: number | null;
  /** Time to compile, start and run it until the first failure. */
  readonly seconds: number;
  /** The rules that it broke; empty: it survived. */
  readonly rules: readonly RuleId[];
  /** Bytes of the largest of its shrunk witnesses; null: there is none. */
  readonly witness: number | null;
  /** How often it was tried, if more than once. */
  readonly tries?: number;
  /** Number of messages of the small worlds, all of which it answered like the original. */
  readonly worlds?: number;
  /** A message of the small worlds that distinguishes a mutant declared equivalent from the original. */
  readonly contradiction?: string;
}

/** A mutant and its result, as in the report. */
export interface Fate extends Mutant, Trial {
  /** The result is the expected one: the mutant was killed as its kind requires, or it is equivalent. */
  readonly right: boolean;
}

/** A rule and the mutants that break it. */
export interface RuleKills {
  readonly rule: RuleId;
  /** Mutants that break only this rule, and mutants that break others as well. */
  readonly alone: readonly string[];
  readonly together: readonly string[];
}

/** How many planted faults the suite finds: schema `selftest`. */
export interface SelftestReport {
  readonly format: "fmapspec-selftest";
  readonly version: 1;
  readonly fmapspec: string;
  readonly profile: string;
  readonly seed: number;
  /** Whether every chosen mutant was tried. */
  readonly complete: boolean;
  readonly passed: boolean;
  readonly mutants: readonly Fate[];
  readonly rules: readonly RuleKills[];
  /** Rules that no mutant breaks alone, for kinds whose mutants were all tried. */
  readonly unproven: readonly RuleId[];
}
