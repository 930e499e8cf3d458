import { setImmediate } from "node:timers/promises";
import { SubjectError } from "../../base/errors.ts";
import type { KernelParser } from "../../oracles/index.ts";
import type { Profile, RuleId } from "../../spec/index.ts";
import { Answers } from "../../subjects/driver/answers.ts";
import type { ParserSubject } from "../../subjects/driver/subject.ts";
import { Budget, type Limits } from "../run/budget.ts";
import type { RunProgress } from "../run/outcome.ts";
import { isOf } from "../run/shard.ts";
import { unableOf } from "./asking/ability.ts";
import { Asking } from "./asking/asking.ts";
import { Portion } from "./asking/portion.ts";
import { type Extent, type Recipes, RunRecipes, recipeCount, SPECIAL } from "./asking/recipes.ts";
import { specialQuestions } from "./asking/special.ts";
import { Ledger } from "./failures/ledger.ts";
import { Guide } from "./guided/guide.ts";
import { doParts } from "./parts.ts";
import { ledgerFromJson, ledgerOf, ledgerToJson, type ParserState } from "./stored.ts";

/** Where a run stands when it begins; `ledger` null: it has seen nothing. */
type Beginning = Pick<ParserState, "position" | "breakdowns" | "seconds" | "parts"> & {
  readonly ledger: ParserState["ledger"] | null;
};

export interface RunOptions extends Extent, Limits {
  readonly profile: Profile;
  /** Messages are made from those that showed something; such a run has neither shards nor a continuation. */
  readonly guided?: boolean;
  /** Only messages that such a rule decides are asked. */
  readonly filter?: (rule: RuleId) => boolean;
  readonly progress: (progress: RunProgress) => void;
  /** The globs that `filter` was made of. */
  readonly filters: readonly string[];
  /** Milliseconds in which an answer is due. */
  readonly timeout: number;
  /** Processes that ask at once, each a subject of its own; missing or 1: this one. */
  readonly jobs?: number;
  /** Where an interrupted run goes on. */
  readonly from?: Beginning;
  /** Hears now and then that there is something to keep; `urgent`: the first failure, or the end. */
  readonly checkpoint?: (state: () => ParserState, urgent: boolean) => void;
}

const BATCH = { bulk: 512, line: 64, process: 8 } as const;

/** Messages that a filter may refuse in a row before signals and time are looked at again. */
const PATIENCE = 10_000;

/** A subject that breaks down more often than this is given up. */
const MAX_BREAKDOWNS = 20;

/** One run of the parser suite over one subject: asks, compares, restarts, and keeps the ledger. */
export class ParserRun {
  readonly ledger: Ledger;
  /** Where the parts of the run stand that processes do; empty: there are none, or the ledger has what they saw. */
  private parts: ParserState[] = [];
  /** The ledger, and what the parts have seen beside. */
  private total: Ledger;
  private readonly partNotes: string[] = [];
  readonly budget: Budget;
  readonly asking: Asking;
  /** Null: the messages are those of any run. */
  readonly guide: Guide | null;
  private readonly subject: ParserSubject;
  private readonly options: RunOptions;
  private exhausted = false;
  private failed = false;

  constructor(subject: ParserSubject, options: RunOptions) {
    this.subject = subject;
    this.options = options;
    const { from = { position: 0, breakdowns: 0, seconds: 0, ledger: null } } = options;
    this.ledger = from.ledger === null ? new Ledger() : ledgerFromJson(from.ledger);
    const surroundings = {
      largest: BATCH[subject.pace],
      over: () => this.over(),
      restart: () => this.restart(),
    };
    this.guide = options.guided === true ? new Guide(options.profile, options.seed) : null;
    this.asking = new Asking(subject, options.profile, this.ledger, surroundings, from);
    this.budget = new Budget(options, from.seconds);
    this.total = this.ledger;
    const { jobs = 1 } = options;
    const begin = () => ({ ...this.state(), breakdowns: 0, ledger: ledgerToJson(new Ledger()) });
    this.parts = from.parts?.slice() ?? (jobs > 1 ? Array.from({ length: jobs }, begin) : []);
  }

  get oracle(): KernelParser {
    return this.asking.judging.oracle;
  }

  async go(): Promise<void> {
    await (this.parts.length === 0 ? this.bulk() : this.shared());
    if (this.budget.ended === null) this.gather();
    await this.special();
    // Save the checkpoint before adding unconfirmed failures: a resumed run asks those messages again.
    this.keep(true);
    this.gather();
    this.asking.tellUnsettled();
  }

  /** All that it takes to go on from here. */
  state(): ParserState {
    return {
      position: this.asking.position,
      seconds: this.budget.seconds(),
      breakdowns: this.asking.breakdowns,
      ended: this.budget.ended,
      notes: [...new Set([...this.subject.notes, ...this.asking.hangs.notes(), ...this.partNotes])],
      unable: unableOf(this.subject),
      ledger: ledgerToJson(this.ledger),
      ...(this.parts.length > 0 && { parts: this.parts }),
    };
  }

