import { type Fmap, type ProfileName, type Rule, type RuleId, rule, ruleGroup } from "../../spec/index.ts";
import type { DaemonReport, KernelCrash, KunitReport, ParserReport } from "../../suites/index.ts";
import { type Conclusion, countedAs, type Outcome, type WithVerdict } from "../../suites/run/verdict.ts";
import type { DissectedExchange } from "../exchange/exchange.ts";
import type { Mark } from "../terminal/dump.ts";

/** What a test came to; only `run/complete` is `inconclusive`. */
type TestOutcome = Outcome | "inconclusive";

/** One way in which a test failed. */
export interface Failure {
  /** The rule that it breaks in the end; a test of another rule may come down to it. */
  readonly rule: string;
  /** `verdict`, `map`, `crash`, `hang`... of a parser; `requirement` of a daemon; `finding` of the sanitizers. */
  readonly kind: string;
  readonly expected: string;
  readonly actual: string;
  /** A command line that shows it again; "" where there is none. */
  readonly reproduce: string;
  /** Name of the profile that the message was judged by; null: there is no message. */
  readonly profile: string | null;
  /** Hex of the message that shows it; null: there is none to blame. */
  readonly message: string | null;
  /** Messages that showed it; null: nobody counted them. */
  readonly messages: number | null;
  /** The byte of the message that decides, with the errno and the rule; none where no single one does. */
  readonly marks: readonly Mark[];
  /** The map that a kernel has of the message; null: it refuses it, or there is none. */
  readonly map: Fmap | null;
  /** Path of the file in a daemon's tree. */
  readonly path: string | null;
  /** What was done until it failed, in a line. */
  readonly history: string | null;
  /** What a daemon was asked and answered, decoded; null: it was not recorded. */
  readonly exchange: DissectedExchange | null;
  /** Hex of a daemon's exchange, where it is not a map's message. */
  readonly request: string | null;
  readonly reply: string | null;
  /** How it comes and goes, `flaky: failed 1 of 3 times...`; null: it failed each time, or was not asked again. */
  readonly flaky: string | null;
  /** Path of the stored counterexample. */
  readonly stored: string | null;
}

const NOTHING_MORE = {
  profile: null,
  message: null,
  messages: null,
  marks: [],
  map: null,
  path: null,
  history: null,
  exchange: null,
  request: null,
  reply: null,
  flaky: null,
  stored: null,
} as const satisfies Partial<Failure>;

/** A failure of these facts; what is not given is not known. */
export const failureOf = (facts: Omit<Failure, keyof typeof NOTHING_MORE> & Partial<Failure>): Failure => ({
  ...NOTHING_MORE,
  ...facts,
});

/** What the run found of one rule, in numbers and examples. */
interface Found {
  readonly outcome: TestOutcome;
  /** Why it was not run, why a failure does not count, or what it comes down to. */
  readonly reason: string | null;
  /** Checks that the rule decided, and how many of them failed. */
  readonly checks: number;
  readonly failed: number;
  readonly failures: readonly Failure[];
}

/** One rule, and what the run found of it. */
export interface TestResult extends Found {
  /** The rule's id: stable over all versions of the suite. */
  readonly id: string;
  /** The rule's first components: `fmap/header`. */
  readonly group: string;
  readonly level: Rule["level"];
  readonly sentence: string;
  readonly source: string | null;
  readonly consequence: string;
}

