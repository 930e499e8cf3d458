import { FAULTS, type Recipe, slotIndex } from "../../../generators/index.ts";
import { type KernelParser, mapRule, oddities } from "../../../oracles/index.ts";
import { type RuleId, readMapRecord } from "../../../spec/index.ts";
import type { Question } from "../../../subjects/driver/subject.ts";
import type { FailureKind, Repeats } from "../../run/outcome.ts";
import { type Sight, sightKey } from "../asking/observe.ts";

/** Failures that are alike: same rule, same kind, same answer. The earliest one stands for all until it is shrunk. */
export interface FailureClass {
  /** Position of the message that it showed in first. */
  position: number;
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
  /** False: there was no time to shrink it. */
  shown: boolean;
  /** Missing: it was not asked again. */
  repeats?: Repeats;
}

/** Failures of a class of which no message is kept. */
export interface CountedClass {
  readonly rule: RuleId;
  readonly kind: FailureKind;
  readonly actual: string;
  messages: number;
}

/**
 * Classes of failures of which a message is kept, those that show first. A parser that answers at random makes thousands; one
 * that is wrong all over makes about sixty.
 */
const KEPT_CLASSES = 200;

/** A finding and the first message that showed it. */
export interface FindingClass extends Sight {
  position: number;
  question: Question;
  recipe: Recipe | null;
  messages: number;
  repeats?: Repeats;
}

/**
 * Unusual features of an accepted message take time to find, so only random messages at multiples of this position are
 * examined. The choice depends on the position only, so that merged shards count the same as a single run. A prime, so that
 * all shards examine equally many.
 */
const UNUSUAL_EVERY = 61;

const FAULT1 = slotIndex("fault1");
const FAULT2 = slotIndex("fault2");
const WIDTH = FAULTS.length + 1;

/** Boundary classes (faults of the generator) and ordered pairs of them, and how many were hit. */
export interface Boundaries {
  readonly classes: number;
  readonly hit: number;
  readonly pairs: number;
  readonly pairsHit: number;
  /** Names of the classes and of the pairs, `one, then another`, that were not hit. */
  readonly missed: readonly string[];
}

export type Failure = Omit<FailureClass, "messages" | "first" | "position" | "shown">;

/** Said of a failure that does not show when its message is asked alone. */
export const IN_FLIGHT = " (only with others in flight)";

/** An answer without its numbers: what makes two differences alike. */
export const sameness = (actual: string): string => actual.replace(IN_FLIGHT, "").replace(/\d+/g, "#");

/** What makes two failures one class. */
export const failureKey = ({ rule, kind, actual }: Pick<Failure, "rule" | "kind" | "actual">): string =>
  `${rule}|${kind}|${sameness(actual)}`;

/** What decides, beside the bytes, on what a message shows. */
export interface Circumstances {
  readonly position: number;
  /** Whether it is of the fixed table. */
  readonly fixed: boolean;
  /** The one rule that it means to break or to use. */
  readonly tag: RuleId | null;
}

/**
 * What a run has seen so far. What is kept of a message depends on that message and its position and on no other one, so
 * that the ledgers of parts, added up, are the ledger of the whole.
 */
export class Ledger {
  messages = 0;
  skipped = 0;
  /** Messages that were accepted without telling the map. */
  untold = 0;
  readonly failures = new Map<string, FailureClass>();
  /** Classes beyond those that are kept. */
  readonly others = new Map<string, CountedClass>();
  readonly findings = new Map<string, FindingClass>();
  readonly counts = new Map<RuleId, number>();
  /** 1 for each pair of faults, in order, that a message had; 0 stands for no fault. */
  readonly pairs = new Uint8Array(WIDTH * WIDTH);

  /** Position of the first message that failed, counted from 1; null: none has. */
  get firstFailure(): number | null {
    const positions = [...this.failures.values()].map((f) => f.position + 1);
    return positions.length === 0 ? null : Math.min(...positions);
  }

