import { setImmediate } from "node:timers/promises";
import { Batch, type Recipe } from "../../generators/index.ts";
import { KernelParser } from "../../oracles/index.ts";
import type { Profile, RuleId } from "../../spec/index.ts";
import { SubjectError } from "../failure.ts";
import { OOPS } from "../kernel-source/observation.ts";
import type { RunProgress } from "../outcome.ts";
import { Answers, SKIPPED } from "../subjects/answers.ts";
import { isBreakdown, type ParserSubject, type Question } from "../subjects/subject.ts";
import { checkAnswer, NO_RETURN } from "./check.ts";
import { agrees, difference } from "./compare.ts";
import { blame, type Failure, IN_FLIGHT, Ledger } from "./ledger.ts";
import { countersAt, seenIn } from "./observe.ts";
import { type Extent, recipeCount, runRecipes } from "./recipes.ts";
import { specialQuestions } from "./special.ts";

export interface RunOptions extends Extent {
  readonly profile: Profile;
  /** Seconds after which no further message is asked. */
  readonly maxTime?: number;
  readonly failFast: boolean;
  /** Only messages that such a rule decides are asked. */
  readonly filter?: (rule: RuleId) => boolean;
  readonly signal: AbortSignal;
  readonly progress: (progress: RunProgress) => void;
}

const BATCH = { bulk: 512, line: 64, process: 8 } as const;

/** Seconds of a soak for which no other time was given. */
const SOAK_TIME = 600;

