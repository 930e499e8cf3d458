import type { SubjectDescription } from "../../subjects/driver/subject.ts";
import type { SourceCoverage } from "../../subjects/kernel-source/coverage/reached.ts";
import type {
  Counterexample,
  Finding,
  KernelDescription,
  Level,
  RuleOutcome,
  Shard,
} from "../run/outcome.ts";
import type { Conclusion, Unchecked } from "../run/verdict.ts";
import type { Boundaries } from "./failures/ledger.ts";
import type { ParserState } from "./stored.ts";

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
  readonly boundaries: Boundaries;
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