  /** Counts a message, and what it has shown for each of the rules. */
  count(rules: readonly RuleId[]): void {
    this.messages++;
    for (const rule of rules) this.credit(rule);
  }

  /** Counts what a message has shown of one rule, so many times. */
  credit(rule: RuleId, times = 1): void {
    this.counts.set(rule, (this.counts.get(rule) ?? 0) + times);
  }

  /** Counts a message that the subject left out. */
  skip(): void {
    this.messages++;
    this.skipped++;
  }

  /** Counts a message that the oracle has just judged under the rules that it shows something of. */
  judged(oracle: KernelParser, message: () => Uint8Array, { position, fixed, tag }: Circumstances): void {
    this.messages++;
    // What no source settles shows nothing of any rule.
    if (oracle.open !== null) return;
    if (oracle.rc !== 0) {
      this.credit(oracle.rule);
      return;
    }
    if (tag !== null && (fixed || position % UNUSUAL_EVERY === 0))
      for (const rule of oddities(oracle.profile, message(), readMapRecord(oracle.map()))) this.credit(rule);
    this.credit(mapRule(oracle));
  }

  boundary(recipe: Recipe): void {
    const first = (recipe[FAULT1] as number) % WIDTH;
    const second = (recipe[FAULT2] as number) % WIDTH;
    this.pairs[first * WIDTH + second] = 1;
  }

  /** Whether a failure like this one was seen before. */
  knows(failure: Failure): boolean {
    const key = failureKey(failure);
    return this.failures.has(key) || this.others.has(key);
  }

  fail(failure: Failure, position: number): void {
    this.join({ ...failure, first: failure.rule, position, messages: 1, shown: false });
  }

  find(sight: Sight, question: Question, recipe: Recipe | null, position: number, messages = 1): void {
    this.joinFinding({ ...sight, question, recipe, position, messages });
  }

  joinFinding(f: FindingClass): void {
    joinClass(this.findings, sightKey(f), f);
  }

  /** Counts a class of failures to those of its kind. */
  join(f: FailureClass): void {
    const key = classKey(f);
    const other = this.others.get(key);
    if (other !== undefined) f.messages += other.messages;
    this.others.delete(key);
    joinClass(this.failures, key, f);
    if (this.failures.size <= KEPT_CLASSES) return;
    // Keep the classes with the smallest positions, so that merged shards keep the same ones as a single run.
    const last = [...this.failures.values()].reduce((a, b) => (b.position > a.position ? b : a));
    this.failures.delete(classKey(last));
    this.countOther({
      rule: last.first,
      kind: last.kind,
      actual: sameness(last.actual),
      messages: last.messages,
    });
  }

  /** Counts failures of which no message is kept. */
  countOther(c: CountedClass): void {
    const key = failureKey(c);
    const known = this.failures.get(key) ?? this.others.get(key);
    if (known === undefined) this.others.set(key, c);
    else known.messages += c.messages;
  }

  /** Adds what another part of the run has seen. */
  add(part: Ledger): void {
    this.messages += part.messages;
    this.skipped += part.skipped;
    this.untold += part.untold;
    for (const [rule, n] of part.counts) this.credit(rule, n);
    for (const [i, hit] of part.pairs.entries()) if (hit !== 0) this.pairs[i] = 1;
    for (const f of part.failures.values()) this.join(f);
    for (const c of part.others.values()) this.countOther(c);
    for (const f of part.findings.values()) this.joinFinding(f);
  }

  boundaries(): Boundaries {
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

/** The key of a class, whatever shrinking has made of it. */
const classKey = ({ first, kind, actual }: FailureClass): string => failureKey({ rule: first, kind, actual });

/** Counts a class to those of its key; the earlier message is the one that is kept. */
function joinClass<C extends { position: number; messages: number }>(
  known: Map<string, C>,
  key: string,
  more: C,
): void {
  const old = known.get(key);
  if (old === undefined) known.set(key, more);
  else if (old.position <= more.position) old.messages += more.messages;
  else known.set(key, { ...more, messages: old.messages + more.messages });
}
