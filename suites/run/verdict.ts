/** The one place that makes a verdict and its numbers from outcomes: every format, exit status and command uses these. */
import { type RuleId, rule, ruleGroup } from "../../spec/index.ts";

/** Whether the subject does what it owes; `inconclusive`: nothing failed, but the verdict needs something that was not checked. */
export type RunVerdict = "conforming" | "not conforming" | "inconclusive";

/**
 * What a run found of one rule. `warning`: a SHOULD, or a request that no kernel sends, failed; `not-applicable`: the
 * subject cannot be asked by its nature; `not-run`: it was not checked, although the verdict may need it; `broken`: the
 * subject crashed, hung or gave no answer.
 */
export type Outcome =
  | "passed"
  | "failed"
  | "broken"
  | "warning"
  | "expected-failure"
  | "unexpected-pass"
  | "not-applicable"
  | "not-run";

/** How many rules came to what; together they are all rules. */
export interface Counts {
  readonly passed: number;
  /** With the subject's breakdowns, and with listed failures that passed: what makes a run not conforming. */
  readonly failed: number;
  readonly warnings: number;
  /** Failures that are listed as known, and defects that the kernel revision is known for. */
  readonly known: number;
  readonly notRun: number;
  readonly notApplicable: number;
}

/** Something that the verdict needs and that was not checked. */
export interface Unchecked {
  readonly what: string;
  readonly why: string;
}

/** The verdict of a run, as its report has it. */
export interface Conclusion {
  readonly verdict: RunVerdict;
  /** A sentence each: what failed, then what was not checked. Empty exactly for `conforming`. */
  readonly reasons: readonly string[];
  /** What was tested, and what this subject cannot be asked, in one sentence. */
  readonly scope: string;
  readonly counts: Counts;
}

/** The outcome of one rule, or of one test that is no rule's. */
export interface Judged {
  readonly id: string;
  readonly group: string;
  readonly level: "MUST" | "SHOULD";
  readonly outcome: Outcome;
  /** Checks that it decided. */
  readonly checks: number;
  /** Why it was not run, or why a failure does not count; null: that goes without saying. */
  readonly reason: string | null;
}

/** The outcome of a rule as a verdict takes it. */
export const judgedRule = ({
  rule: id,
  outcome,
  messages,
  reason,
}: {
  readonly rule: RuleId;
  readonly outcome: Outcome;
  readonly messages: number;
  readonly reason?: string;
}): Judged => ({
  id,
  group: ruleGroup(id),
  level: rule(id).level,
  outcome,
  checks: messages,
  reason: reason ?? null,
});

/** What beside the outcomes decides. */
export interface Grounds {
  /** What was not checked although the verdict needs it. */
  readonly unchecked: readonly Unchecked[];
  /** What a person calls the group of a rule; a group without a name is not part of the scope. */
  readonly called: (group: string) => string | null;
  /** Whether options left rules out: a rule that does not apply then tells nothing of the subject. */
  readonly narrowed: boolean;
  /** Limits of what was tested, as words: `shard 1 of 4`, `only rules that match fmap/header/*`. */
  readonly limits: readonly string[];
  /** False: the run was cut or given up, which is one reason for all rules that it did not reach. */
  readonly complete: boolean;
  /** Whether rules that were not reached are another run's to reach: this is a shard. */
  readonly part: boolean;
}

const COUNTED = {
  passed: "passed",
  failed: "failed",
  broken: "failed",
  "unexpected-pass": "failed",
  warning: "warnings",
  "expected-failure": "known",
  "not-run": "notRun",
  "not-applicable": "notApplicable",
} as const satisfies Record<Outcome, keyof Counts>;

/** What the outcome counts as. */
export const countedAs = (outcome: Outcome): keyof Counts => COUNTED[outcome];

/** The numbers of these outcomes. */
export function countsOf(judged: readonly Pick<Judged, "outcome">[]): Counts {
  const counts = { passed: 0, failed: 0, warnings: 0, known: 0, notRun: 0, notApplicable: 0 };
  for (const { outcome } of judged) counts[COUNTED[outcome]]++;
  return counts;
}

/** Whether a failure of the rule is a warning. */
export const onlyWarns = (id: RuleId): boolean => rule(id).level === "SHOULD";