/** Messages that a filter may refuse in a row before signals and time are looked at again. */
const PATIENCE = 10_000;

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
  private exhausted = false;
  /** Messages in one batch; fewer for a subject that takes long. */
  private limit: number;
  private readonly began = Date.now();
  private readonly deadline: number;

  constructor(subject: ParserSubject, options: RunOptions) {
    this.subject = subject;
    this.options = options;
    this.oracle = new KernelParser(options.profile);
    this.limit = BATCH[subject.pace];
    const seconds = options.maxTime ?? (options.level === "soak" ? SOAK_TIME : Number.POSITIVE_INFINITY);
    this.deadline = this.began + 1000 * seconds;
  }

  async go(): Promise<void> {
    await this.bulk();
    await this.special();
  }

  /** Fills one batch while the subject works on the other. */
  private async bulk(): Promise<void> {
    const size = BATCH[this.subject.pace];
    const { profile } = this.options;
    const recipes = runRecipes(this.options, this.subject.pace);
    let [filling, asked] = [new Batch(size, profile), new Batch(size, profile)];
    let [answers, waiting] = [new Answers(size), new Answers(size)];
    this.fill(filling, recipes);
    while ((filling.count > 0 || !this.exhausted) && !this.over()) {
      if (filling.count === 0) {
        await setImmediate();
        this.fill(filling, recipes);
        continue;
      }
      [filling, asked] = [asked, filling];
      [answers, waiting] = [waiting, answers];
      const asking = this.subject.ask(asked, answers);
      this.fill(filling, recipes);
      await asking;
      await this.settle(asked, answers);
      this.options.progress(this.sofar());
    }
  }

  private fill(batch: Batch, recipes: Generator<number[]>): void {
    batch.clear();
    for (let refused = 0; !batch.full && batch.count < this.limit && refused < PATIENCE; ) {
      const { value, done } = recipes.next();
      this.exhausted = done === true;
      if (done || value === undefined) return;
      batch.add(value);
      if (this.options.filter?.(this.decides(batch, batch.count - 1)) === false) {
        batch.dropLast();
        refused++;
      } else this.ledger.boundary(value);
    }
  }

  private sofar(): RunProgress {
    const { messages, failures } = this.ledger;
    const elapsed = (Date.now() - this.began) / (this.deadline - this.began);
    // What a filter leaves out does not come to be asked, so the count says nothing of the end.
    const asked =
      this.options.filter === undefined ? messages / recipeCount(this.options, this.subject.pace) : 0;
    const part = Math.max(elapsed, asked);
    return { done: messages, failures: failures.size, part: part > 0 ? Math.min(part, 1) : null };
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

  /**
   * Compares the answers of a batch. Where the subject broke down or failed in a new way, its messages are asked again
   * one at a time: only then it is sure which of them did it.
   */
  private async settle(batch: Batch, answers: Answers): Promise<void> {
    const { breakdown, count } = answers;
    const fresh: Failure[] = [];
    for (let i = 0; i < count; i++) fresh.push(...this.compare(batch, answers, i));
    if (breakdown === null && fresh.length === 0) return;
    // What is late or garbled may be the doing of any message of the batch, and so may an answer out of turn.
    const late = breakdown?.kind === "slow";
    const whole = late || breakdown?.kind === "garbage" || fresh.length > 0;
    if (late) this.limit = Math.max(1, this.limit >> 2);
    else await this.restart();
    let failed = false;
    let broke = false;
    let i = whole ? 0 : count;
    for (; i < batch.count && !this.over(); i++) {
      const answer = await this.askOne(
        { message: batch.message(i) },
        batch.recipes[i] as Recipe,
        null,
        i < count,
      );
      failed ||= answer !== "right";
      broke ||= answer === "breakdown";
    }
    const note = i < batch.count ? "" : IN_FLIGHT;
    if (!failed) for (const f of fresh) this.ledger.fail({ ...f, actual: `${f.actual}${note}` });
    if (breakdown === null || broke || late) return;
    const suspect = Math.min(count, batch.count - 1);
    this.judge(batch, suspect);
    const message = batch.message(suspect);
    this.breakdowns++;
    this.ledger.fail({
      rule: blame(this.oracle, message),
      kind: breakdown.kind,
      actual: `${breakdown.detail}, after ${count} of ${batch.count} answers${note}`,
      question: { message },
      recipe: null,
    });
  }

  /** Counts one answer of a batch; returns the failure in it if none like it is known. */
  private compare(batch: Batch, answers: Answers, i: number): Failure[] {
    this.judge(batch, i);
    const { oracle, ledger } = this;
    const rc = answers.rc[i] as number;
    if (rc === SKIPPED) {
      ledger.skip();
      return [];
    }
    ledger.judged(oracle, () => batch.message(i), batch.tags[i] ?? null);
    const map = (answers.mapLengths[i] as number) > 0 ? answers.map(i) : null;
    if (rc === 0 && map === null) ledger.untold++;
    const recipe = batch.recipes[i] as Recipe;
    const observed = answers.observationStarts[i] as number;
    if (observed >= 0) {
      const counters = countersAt(answers.bytes, observed);
      for (const seen of seenIn(oracle, batch.lengths[i] as number, counters))
        ledger.find(seen, { message: batch.message(i) }, recipe);
    }
    if (agrees(oracle, rc, map)) return [];
    const question = { message: batch.message(i) };
    const kind = rc === OOPS ? "crash" : rc === oracle.rc ? "map" : "verdict";
    const actual = rc === OOPS ? NO_RETURN : difference(oracle, rc, map);
    const failure = { rule: blame(oracle, question.message), kind, actual, question, recipe } as const;
    return ledger.failAgain(failure) ? [] : [failure];
  }

  /**
   * Asks one question on its own and keeps what comes of it.
   * `uses`: the rules that are credited when the answer is right, if not the one that decides on the message.
   * `again`: the message was counted before.
   */
  private async askOne(
    question: Question,
    recipe: Recipe | null,
    uses: readonly RuleId[] | null = null,
    again = false,
  ): Promise<"right" | "wrong" | "breakdown"> {
    const answer = await this.subject.question(question);
    if (!isBreakdown(answer) && answer.rc === SKIPPED) {
      if (!again) this.ledger.skip();
      return "right";
    }
    const {
      difference: wrong,
      seen,
      rule,
    } = checkAnswer(this.options.profile, this.oracle, question, answer);
    // Who accepts and leaves the resolutions out has shown nothing of them.
    const silent = question.resolve !== undefined && "resolved" in answer && answer.resolved === null;
    const used = wrong !== null ? [wrong.rule] : silent || uses === null ? [rule] : uses;
    if (!again) this.ledger.count(used);
    for (const s of seen) this.ledger.find(s, question, recipe);
    if (wrong !== null) this.ledger.fail({ ...wrong, question, recipe });
    if (!isBreakdown(answer)) {
      if (!again && answer.rc === 0 && answer.map === null) this.ledger.untold++;
      return wrong === null ? "right" : "wrong";
    }
    this.breakdowns++;
    await this.restart();
    return "breakdown";
  }

  /** Starts the subject again after a breakdown; one that does not come back ends the run, not its report. */
  async restart(): Promise<void> {
    try {
      await this.subject.restart();
    } catch (error) {
      if (!(error instanceof SubjectError)) throw error;
      this.ended = `given up: ${error.message}`;
    }
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
