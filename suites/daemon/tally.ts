import { holdsIn, type Profile, RULES } from "../../spec/index.ts";
import type { RuleOutcome } from "../run/outcome.ts";
import { onlyWarns } from "../run/verdict.ts";
import { ruleGlobs } from "../stored/rule-globs.ts";
import type { DaemonRunFacts, DaemonTally, PlacedFailure } from "./outcome.ts";
import { BEYOND_SCOPE, isInScope } from "./scope.ts";

/** Examples of one rule's failure that are kept; the rest is counted. */
export const EXAMPLES = 3;

/** The first of each rule's failures, in the order that they have. */
function firstOfEach(failures: readonly PlacedFailure[]): PlacedFailure[] {
  const kept = new Map<string, number>();
  return failures.filter(({ rule }) => {
    const n = (kept.get(rule) ?? 0) + 1;
    kept.set(rule, n);
    return n <= EXAMPLES;
  });
}

const tallyOf = (
  parts: readonly DaemonTally[],
  failures: readonly PlacedFailure[],
  combine: (a: number, b: number) => number,
): DaemonTally => {
  const combined = (key: "counts" | "failed") => {
    const result: Record<string, number> = {};
    for (const part of parts)
      for (const [rule, n] of Object.entries(part[key])) result[rule] = combine(result[rule] ?? 0, n);
    return result;
  };
  return {
    counts: combined("counts"),
    failed: combined("failed"),
    failures: firstOfEach(failures),
    excused: Object.assign({}, ...parts.map((p) => p.excused)),
    missed: Object.assign({}, ...parts.map((p) => p.missed)),
  };
};

/** Parts that have nothing in common: what was done in one was not done in another. */
export const sumOf = (parts: readonly DaemonTally[]): DaemonTally =>
  tallyOf(
    parts,
    parts.flatMap((p) => p.failures),
    (a, b) => a + b,
  );

/** The same thing done several times, counted once: each rule as where it was checked, and failed, the most. */
export function greatestOf(parts: readonly DaemonTally[]): DaemonTally {
  const failures = parts.flatMap((p) => p.failures);
  const distinct = new Map(failures.map((f) => [JSON.stringify([f.rule, f.path, f.detail]), f]));
  return tallyOf(parts, [...distinct.values()], Math.max);
}

/** One outcome for each requirement of the profile. */
export function daemonOutcomes(
  profile: Profile,
  { counts, failed, excused, missed }: DaemonTally,
  { scope, filter = [] }: Pick<DaemonRunFacts, "scope" | "filter">,
): RuleOutcome[] {
  const isWanted = ruleGlobs(filter);
  return RULES.filter((r) => holdsIn(r, profile) && r.needs === "daemon").map((r) => {
    const leftOut = !isInScope(r.id, scope) ? BEYOND_SCOPE : isWanted(r.id) ? null : "--filter leaves it out";
    if (leftOut !== null)
      return { rule: r.id, messages: 0, failed: 0, outcome: "not-applicable", reason: leftOut };
    const base = { rule: r.id, messages: counts[r.id] ?? 0, failed: failed[r.id] ?? 0 };
    if (base.failed > 0) return { ...base, outcome: onlyWarns(r.id) ? "warning" : "failed" };
    if (base.messages > 0) return { ...base, outcome: "passed" };
    const reason = excused[r.id];
    return reason === undefined
      ? { ...base, outcome: "not-run", reason: missed[r.id] ?? "the run ended before it was checked" }
      : { ...base, outcome: "not-applicable", reason };
  });
}
