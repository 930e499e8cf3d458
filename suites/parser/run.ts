import { Batch, boundaryRecipes, type Recipe, RecipeStream } from "../../generators/index.ts";
import { KernelParser } from "../../oracles/index.ts";
import type { Profile, RuleId } from "../../spec/index.ts";
import { OOPS } from "../kernel-source/observation.ts";
import type { Level } from "../outcome.ts";
import { Answers } from "../subjects/answers.ts";
import { isBreakdown, type ParserSubject, type Question } from "../subjects/subject.ts";
import { checkAnswer } from "./check.ts";
import { agrees, difference } from "./compare.ts";
import { blame, Ledger } from "./ledger.ts";
import { countersAt, seenIn } from "./observe.ts";
import { specialQuestions } from "./special.ts";

export interface RunOptions {
  readonly profile: Profile;
  readonly level: Level;
  readonly seed: number;
  /** Messages to ask in all; by default what the level and the subject's pace allow. */
  readonly runs?: number;
  /** Seconds after which no further message is asked. */
  readonly maxTime?: number;
  readonly failFast: boolean;
  /** Only every n-th message is asked, beginning with the i-th, counted from 1. */
  readonly shard?: { readonly i: number; readonly n: number };
  /** Only messages that such a rule decides are asked. */
  readonly filter?: (rule: RuleId) => boolean;
  readonly signal: AbortSignal;
  readonly progress: (messages: number) => void;
}

/** Messages of a run by pace and level; soak goes on until its time is up. */
const RUNS = {
  bulk: { quick: 200_000, full: 2_000_000, soak: Number.POSITIVE_INFINITY },
  line: { quick: 30_000, full: 300_000, soak: Number.POSITIVE_INFINITY },
  process: { quick: 1_000, full: 20_000, soak: Number.POSITIVE_INFINITY },
} as const;

const BATCH = { bulk: 512, line: 64, process: 8 } as const;

/** Seconds of a soak for which no other time was given. */
const SOAK_TIME = 600;

/** A subject that breaks down more often than this is given up. */
const MAX_BREAKDOWNS = 20;

/** One run of the parser suite over one subject: asks, compares, restarts, and keeps the ledger. */
export class ParserRun {
  readonly ledger = new Ledger();
  readonly oracle: KernelParser;
  /** Why the run ended before its time and its messages were up; null: it did not. */
  ended: string | null = null;
  private readonly subject: ParserSubject;
  private readonly options: RunOptions;
  private breakdowns = 0;
  /** Messages in one batch; fewer for a subject that takes long. */
  private limit: number;
  private readonly deadline: number;

  constructor(subject: ParserSubject, options: RunOptions) {
    this.subject = subject;
    this.options = options;
    this.oracle = new KernelParser(options.profile);
    this.limit = BATCH[subject.pace];
    const seconds = options.maxTime ?? (options.level === "soak" ? SOAK_TIME : Number.POSITIVE_INFINITY);
    this.deadline = Date.now() + 1000 * seconds;
  }

  async go(): Promise<void> {
    await this.bulk();
    await this.special();
  }

  /** This shard's part of the recipes. */
  private *recipes(): Generator<number[]> {
    const { i, n } = this.options.shard ?? { i: 1, n: 1 };
    let at = 0;
    for (const recipe of this.allRecipes()) if (at++ % n === i - 1) yield recipe;
  }

  /** The fixed table, then random ones. */
  private *allRecipes(): Generator<number[]> {
    const { level, seed } = this.options;
    const { pace } = this.subject;
    let left = this.options.runs ?? RUNS[pace][level];
    for (const recipe of boundaryRecipes(pace === "process" && level === "quick")) {
      if (left-- <= 0) return;
      yield recipe;
    }
    const stream = new RecipeStream(seed);
    while (left-- > 0) yield stream.next();
  }

  /** Fills one batch while the subject works on the other. */
  private async bulk(): Promise<void> {
    const size = BATCH[this.subject.pace];
    const recipes = this.recipes();
    let [filling, asked] = [new Batch(size), new Batch(size)];
    let [answers, waiting] = [new Answers(size), new Answers(size)];
    this.fill(filling, recipes);
    while (filling.count > 0 && !this.over()) {
      [filling, asked] = [asked, filling];
      [answers, waiting] = [waiting, answers];
      const asking = this.subject.ask(asked, answers);
      this.fill(filling, recipes);
      await asking;
      await this.settle(asked, answers);
      this.options.progress(this.ledger.messages);
    }
  }

