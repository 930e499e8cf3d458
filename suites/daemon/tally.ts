import { holdsIn, type Profile, RULES } from "../../spec/index.ts";
import type { RuleOutcome } from "../run/outcome.ts";
import { onlyWarns } from "../run/verdict.ts";
import { ruleGlobs } from "../stored/rule-globs.ts";
import type { DaemonRunFacts, DaemonTally, PlacedFailure } from "./outcome.ts";
import { BEYOND_SCOPE, isInScope } from "./scope.ts";

/** Examples of one rule's failure that are kept; the rest is counted. */
export const EXAMPLES = 3;

const combined = (
  all: readonly Readonly<Record<string, number>>[],
  combine: (a: number, b: number) => number,
): Record<string, number> => {
  const result: Record<string, number> = {};
  for (const part of all)
    for (const [rule, n] of Object.entries(part)) result[rule] = combine(result[rule] ?? 0, n);
  return result;
};

/** The first of each rule's failures, in the order that they have. */
function firstOfEach(failures: readonly PlacedFailure[]): PlacedFailure[] {
  const kept = new Map<string, number>();
  return failures.filter(({ rule }) => {
    const n = (kept.get(rule) ?? 0) + 1;
    kept.set(rule, n);
    return n <= EXAMPLES;
  });
}

const reasonsIn = (parts: readonly DaemonTally[]) => ({
  excused: Object.assign({}, ...parts.map((p) => p.excused)),
  missed: Object.assign({}, ...parts.map((p) => p.missed)),
});

/** Parts that have nothing in common: what was done in one was not done in another. */
export const sumOf = (parts: readonly DaemonTally[]): DaemonTally => ({
  counts: combined(
    parts.map((p) => p.counts),
    (a, b) => a + b,
  ),
  failed: combined(
    parts.map((p) => p.failed),
    (a, b) => a + b,
  ),
  failures: firstOfEach(parts.flatMap((p) => p.failures)),
  ...reasonsIn(parts),
});

/** The same thing done several times, counted once: each rule as where it was checked, and failed, the most. */
export function greatestOf(parts: readonly DaemonTally[]): DaemonTally {
  const distinct = new Map(
    parts.flatMap((p) => p.failures).map((f) => [JSON.stringify([f.rule, f.path, f.detail]), f]),
  );
  return {
    counts: combined(
      parts.map((p) => p.counts),
      Math.max,
    ),
    failed: combined(
      parts.map((p) => p.failed),
      Math.max,
    ),
    failures: firstOfEach([...distinct.values()]),
    ...reasonsIn(parts),
  };
}

/** One outcome for each requirement of the profile. */
export function daemonOutcomes(
  profile: Profile,
  { counts, failed, excused, missed }: DaemonTally,
  { scope, filter = [] }: Pick<DaemonRunFacts, "scope" | "filter">,
): RuleOutcome[] {
  const isWanted = ruleGlobs(filter);
  return RULES.filter((r) => holdsIn(r, profile) && r.needs === "daemon").map((r) => {
    if (!isInScope(r.id, scope))
      return { rule: r.id, messages: 0, failed: 0, outcome: "not-applicable", reason: BEYOND_SCOPE };
    if (!isWanted(r.id))
      return {
        rule: r.id,
        messages: 0,
        failed: 0,
        outcome: "not-applicable",
        reason: "--filter leaves it out",
      };
    const base = { rule: r.id, messages: counts[r.id] ?? 0, failed: failed[r.id] ?? 0 };
    if (base.failed > 0) return { ...base, outcome: onlyWarns(r.id) ? "warning" : "failed" };
    if (base.messages > 0) return { ...base, outcome: "passed" };
    const reason = excused[r.id];
    return reason === undefined
      ? { ...base, outcome: "not-run", reason: missed[r.id] ?? "the run ended before it was checked" }
      : { ...base, outcome: "not-applicable", reason };
  });
}
