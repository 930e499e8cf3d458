/** The one place that makes a verdict and its numbers from outcomes: every format, exit status and command uses these. */
import { type RuleId, rule, ruleGroup } from "../spec/index.ts";

/** Whether the subject does what it owes; `inconclusive`: nothing failed, but the verdict needs something that was not checked. */
export type Verdict = "conforming" | "not conforming" | "inconclusive";

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
  readonly verdict: Verdict;
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
}

/** What beside the outcomes decides. */
export interface Grounds {
  /** What was not checked although the verdict needs it. */
  readonly unchecked: readonly Unchecked[];
  /** What a person calls the group of a rule; a group without a name is not part of the scope. */
  readonly called: (group: string) => string | null;
  /** Limits of what was tested, as words: `shard 1 of 4`, `only rules that match fmap/header/*`. */
  readonly limits: readonly string[];
  /** Whether rules that were not reached are no reason of their own: this is a shard, or the run was cut, which is one already. */
  readonly cut: boolean;
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

/** Whether a failure of the rule is a warning: it is a SHOULD, or about requests that no kernel sends. */
export const onlyWarns = (id: RuleId): boolean =>
  rule(id).level === "SHOULD" || ruleGroup(id) === "robustness";

/** The verdict on these outcomes, which are all that a run has. */
export function conclude(judged: readonly Judged[], grounds: Grounds): Conclusion {
  const failed = judged.filter(({ outcome }) => COUNTED[outcome] === "failed").map(({ id }) => id);
  const missed = grounds.cut ? [] : judged.filter(isMissed).map(({ id }) => id);
  const reasons = [
    ...(failed.length === 0 ? [] : [`failed: ${listed(failed)}`]),
    ...grounds.unchecked.map(({ what, why }) => `not checked: ${what}: ${why}`),
    ...(missed.length === 0 ? [] : [`not checked: ${listed(missed)}`]),
  ];
  const verdict = failed.length > 0 ? "not conforming" : reasons.length > 0 ? "inconclusive" : "conforming";
  return { verdict, reasons, scope: scopeOf(judged, grounds), counts: countsOf(judged) };
}

/** A MUST that was not checked; what no kernel sends is never needed. */
const isMissed = ({ outcome, level, group }: Judged): boolean =>
  outcome === "not-run" && level === "MUST" && group !== "robustness";

/** Ids that a sentence names one by one. */
const NAMED = 5;

function listed(ids: readonly string[]): string {
  const more = ids.length > NAMED ? [`${ids.length - NAMED} more`] : [];
  return new Intl.ListFormat("en-GB").format([...ids.slice(0, NAMED), ...more]);
}

function scopeOf(judged: readonly Judged[], { called, limits }: Grounds): string {
  const names = (of: readonly Judged[]) => new Set(of.flatMap(({ group }) => called(group) ?? []));
  const tested = names(judged.filter(({ outcome }) => outcome !== "not-applicable" && outcome !== "not-run"));
  const beyond = [...names(judged.filter(({ outcome }) => outcome === "not-applicable"))].filter(
    (name) => !tested.has(name),
  );
  const list = (of: Iterable<string>) => new Intl.ListFormat("en-GB").format(of);
  return [
    tested.size === 0 ? "nothing was tested" : `tested: ${list(tested)}`,
    ...limits,
    ...(beyond.length === 0
      ? []
      : [`not tested, because this subject cannot be asked about it: ${list(beyond)}`]),
  ].join("; ");
}

const STATUS = { conforming: 0, "not conforming": 1, inconclusive: 4 } as const satisfies Record<
  Verdict,
  number
>;

/** The exit status that stands for the verdict on several runs: one that does not conform outweighs one that is inconclusive. */
export function exitStatus(verdicts: readonly Verdict[]): number {
  for (const verdict of ["not conforming", "inconclusive"] as const)
    if (verdicts.includes(verdict)) return STATUS[verdict];
  return STATUS.conforming;
}