  private keep(urgent = false): void {
    const first = !this.failed && this.total.failures.size > 0;
    this.failed ||= first;
    this.options.checkpoint?.(() => this.state(), urgent || first);
  }

  /** Has processes do the parts. What a message shows depends on its position alone, so that the sum is what this one would see. */
  private shared(): Promise<void> {
    const { description } = this.subject;
    return doParts(this.parts, description, this.options, this.budget, {
      over: () => this.over(),
      hear: (k, state) => this.hear(k, state),
    });
  }

  /** Notes where a part stands. One that ended before its time ends the run. */
  private hear(k: number, state: ParserState): void {
    this.parts[k] = state;
    this.total = ledgerOf([this.state()]);
    if (!this.over()) this.budget.ended = state.ended;
    this.keep();
    this.options.progress(this.sofar());
  }

  /** Adds what the parts have seen to the ledger. */
  private gather(): void {
    for (const { ledger, breakdowns, position, notes } of this.parts) {
      this.partNotes.push(...notes);
      this.ledger.add(ledgerFromJson(ledger));
      this.asking.breakdowns += breakdowns;
      this.asking.position = Math.max(this.asking.position, position);
    }
    this.parts = [];
    this.total = this.ledger;
  }

  /** Fills one portion while the subject works on the other. */
  async bulk(): Promise<void> {
    const size = BATCH[this.subject.pace];
    const { profile } = this.options;
    const { pace } = this.subject;
    const recipes =
      this.guide?.recipes(this.options, pace) ?? new RunRecipes(this.options, pace, this.asking.position);
    let [filling, asked] = [new Portion(size, profile), new Portion(size, profile)];
    let [answers, waiting] = [new Answers(size), new Answers(size)];
    this.fill(filling, recipes);
    while ((filling.batch.count > 0 || !this.exhausted) && !this.over()) {
      if (filling.batch.count === 0) {
        await setImmediate();
        this.fill(filling, recipes);
        continue;
      }
      [filling, asked] = [asked, filling];
      [answers, waiting] = [waiting, answers];
      const asking = this.subject.ask(asked.batch, answers);
      this.fill(filling, recipes);
      await asking;
      this.guide?.learn(asked, this.subject);
      await this.asking.settle(asked, answers);
      this.keep();
      this.options.progress(this.sofar());
    }
  }

  private fill(portion: Portion, recipes: Recipes): void {
    const { batch } = portion;
    batch.clear();
    for (let refused = 0; !batch.full && batch.count < this.asking.limit && refused < PATIENCE; ) {
      this.exhausted = !portion.take(recipes);
      if (this.exhausted) return;
      if (this.isAsked(portion, batch.count - 1)) {
        this.guide?.look(portion, batch.count - 1);
        continue;
      }
      batch.dropLast();
      refused++;
    }
  }

  private isAsked(portion: Portion, i: number): boolean {
    const { hangs, judging } = this.asking;
    const decides = () => judging.decides(portion, i);
    return this.options.filter?.(decides()) !== false && !hangs.bars(decides);
  }

  private sofar(): RunProgress {
    const { messages, failures } = this.total;
    // What a filter leaves out does not come to be asked, so the count says nothing of the end.
    const isCounted = this.options.filter === undefined;
    const all = isCounted ? recipeCount(this.options, this.subject.pace) : Number.POSITIVE_INFINITY;
    return this.budget.progress(messages, failures.size, all);
  }

  private over(): boolean {
    const { breakdowns, hangs } = this.asking;
    return this.budget.over(this.total.failures.size, () =>
      breakdowns > MAX_BREAKDOWNS
        ? `given up after the subject broke down ${breakdowns} times`
        : hangs.exhausted,
    );
  }

  /** Starts the subject again after a breakdown; one that does not come back ends the run, not its report. */
  async restart(): Promise<void> {
    try {
      await this.asking.startAgain();
    } catch (error) {
      if (!(error instanceof SubjectError)) throw error;
      this.budget.ended = `given up: ${error.message}`;
    }
  }

  /** Failing allocations, scenes of the installation and resolutions, as far as the subject can arrange them. */
  private async special(): Promise<void> {
    let index = 0;
    for (const special of specialQuestions(this.subject, this.options, this.oracle)) {
      const position = SPECIAL + index;
      if (!isOf(this.options.shard, index++) || position < this.asking.position) continue;
      // A soak has these behind its time: without them it would say nothing of their rules.
      if (this.over() && (this.budget.ended !== null || this.options.level !== "soak")) return;
      if (this.options.filter !== undefined && !special.uses.some(this.options.filter)) continue;
      await this.asking.special(special, position);
      this.keep();
    }
  }
}
