import { FAULTS, type Recipe, slotIndex } from "../../generators/index.ts";
import type { KernelParser } from "../../oracles/index.ts";
import { oddities } from "../../oracles/index.ts";
import {
  EXT_SIMPLE,
  type Fmap,
  holdsIn,
  mapHead,
  type Profile,
  RULES,
  type Rule,
  type RuleId,
  readMapRecord,
  unsettledIn,
} from "../../spec/index.ts";
import { comesDownTo, type FailureKind, type ParserReport, type RuleOutcome } from "../outcome.ts";
import type { Question } from "../subjects/subject.ts";
import { type Seen, seenKey } from "./observe.ts";

/** Failures that are alike: same rule, same kind, same answer. The first one stands for all until it is shrunk. */
export interface FailureClass {
  /** What it is blamed on; shrinking may show another rule than the one it showed in first. */
  rule: RuleId;
  readonly first: RuleId;
  readonly kind: FailureKind;
  actual: string;
  question: Question;
  recipe: Recipe | null;
  /** What was expected, where the oracle's verdict on the message alone does not say it. */
  expectedText?: string;
  messages: number;
}

/** A finding and the first message that showed it. */
export interface FindingClass extends Seen {
  question: Question;
  recipe: Recipe | null;
  messages: number;
}

/** Which rule an accepted message uses costs time to say; this many messages of each rule are enough. */
const ODDITY_SAMPLE = 200;

const FAULT1 = slotIndex("fault1");
const FAULT2 = slotIndex("fault2");
const WIDTH = FAULTS.length + 1;

export type Failure = Omit<FailureClass, "messages" | "first">;

/** Said of a failure that does not show when its message is asked alone. */
export const IN_FLIGHT = " (only with others in flight)";

/** An answer without its numbers: what makes two differences alike. */
export const sameness = (actual: string): string => actual.replace(IN_FLIGHT, "").replace(/\d+/g, "#");

/** What makes two failures one class. */
export const failureKey = ({ rule, kind, actual }: Failure): string => `${rule}|${kind}|${sameness(actual)}`;

/** What a run has seen so far. */
export class Ledger {
  messages = 0;
  skipped = 0;
  /** Messages that were accepted without telling the map. */
  untold = 0;
  /** How many messages had been judged when the first failure showed; null: none has. */
  firstFailure: number | null = null;
  readonly failures = new Map<string, FailureClass>();
  readonly findings = new Map<string, FindingClass>();
  private readonly counts = new Map<RuleId, number>();
  private readonly pairs = new Uint32Array(WIDTH * WIDTH);

  /** Counts a message, and what it has shown for each of the rules. */
  count(rules: readonly RuleId[]): void {
    this.messages++;
    for (const rule of rules) this.credit(rule);
  }

  /** Counts what a message has shown of one rule more. */
  credit(rule: RuleId): void {
    this.counts.set(rule, (this.counts.get(rule) ?? 0) + 1);
  }

  /** Counts a message that the subject left out. */
  skip(): void {
    this.messages++;
    this.skipped++;
  }

  /** Counts a message that the oracle has just judged under the rule that decided, and returns that rule. */
  judged(oracle: KernelParser, message: () => Uint8Array, tag: RuleId | null): RuleId {
    this.messages++;
    // What no source settles shows nothing of any rule.
    if (oracle.open !== null) return oracle.open;
    if (oracle.rc !== 0) {
      this.credit(oracle.rule);
      return oracle.rule;
    }
    if (tag !== null && (this.counts.get(tag) ?? 0) < ODDITY_SAMPLE)
      for (const rule of oddities(oracle.profile, message(), acceptedMap(oracle))) this.credit(rule);
    const rule = mapRule(oracle);
    this.credit(rule);
    return rule;
  }

  boundary(recipe: Recipe): void {
    const first = (recipe[FAULT1] as number) % WIDTH;
    const second = (recipe[FAULT2] as number) % WIDTH;
    const at = first * WIDTH + second;
    this.pairs[at] = (this.pairs[at] as number) + 1;
  }

  fail(failure: Failure): void {
    if (!this.failAgain(failure))
      this.failures.set(failureKey(failure), { ...failure, first: failure.rule, messages: 1 });
  }

  /** Counts a failure of a known class; false: there is none. */
  failAgain(failure: Failure): boolean {
    this.firstFailure ??= this.messages;
    const known = this.failures.get(failureKey(failure));
    if (known !== undefined) known.messages++;
    return known !== undefined;
  }

  find(seen: Seen, question: Question, recipe: Recipe | null): void {
    const key = seenKey(seen);
    const known = this.findings.get(key);
    if (known === undefined) this.findings.set(key, { ...seen, question, recipe, messages: 1 });
    else known.messages++;
  }

  /** One outcome for each rule of the profile; `unable` says why the subject cannot be held to a rule. */
  outcomes(profile: Profile, unable: (rule: Rule) => string | null): RuleOutcome[] {
    return RULES.filter((r) => holdsIn(r, profile) && !["observation", "daemon"].includes(r.needs)).map(
      (r) => {
        const messages = this.counts.get(r.id) ?? 0;
        const failures = [...this.failures.values()].filter((f) => f.rule === r.id || f.first === r.id);
        const failed = failures.reduce((n, f) => n + f.messages, 0);
        const base = { rule: r.id, messages: Math.max(messages, failed), failed };
        const others = [...new Set(failures.map((f) => f.rule))].filter((id) => id !== r.id);
        if (failed > 0)
          return { ...base, outcome: "failed", ...(others.length > 0 && { reason: comesDownTo(others) }) };
        if (messages > 0) return { ...base, outcome: "passed" };
        const reason = unsettledIn(r, profile) ?? unable(r);
        return reason === null
          ? { ...base, outcome: "not-run", reason: "no message of this run reached it" }
          : { ...base, outcome: "not-applicable", reason };
      },
    );
  }

  boundaries(): ParserReport["boundaries"] {
    let hit = 0;
    const missed: string[] = [];
    for (const [i, first] of FAULTS.entries()) {
      const row = this.pairs.subarray((i + 1) * WIDTH, (i + 2) * WIDTH);
      if (row.some((n) => n > 0)) hit++;
      else missed.push(first.name);
      for (const [j, second] of FAULTS.entries())
        if (row[j + 1] === 0) missed.push(`${first.name}, then ${second.name}`);
    }
    const pairs = FAULTS.length ** 2;
    return {
      classes: FAULTS.length,
      hit,
      pairs,
      pairsHit: pairs - missed.filter((m) => m.includes(", then ")).length,
      missed,
    };
  }
}

const acceptedMap = (oracle: KernelParser): Fmap =>
  readMapRecord(oracle.reply.subarray(4, oracle.replyLength));

const mapRule = (oracle: KernelParser): RuleId =>
  new DataView(oracle.reply.buffer).getUint32(4 + EXT_TYPE_IN_RECORD, true) === EXT_SIMPLE
    ? "fmap/map/simple"
    : "fmap/map/interleaved";

const EXT_TYPE_IN_RECORD = mapHead.offsetOf("ext_type");

/** The rule that a difference on this message is blamed on: what decided, or what is unusual about an accepted one. */
export function blame(oracle: KernelParser, message: Uint8Array): RuleId {
  if (oracle.rc !== 0) return oracle.rule;
  return oddities(oracle.profile, message, acceptedMap(oracle))[0] ?? mapRule(oracle);
}
