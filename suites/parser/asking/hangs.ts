import type { RuleId } from "../../../spec/index.ts";

/** Hangs of messages that one rule decides, after which no more of them are asked: each costs three times what an answer has. */
const OF_A_RULE = 3;
/** Hangs in all, after which nothing more is asked. */
const IN_ALL = 10;

/** How often a subject hung, and what it is therefore not asked any more. */
export class Hangs {
  private all = 0;
  private readonly ofRule = new Map<RuleId, number>();

  /** `rule`: what decides the message; null: one of several messages. */
  add(rule: RuleId | null): void {
    this.all++;
    if (rule !== null) this.ofRule.set(rule, (this.ofRule.get(rule) ?? 0) + 1);
  }

  /** Whether messages that a rule decides are not asked any more; `rule` is called only where there can be such a rule. */
  bars(rule: () => RuleId): boolean {
    return this.barred.length > 0 && this.barred.includes(rule());
  }

  /** Why nothing more is asked; null: there is more to ask. */
  get exhausted(): string | null {
    return this.all >= IN_ALL ? `given up after ${this.all} hangs` : null;
  }

  /** What was left out, a sentence each. */
  notes(): string[] {
    return this.barred.map((rule) => `messages that ${rule} decides were left out after ${OF_A_RULE} hangs`);
  }

  private get barred(): RuleId[] {
    return [...this.ofRule].filter(([, n]) => n >= OF_A_RULE).map(([rule]) => rule);
  }
}