  private fill(batch: Batch, recipes: Generator<number[]>): void {
    batch.clear();
    while (!batch.full && batch.count < this.limit) {
      const { value, done } = recipes.next();
      if (done || value === undefined) return;
      batch.add(value);
      this.ledger.boundary(value);
      if (this.options.filter !== undefined && !this.options.filter(this.decides(batch, batch.count - 1)))
        batch.dropLast();
    }
  }

  private decides(batch: Batch, i: number): RuleId {
    this.judge(batch, i);
    return blame(this.oracle, batch.message(i));
  }

  private judge(batch: Batch, i: number): void {
    const start = batch.starts[i] as number;
    this.oracle.parse(batch.view, start, start + (batch.lengths[i] as number));
  }

  private over(): boolean {
    if (this.ended !== null) return true;
    if (this.options.signal.aborted) this.ended = "interrupted";
    else if (this.options.failFast && this.ledger.failures.size > 0)
      this.ended = "stopped at the first failure";
    else if (this.breakdowns > MAX_BREAKDOWNS)
      this.ended = `given up after the subject broke down ${this.breakdowns} times`;
    return this.ended !== null || Date.now() > this.deadline;
  }

  /** Compares the answers of a batch; where the subject broke down, finds out on which message. */
  private async settle(batch: Batch, answers: Answers): Promise<void> {
    for (let i = 0; i < answers.count; i++) this.compare(batch, answers, i);
    const { breakdown, count } = answers;
    if (breakdown === null) return;
    // A late batch may be one slow answer or many quick ones: either way only asking one by one tells.
    const late = breakdown.kind === "slow";
    if (late) this.limit = Math.max(1, this.limit >> 2);
    else await this.subject.restart();
    let again = false;
    for (let i = late ? 0 : count; i < batch.count && !this.over(); i++)
      again = (await this.askOne({ message: batch.message(i) }, batch.recipes[i] as Recipe)) || again;
    if (again || late || this.over()) return;
    const suspect = Math.min(count, batch.count - 1);
    const message = batch.message(suspect);
    this.judge(batch, suspect);
    this.breakdowns++;
    this.ledger.fail({
      rule: blame(this.oracle, message),
      kind: breakdown.kind,
      actual: `${breakdown.detail} (after ${count} of ${batch.count} answers; not seen again one at a time)`,
      question: { message },
      recipe: null,
    });
  }

  private compare(batch: Batch, answers: Answers, i: number): void {
    this.judge(batch, i);
    const { oracle, ledger } = this;
    const rc = answers.rc[i] as number;
    ledger.judged(oracle, () => batch.message(i), batch.tags[i] ?? null);
    const map = (answers.mapLengths[i] as number) > 0 ? answers.map(i) : null;
    const observed = answers.observationStarts[i] as number;
    if (observed >= 0) {
      const counters = countersAt(answers.bytes, observed);
      for (const seen of seenIn(oracle, batch.lengths[i] as number, counters))
        ledger.find(seen, { message: batch.message(i) }, batch.recipes[i] as Recipe);
    }
    if (agrees(oracle, rc, map)) return;
    const message = batch.message(i);
    const rule = blame(oracle, message);
    const kind = rc === OOPS ? "crash" : rc === oracle.rc ? "map" : "verdict";
    const actual = rc === OOPS ? "the parser did not return" : difference(oracle, rc, map);
    ledger.fail({ rule, kind, actual, question: { message }, recipe: batch.recipes[i] as Recipe });
  }

  /**
   * Asks one question on its own and keeps what comes of it; true: the subject broke down.
   * `uses`: the rules that are credited when the answer is right, if not the one that decides on the message.
   */
  private async askOne(
    question: Question,
    recipe: Recipe | null,
    uses?: readonly RuleId[],
  ): Promise<boolean> {
    const answer = await this.subject.question(question);
    const {
      difference: wrong,
      seen,
      rule,
    } = checkAnswer(this.options.profile, this.oracle, question, answer);
    this.ledger.messages++;
    for (const used of wrong === null ? (uses ?? [rule]) : [wrong.rule]) this.ledger.credit(used);
    for (const s of seen) this.ledger.find(s, question, recipe);
    if (wrong !== null) this.ledger.fail({ ...wrong, question, recipe });
    if (!isBreakdown(answer)) return false;
    this.breakdowns++;
    await this.subject.restart();
    return true;
  }

  /** Failing allocations, scenes of the installation and resolutions, as far as the subject can arrange them. */
  private async special(): Promise<void> {
    for (const { question, recipe, uses } of specialQuestions(this.subject, this.options, this.oracle)) {
      if (this.over()) return;
      if (this.options.filter === undefined || uses.some(this.options.filter))
        await this.askOne(question, recipe, uses);
    }
  }
}
