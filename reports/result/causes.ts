/** Failures of a daemon's run sorted by cause: one block for a reader, however many requirements and files it shows in. */
import type { RuleId } from "../../spec/index.ts";
import type { DaemonFailure } from "../../suites/daemon/ledger.ts";
import type { RuleOutcome } from "../../suites/index.ts";

/** One requirement that failed, each failure once. */
export interface FailedRule {
  readonly rule: RuleId;
  readonly outcome: ReportedOutcome;
  /** Examples; null where the run kept none. */
  readonly failures: readonly DaemonFailure[];
  /** Checks that failed beyond the examples. */
  readonly more: number;
}

/** Requirements that one thing breaks: the first of them, and those that it breaks as well. */
export interface Cause extends FailedRule {
  readonly alsoBreaks: readonly FailedRule[];
}

/** Requirements of these outcomes are told one by one. */
export type ReportedOutcome = "failed" | "warning" | "expected-failure";

const isReported = (outcome: RuleOutcome["outcome"]): outcome is ReportedOutcome =>
  outcome === "failed" || outcome === "warning" || outcome === "expected-failure";

/** Requirements that say the same thing about a map as others say about its single fields. */
const SUMMARIES: readonly RuleId[] = ["daemon/fmap/covers-file", "daemon/fmap/inside-device"];

/** The causes of what failed, in the order of the requirements. */
export function causesOf(
  rules: readonly RuleOutcome[],
  failures: readonly DaemonFailure[],
): readonly Cause[] {
  const failed = rules.flatMap(({ rule, outcome, failed }): FailedRule[] => {
    if (!isReported(outcome)) return [];
    const own = eachOnce(failures.filter((f) => f.rule === rule));
    return [{ rule, outcome, failures: own, more: Math.max(0, failed - own.length) }];
  });
  const consequences = new Map<FailedRule, FailedRule[]>();
  const causes = failed.filter((f) => {
    const cause = failed.find((other) => other !== f && isCauseOf(other, f));
    if (cause !== undefined) consequences.set(cause, [...(consequences.get(cause) ?? []), f]);
    return cause === undefined;
  });
  return causes.map((c) => ({ ...c, alsoBreaks: consequences.get(c) ?? [] }));
}

/** A daemon is started several times, and fails in the same way each time. */
function eachOnce(failures: readonly DaemonFailure[]): DaemonFailure[] {
  const byContent = new Map(failures.map((f) => [JSON.stringify([f.path, f.detail]), f]));
  return [...byContent.values()];
}

/**
 * Whether what breaks `cause` breaks `other`, too: each failure of `other` shows in a reply that broke `cause`. Two
 * requirements about different fields of one reply are two faults, so `other` has to be one that sums fields up.
 */
function isCauseOf(cause: FailedRule, other: FailedRule): boolean {
  if (!SUMMARIES.includes(other.rule) || SUMMARIES.includes(cause.rule)) return false;
  const replies = new Set(cause.failures.map(exchangeOf));
  return (
    other.failures.length > 0 &&
    other.failures.every((f) => f.reply !== undefined && replies.has(exchangeOf(f)))
  );
}

const exchangeOf = ({ path, reply }: DaemonFailure) => JSON.stringify([path, reply]);
