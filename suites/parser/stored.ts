import type { Recipe } from "../../generators/index.ts";
import { hexOf, type RuleId } from "../../spec/index.ts";
import type { Question } from "../../subjects/driver/subject.ts";
import type { FailureKind, Repeats } from "../run/outcome.ts";
import { type CountedClass, type FailureClass, type FindingClass, Ledger } from "./failures/ledger.ts";

/** A question as JSON: bytes in hex, u64 in decimal. */
export interface StoredQuestion {
  readonly message: string;
  readonly failAllocation?: number;
  readonly scene?: NonNullable<Question["scene"]>;
  readonly resolve?: readonly (readonly [string, string])[];
}

interface StoredClass extends StoredQuestion {
  readonly position: number;
  readonly messages: number;
  readonly recipe: Recipe | null;
  readonly repeats?: Repeats;
}

interface StoredFailure extends StoredClass {
  readonly rule: RuleId;
  readonly first: RuleId;
  readonly kind: FailureKind;
  readonly actual: string;
  readonly expectedText?: string;
  readonly shown: boolean;
}

interface StoredFinding extends StoredClass {
  readonly rule: RuleId | null;
  readonly what: string;
}

/** A ledger as JSON. */
export interface StoredLedger {
  readonly messages: number;
  readonly skipped: number;
  readonly untold: number;
  readonly counts: Readonly<Record<string, number>>;
  /** Hex, a byte for each ordered pair of faults. */
  readonly pairs: string;
  readonly failures: readonly StoredFailure[];
  readonly others: readonly CountedClass[];
  readonly findings: readonly StoredFinding[];
}

/** What a run has seen until now, and where it stands. */
export interface ParserState {
  /** Of the next message; behind the last one of a run that came to its end. */
  readonly position: number;
  readonly seconds: number;
  readonly breakdowns: number;
  /** Why the run ended early; null: it did not. */
  readonly ended: string | null;
  /** Facts about the subject. */
  readonly notes: readonly string[];
  /** Why the subject cannot be held to a rule, by its id. */
  readonly unable: Readonly<Record<string, string>>;
  readonly ledger: StoredLedger;
  /** Where the parts stand that a run with --jobs was divided into, and what they have seen beside. */
  readonly parts?: readonly ParserState[];
}

export const byPosition = (a: { position: number }, b: { position: number }): number =>
  a.position - b.position;

export const questionToJson = ({ message, failAllocation, scene, resolve }: Question): StoredQuestion => ({
  message: hexOf(message),
  ...(failAllocation === undefined ? {} : { failAllocation }),
  ...(scene === undefined ? {} : { scene }),
  ...(resolve === undefined ? {} : { resolve: resolve.map(([o, w]) => [`${o}`, `${w}`] as const) }),
});

export const questionFromJson = ({ message, failAllocation, scene, resolve }: StoredQuestion): Question => ({
  message: new Uint8Array(Buffer.from(message, "hex")),
  ...(failAllocation === undefined ? {} : { failAllocation }),
  ...(scene === undefined ? {} : { scene }),
  ...(resolve === undefined ? {} : { resolve: resolve.map(([o, w]) => [BigInt(o), BigInt(w)] as const) }),
});

export function ledgerToJson(ledger: Ledger): StoredLedger {
  const { messages, skipped, untold, counts, pairs, failures, others, findings } = ledger;
  const classToJson = <C extends FailureClass | FindingClass>({ question, ...rest }: C) => ({
    ...rest,
    ...questionToJson(question),
  });
  return {
    messages,
    skipped,
    untold,
    counts: Object.fromEntries(counts),
    pairs: hexOf(pairs),
    failures: [...failures.values()].sort(byPosition).map(classToJson),
    others: [...others.values()],
    findings: [...findings.values()].sort(byPosition).map(classToJson),
  };
}

export function ledgerFromJson(stored: StoredLedger): Ledger {
  const ledger = new Ledger();
  const { messages, skipped, untold } = stored;
  Object.assign(ledger, { messages, skipped, untold });
  for (const [rule, n] of Object.entries(stored.counts)) ledger.credit(rule as RuleId, n);
  ledger.pairs.set(Buffer.from(stored.pairs, "hex").subarray(0, ledger.pairs.length));
  const classFromJson = <C extends StoredFailure | StoredFinding>(c: C) => {
    const { message, failAllocation, scene, resolve, ...rest } = c;
    return { ...rest, question: questionFromJson(c) };
  };
  for (const f of stored.failures) ledger.join(classFromJson(f));
  for (const c of stored.others) ledger.countOther({ ...c });
  for (const f of stored.findings) ledger.joinFinding(classFromJson(f));
  return ledger;
}

/** What runs, or the parts of one, have seen together. */
export function ledgerOf(states: readonly Pick<ParserState, "ledger" | "parts">[]): Ledger {
  const sum = new Ledger();
  for (const { ledger, parts = [] } of states)
    for (const stored of [ledger, ...parts.map((p) => p.ledger)]) sum.add(ledgerFromJson(stored));
  return sum;
}
