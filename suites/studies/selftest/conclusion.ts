import { holdsIn, type Needs, type Profile, RULES, type RuleId } from "../../../spec/index.ts";
import type { Fate, Kind, Mutant, RuleKills, SelftestReport, Trial } from "./outcome.ts";

/** The rules that mutants of a kind must prove: each rule needs a mutant that breaks no other rule. */
const PROVES: Readonly<Record<Kind, Needs | null>> = { parser: "message", daemon: "daemon", revision: null };

/** Whether the result of the mutant is the expected one. */
function isRight({ kind, rule, equivalent }: Mutant, { rules, contradiction }: Trial): boolean {
  if (equivalent !== null) return rules.length === 0 && contradiction === undefined;
  // For daemons the suite must name the right requirement, and no other.
  return kind === "daemon" ? rules.length === 1 && rules[0] === rule : rules.length > 0;
}

export const fateOf = (mutant: Mutant, trial: Trial): Fate => ({
  kind: mutant.kind,
  name: mutant.name,
  subject: mutant.subject,
  rule: mutant.rule,
  equivalent: mutant.equivalent,
  ...trial,
  right: isRight(mutant, trial),
});

/** `whole`: the kinds of which every mutant was chosen. */
export function concludeSelftest(
  facts: Pick<SelftestReport, "fmapspec" | "seed" | "complete">,
  profile: Profile,
  fates: readonly Fate[],
  whole: readonly Kind[],
): SelftestReport {
  const mutants = [...fates].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const rules = killsOf(mutants);
  const proven = (kind: Kind) =>
    new Set(mutants.flatMap((f) => (f.kind === kind && f.rules.length === 1 ? f.rules : [])));
  // A run that was interrupted leaves mutants untried, so it reports no rule as unproven.
  const unproven = facts.complete
    ? whole.flatMap((kind) => {
        const alone = proven(kind);
        return RULES.filter(
          (r) => r.needs === PROVES[kind] && (kind === "daemon" || holdsIn(r, profile)) && !alone.has(r.id),
        ).map((r) => r.id);
      })
    : [];
  return {
    format: "fmapspec-selftest",
    version: 1,
    ...facts,
    profile: profile.name,
    passed: facts.complete && unproven.length === 0 && mutants.every((f) => f.right),
    mutants,
    rules,
    unproven,
  };
}

/** A mutant's name with its kind. */
export const nameOf = ({ kind, name }: Pick<Mutant, "kind" | "name">): string => `${kind}/${name}`;

/** For each broken rule the mutants that break it, in the order of the rules. */
function killsOf(fates: readonly Fate[]): RuleKills[] {
  const of = (rule: RuleId, alone: boolean) =>
    fates.filter((f) => f.rules.includes(rule) && (f.rules.length === 1) === alone).map(nameOf);
  return RULES.map(({ id }) => ({ rule: id, alone: of(id, true), together: of(id, false) })).filter(
    ({ alone, together }) => alone.length + together.length > 0,
  );
}
