import type { RuleId } from "../../../spec/index.ts";

/** What a mutant is one of: the C driver's parser, the reference daemon, or a kernel revision's parser. */
export const KINDS = ["parser", "daemon", "revision"] as const;
export type Kind = (typeof KINDS)[number];

/** A subject that is wrong in one known way. */
export interface Mutant {
  readonly kind: Kind;
  readonly name: string;
  /** What it does wrong. */
  readonly subject: string;
  /** The rule that it is wrong about; null: that of whatever its revisions differ in. */
  readonly rule: RuleId | null;
  /** Why nothing that is asked can tell it from the original; null: something can. */
  readonly equivalent: string | null;
}

/** What became of a mutant that was run. */
export interface Trial {
  /** Messages, or requests of a daemon's start, until the first failure; null: it survived, or no single one shows it. */
  readonly messages: number | null;
  /** From nothing until the suite had shown it wrong: compile, start and run. */
  readonly seconds: number;
  /** The rules that it was seen to break; none: it survived. */
  readonly rules: readonly RuleId[];
  /** Bytes of the largest of its shrunk witnesses; null: there is none. */
  readonly witness: number | null;
  /** How often it was tried, if not once. */
  readonly tries?: number;
  /** Messages of the small worlds that it answered like the original, all that there are. */
  readonly worlds?: number;
  /** Of a small world, if one tells what is said to be equivalent from the original. */
  readonly contradiction?: string;
}

/** A mutant and what became of it, as the report has it. */
export interface Fate extends Mutant, Trial {
  /** Whether it is where it belongs: killed, and as its kind has to be, or shown to be equivalent. */
  readonly right: boolean;
}

/** A rule and what breaks it. */
export interface RuleKills {
  readonly rule: RuleId;
  /** Mutants that break it and nothing else, and those that break others as well. */
  readonly alone: readonly string[];
  readonly together: readonly string[];
}

/** What the suite is worth, told by its mutants: schema `selftest`. */
export interface SelftestReport {
  readonly format: "fmapspec-selftest";
  readonly version: 1;
  readonly fmapspec: string;
  readonly profile: string;
  readonly seed: number;
  /** Whether every mutant that was chosen was tried. */
  readonly complete: boolean;
  readonly passed: boolean;
  readonly mutants: readonly Fate[];
  readonly rules: readonly RuleKills[];
  /** Rules that no mutant breaks alone, of kinds whose mutants were all tried. */
  readonly unproven: readonly RuleId[];
}