/** One run over one subject as every writer sees it. */
export interface Result {
  readonly suite: "parser" | "daemon" | "kernel" | "kunit";
  /** What was run against what: the first line that a person reads. */
  readonly title: string;
  /** What a check is called, and a rule: `message` and `rule`, or `check` and `requirement`. */
  readonly unit: string;
  readonly noun: string;
  readonly profile: string;
  readonly level: string;
  readonly seed: number;
  /** Version of the suite. */
  readonly version: string;
  /** What the subject is, for people. */
  readonly subject: string;
  readonly conclusion: Conclusion;
  readonly complete: boolean;
  readonly seconds: number;
  /** Every rule, in the order of the checks; the last one is `run/complete`. */
  readonly tests: readonly TestResult[];
  /** How well the generator's boundaries were hit; null: the suite has none. */
  readonly boundaries: ParserReport["boundaries"] | null;
  /** What was reached of the subject's source; null: it has none, or nobody asked. */
  readonly coverage: NonNullable<ParserReport["coverage"]> | null;
  /** What was done beside the checks, as words with their numbers. */
  readonly extent: string;
  readonly notes: readonly string[];
  /** Path of the stored report, relative to where the user stands. */
  readonly stored: string;
  /** The report that this is a view of. */
  readonly document: ParserReport | DaemonReport | WithVerdict<KunitReport> | WithVerdict<KernelCrash>;
}

/** Whether the test keeps the run from conforming. */
export const isBad = ({ outcome }: Pick<TestResult, "outcome">): boolean =>
  outcome === "inconclusive" || countedAs(outcome) === "failed";

/** Whether the test was left out. */
export const isSkipped = ({ outcome }: TestResult): boolean =>
  outcome === "not-applicable" || outcome === "not-run";

/** Id of the test that is no rule's. It is in no count: the numbers of a run are those of its rules. */
export const COMPLETE = "run/complete";

/** A test that is a rule's. */
export type RuleTest = TestResult & { readonly outcome: Outcome };

const isRule = (t: TestResult): t is RuleTest => t.id !== COMPLETE;

/** The tests of a run that are rules. */
export const rulesOf = ({ tests }: Pick<Result, "tests">): readonly RuleTest[] => tests.filter(isRule);

/** Whether no run had anything to test. */
export const allSkipped = (results: readonly Result[]): boolean =>
  results.every((r) => rulesOf(r).every(isSkipped));

/** The tests of each group, in the order of their first. */
export function byGroup<T extends TestResult>(tests: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const t of tests) groups.set(t.group, [...(groups.get(t.group) ?? []), t]);
  return groups;
}

/** What is the same of a rule in every run. */
export function factsOf(id: RuleId, profile: string): Omit<TestResult, keyof Found> {
  const { level, sentence, source, consequence } = rule(id);
  return {
    id,
    group: ruleGroup(id),
    level,
    sentence,
    source: source[profile as ProfileName] ?? null,
    consequence,
  };
}

/**
 * The test that is no rule's: everything that the verdict needs was checked. With it a report says no other thing than the
 * exit status.
 */
function completion({ complete, conclusion }: Pick<Result, "complete" | "conclusion">): TestResult {
  const { verdict, reasons } = conclusion;
  const isOpen = verdict === "inconclusive" || !complete;
  // The first reason of a run that is not conforming is what failed.
  const why = verdict === "not conforming" ? reasons.slice(1) : reasons;
  return {
    id: COMPLETE,
    group: "run",
    outcome: isOpen ? "inconclusive" : "passed",
    level: "MUST",
    sentence: "The run comes to its end and checks everything that the verdict needs.",
    source: null,
    consequence: "Rules that were not reached look as if nothing was wrong with them.",
    reason: isOpen ? why.join("; ") : null,
    checks: 1,
    failed: isOpen ? 1 : 0,
    failures: [],
  };
}

/** The result of these facts, with the test that is no rule's. */
export const resultOf = (facts: Omit<Result, "boundaries" | "coverage"> & Partial<Result>): Result => ({
  boundaries: null,
  coverage: null,
  ...facts,
  tests: [...facts.tests, completion(facts)],
});

/** What the reports of a parser's and of a daemon's run have in common. */
export const common = (report: ParserReport | DaemonReport) => ({
  profile: report.profile,
  level: report.level,
  seed: report.seed,
  version: report.fmapspec,
  conclusion: report,
  complete: report.complete,
  seconds: report.seconds,
  notes: report.notes,
  document: report,
});
