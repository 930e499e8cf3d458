import picomatch from "picomatch";
import { holdsIn, type Profile, RULES, type RuleId, unsettledIn } from "../../spec/index.ts";
import { comesDownTo, type RuleOutcome } from "../run/outcome.ts";
import { onlyWarns } from "../run/verdict.ts";
import type { FailureClass, Ledger } from "./failures/ledger.ts";

/** Rules that are no parser's, or that show as findings. */
const ELSEWHERE: readonly string[] = ["observation", "daemon"];

const LEFT_OUT = "--filter leaves it out";

/**
 * One outcome for each rule of the profile. `failures`: the ledger's kept classes with what they were found to come down to;
 * `unable`: why the subject cannot be held to a rule, by its id; `filter`: the globs of the rules that were asked about.
 */
export function outcomesOf(
  ledger: Ledger,
  failures: readonly FailureClass[],
  profile: Profile,
  unable: ReadonlyMap<string, string>,
  filter: readonly string[],
): RuleOutcome[] {
  const matches = filter.length === 0 ? () => true : picomatch([...filter]);
  const rules = RULES.filter((r) => holdsIn(r, profile) && !ELSEWHERE.includes(r.needs));
  return rules.map((r) => {
    const messages = ledger.counts.get(r.id) ?? 0;
    const own = failures.filter((f) => f.rule === r.id || f.first === r.id);
    const failed = sum(own) + sum([...ledger.others.values()].filter((c) => c.rule === r.id));
    const base = { rule: r.id, messages: Math.max(messages, failed), failed };
    const others = [...new Set(own.map((f) => f.rule))].filter((id: RuleId) => id !== r.id);
    if (failed > 0) {
      const outcome = onlyWarns(r.id) ? "warning" : "failed";
      return { ...base, outcome, ...(others.length > 0 && { reason: comesDownTo(others) }) };
    }
    if (messages > 0) return { ...base, outcome: "passed" };
    const reason = unsettledIn(r, profile) ?? unable.get(r.id) ?? (matches(r.id) ? undefined : LEFT_OUT);
    return reason === undefined
      ? { ...base, outcome: "not-run", reason: "no message of this run reached it" }
      : { ...base, outcome: "not-applicable", reason };
  });
}

const sum = (classes: readonly { messages: number }[]) => classes.reduce((n, c) => n + c.messages, 0);
