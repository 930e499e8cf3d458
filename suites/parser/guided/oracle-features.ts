import { KernelParser, type Trace, type TraceStep } from "../../../oracles/index.ts";
import { type Profile, RULES } from "../../../spec/index.ts";
import { FeatureSet, featureOf } from "./feature-set.ts";
import { isNear, nearness } from "./nearness.ts";

/** Number of each rule. */
const NUMBER = new Map<string, number>(RULES.map((r, i) => [r.id, i]));

/** Kinds of features, so that equal parts of different kinds do not meet. */
const KIND = { check: 1, pair: 2, outcome: 3, counted: 4 } as const;

/** Checks at their bound in one message that are paired with each other; what is random is seldom near to more than a few. */
const MOST_NEAR = 24;

/**
 * What the oracle does with a message, in features: each check at which item, how near to its bound, each two checks that were
 * near to theirs in one message, and what it all came to. They are of the oracle alone, so that the same run of any subject
 * is guided in the same way.
 */
export class OracleFeatures implements Trace {
  readonly reached = new FeatureSet();
  private readonly oracle: KernelParser;
  private readonly times = new Map<number, number>();
  private readonly near: number[] = [];
  /** A bit for each counted check that failed; that two might share one costs a feature. */
  private failed = 0;
  private fresh = 0;

  constructor(profile: Profile) {
    this.oracle = new KernelParser(profile);
  }

  /** How many features the message at bytes [start, end) shows that none before it has. */
  look(view: DataView, start: number, end: number): number {
    this.times.clear();
    this.near.length = this.failed = this.fresh = 0;
    const { oracle } = this;
    oracle.parse(view, start, end, 0, this);
    this.note(KIND.counted, this.failed, oracle.rc);
    this.note(
      KIND.outcome,
      oracle.rc === 0 ? -1 : numberOf(oracle.rule),
      magnitude(oracle.allocations),
      magnitude(oracle.leaked),
      magnitude(oracle.shifts),
      oracle.open === null ? 0 : 1,
    );
    for (const [i, a] of this.near.entries())
      for (let j = 0; j < i; j++) this.note(KIND.pair, a, this.near[j] as number);
    return this.fresh;
  }

  check(step: TraceStep): void {
    const rule = numberOf(step.rule);
    const times = (this.times.get(rule) ?? 0) + 1;
    this.times.set(rule, times);
    const distance = nearness(step);
    this.note(KIND.check, rule, item(times), distance);
    if (!step.ok && step.counted) this.failed |= 1 << (rule & 31);
    // Passing by far is no news. Which item it was is left out here: with it, any long message would be something new.
    const side = featureOf(rule, step.ok ? distance : -1);
    if ((isNear(distance) || !step.ok) && this.near.length < MOST_NEAR && !this.near.includes(side))
      this.near.push(side);
  }

  private note(...parts: readonly number[]): void {
    if (this.reached.add(featureOf(...parts))) this.fresh++;
  }
}

const numberOf = (rule: string): number => NUMBER.get(rule) as number;

const magnitude = (n: number): number => 32 - Math.clz32(n);

/** Items that a loop may treat otherwise: the first, the second, those from the 17th, the 32nd and what follows it. */
const ITEMS = [1, 2, 16, 31, 32] as const;
const item = (times: number): number => ITEMS.findIndex((last) => times <= last);