/** The verdict on these outcomes, which are all that a run has. */
export function conclude(judged: readonly Judged[], grounds: Grounds): Conclusion {
  const failed = judged.filter(({ outcome }) => COUNTED[outcome] === "failed").map(({ id }) => id);
  const counts = countsOf(judged);
  const { complete, part } = grounds;
  const decided = counts.passed + counts.failed + counts.warnings + counts.known;
  const unchecked = uncheckedBy(grounds, counts);
  // Where nothing at all was decided one reason says enough.
  const isExplained = part || !complete || (decided === 0 && unchecked.length > 0);
  const missed = isExplained ? [] : judged.filter(isMissed).map(({ id }) => id);
  const reasons = [
    ...(failed.length === 0 ? [] : [`failed: ${listed(failed)}`]),
    ...uncheckedReasons(unchecked),
    ...(missed.length === 0 ? [] : [`not checked: ${listed(missed)}`]),
  ];
  const verdict = failed.length > 0 ? "not conforming" : reasons.length > 0 ? "inconclusive" : "conforming";
  return { verdict, reasons, scope: scopeOf(judged, grounds), counts };
}

/** What was not checked beside the rules: a run that was cut, or that decided nothing, has a reason in any case. */
function uncheckedBy({ unchecked, complete }: Grounds, counts: Counts): readonly Unchecked[] {
  if (unchecked.length > 0) return unchecked;
  if (!complete) return [{ what: "the rest of the run", why: "it did not come to its end" }];
  const decided = counts.passed + counts.failed + counts.warnings + counts.known;
  return decided > 0 || counts.notRun > 0
    ? []
    : [{ what: "any rule", why: "the subject cannot be asked about one" }];
}

const isMissed = ({ outcome, level }: Judged): boolean => outcome === "not-run" && level === "MUST";

/** A sentence for each cause, however much was not checked because of it. */
const uncheckedReasons = (unchecked: readonly Unchecked[]): string[] =>
  [...new Set(unchecked.map(({ why }) => why))].map((why) => {
    const whats = unchecked.filter((u) => u.why === why).map(({ what }) => what);
    return whats.length === 1
      ? `not checked: ${whats[0]}: ${why}`
      : `not checked, because ${why}: ${listed(whats)}`;
  });

/** Things that a sentence names one by one. */
const NAMED = 5;

function listed(things: readonly string[]): string {
  const more = things.length > NAMED ? [`${things.length - NAMED} more`] : [];
  return new Intl.ListFormat("en-GB").format([...things.slice(0, NAMED), ...more]);
}

function scopeOf(judged: readonly Judged[], { called, limits, narrowed }: Grounds): string {
  const names = (of: readonly Judged[]) => new Set(of.flatMap(({ group }) => called(group) ?? []));
  const tested = names(judged.filter(({ outcome }) => outcome !== "not-applicable" && outcome !== "not-run"));
  const beyond = [...names(judged.filter(({ outcome }) => outcome === "not-applicable"))].filter(
    (name) => !tested.has(name),
  );
  const list = (of: Iterable<string>) => new Intl.ListFormat("en-GB").format(of);
  return [
    tested.size === 0 ? "nothing was tested" : `tested: ${list(tested)}`,
    ...limits,
    ...(beyond.length === 0 || narrowed
      ? []
      : [`not tested, because this subject cannot be asked about it: ${list(beyond)}`]),
  ].join("; ");
}

const STATUS = { conforming: 0, "not conforming": 1, inconclusive: 4 } as const satisfies Record<
  RunVerdict,
  number
>;

/** The verdict on several runs: one that does not conform outweighs one that is inconclusive. */
export const worstOf = (verdicts: readonly RunVerdict[]): RunVerdict =>
  (["not conforming", "inconclusive"] as const).find((v) => verdicts.includes(v)) ?? "conforming";

/** The exit status that stands for the verdict on several runs. */
export const exitStatus = (verdicts: readonly RunVerdict[]): number => STATUS[worstOf(verdicts)];

/** A report and the verdict on it. */
export type WithVerdict<R> = R & Conclusion & { readonly passed: boolean };

export const withVerdict = <R extends object>(report: R, conclusion: Conclusion): WithVerdict<R> => ({
  ...report,
  ...conclusion,
  passed: conclusion.verdict === "conforming",
});
