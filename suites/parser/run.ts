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
import { type Extent, type Recipes, RunRecipes, recipeCount, runLength, SPECIAL } from "./asking/recipes.ts";
import { sharedRun, shareOut } from "./asking/sharing.ts";
import { specialQuestions } from "./asking/special.ts";
import { STRETCH, type Stretch } from "./asking/stretch.ts";
import { Ledger } from "./failures/ledger.ts";
import { Guide } from "./guided/guide.ts";
import { ledgerFromJson, ledgerToJson, type ParserState } from "./stored.ts";

/** Where a run stands when it begins; `ledger` null: it has seen nothing. */
type Beginning = Pick<ParserState, "position" | "breakdowns" | "seconds"> & {
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
  /** Position before which the run ends; missing: it goes on to its end. */
  readonly until?: number;
  /** Threads that ask at once, each a subject of its own; missing: this one. */
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
  }

  get oracle(): KernelParser {
    return this.asking.judging.oracle;
  }

  async go(): Promise<void> {
    await (this.options.jobs === undefined ? this.bulk() : this.shared(this.options.jobs));
    await this.special();
    // Before what is not sure: whoever goes on from here asks that again.
    this.keep(true);
    this.asking.tellUnsettled();
  }

  /** All that it takes to go on from here. */
  state(): ParserState {
    return {
      position: this.asking.position,
      seconds: this.budget.seconds(),
      breakdowns: this.asking.breakdowns,
      ended: this.budget.ended,
      notes: [...this.subject.notes, ...this.asking.hangs.notes()],
      unable: unableOf(this.subject),
      ledger: ledgerToJson(this.ledger),
    };
  }

  private keep(urgent = false): void {
    const first = !this.failed && this.ledger.failures.size > 0;
    this.failed ||= first;
    this.options.checkpoint?.(() => this.state(), urgent || first);
  }

  /** Has threads ask, and adds up what they see. */
  private shared(jobs: number): Promise<void> {
    const { pace } = this.subject;
    const extent = { from: this.asking.position, to: runLength(this.options, pace), each: STRETCH[pace] };
    return shareOut(jobs, sharedRun(this.options, this.subject), extent, this.options.signal, {
      over: () => this.over(),
      take: (stretch, state) => this.append(stretch, state),
    });
  }

  /** Adds what a thread has seen of the stretch that is next. */
  private append({ to }: Stretch, { position, breakdowns, ended, ledger }: ParserState): void {
    this.ledger.add(ledgerFromJson(ledger));
    this.asking.breakdowns += breakdowns;
    this.budget.ended = ended;
    this.asking.position = ended === null ? to : position;
    this.keep();
    this.options.progress(this.sofar());
  }

  /** Fills one portion while the subject works on the other. */
  async bulk(): Promise<void> {
    const size = BATCH[this.subject.pace];
    const { profile } = this.options;
    const { pace } = this.subject;
    const recipes =
      this.guide?.recipes(this.options, pace) ??
      new RunRecipes(this.options, pace, this.asking.position, this.options.until);
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
    const { messages, failures } = this.ledger;
    // What a filter leaves out does not come to be asked, so the count says nothing of the end.
    const isCounted = this.options.filter === undefined;
    const all = isCounted ? recipeCount(this.options, this.subject.pace) : Number.POSITIVE_INFINITY;
    return this.budget.progress(messages, failures.size, all);
  }

  private over(): boolean {
    const { breakdowns, hangs } = this.asking;
    return this.budget.over(this.ledger.failures.size, () =>
      breakdowns > MAX_BREAKDOWNS
        ? `given up after the subject broke down ${breakdowns} times`
        : hangs.exhausted,
    );
  }

  /** Starts the subject again after a breakdown; one that does not come back ends the run, not its report. */
  async restart(): Promise<void> {
    try {
      await this.asking.anew();
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
