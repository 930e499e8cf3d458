import { holdsIn, type Needs, type Profile, RULES, type RuleId } from "../../../spec/index.ts";
import type { Fate, Kind, Mutant, RuleKills, SelftestReport, Trial } from "./outcome.ts";

/** The rules that mutants of a kind have to prove: each needs one that breaks it and nothing else. */
const PROVES: Readonly<Record<Kind, Needs | null>> = { parser: "message", daemon: "daemon", revision: null };

/** Whether the mutant is where it belongs. */
function isRight({ kind, rule, equivalent }: Mutant, { rules, contradiction }: Trial): boolean {
  if (equivalent !== null) return rules.length === 0 && contradiction === undefined;
  // A daemon's requirements are told apart: a fault in one must not look like a fault in another.
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

/** `whole`: the kinds of which every mutant was to be tried. */
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
  // What was not tried proves nothing, and is not held against its rules.
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

/** A mutant's name beside those of other kinds. */
export const nameOf = ({ kind, name }: Pick<Mutant, "kind" | "name">): string => `${kind}/${name}`;

/** For each rule that a mutant breaks those that do, in the order of the rules. */
function killsOf(fates: readonly Fate[]): RuleKills[] {
  const of = (rule: RuleId, alone: boolean) =>
    fates.filter((f) => f.rules.includes(rule) && (f.rules.length === 1) === alone).map(nameOf);
  return RULES.map(({ id }) => ({ rule: id, alone: of(id, true), together: of(id, false) })).filter(
    ({ alone, together }) => alone.length + together.length > 0,
  );
}
