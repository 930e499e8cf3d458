import { setImmediate } from "node:timers/promises";
import { SubjectError } from "../../base/errors.ts";
import type { KernelParser } from "../../oracles/index.ts";
import type { Profile, RuleId } from "../../spec/index.ts";
import { Answers } from "../../subjects/driver/answers.ts";
import type { ParserSubject } from "../../subjects/driver/subject.ts";
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

export interface RunOptions extends Extent {
  readonly profile: Profile;
  /** Seconds after which no further message is asked. */
  readonly maxTime?: number;
  readonly failFast: boolean;
  /** Messages are made from those that showed something; such a run has neither shards nor a continuation. */
  readonly guided?: boolean;
  /** Only messages that such a rule decides are asked. */
  readonly filter?: (rule: RuleId) => boolean;
  readonly signal: AbortSignal;
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

/** Seconds of a soak for which no other time was given. */
const SOAK_TIME = 600;

/** Messages that a filter may refuse in a row before signals and time are looked at again. */
const PATIENCE = 10_000;

/** A subject that breaks down more often than this is given up. */
const MAX_BREAKDOWNS = 20;

/** One run of the parser suite over one subject: asks, compares, restarts, and keeps the ledger. */
export class ParserRun {
  readonly ledger: Ledger;
  /** Why the run ended before its time and its messages were up; null: it did not. */
  ended: string | null = null;
  readonly asking: Asking;
  /** Null: the messages are those of any run. */
  readonly guide: Guide | null;
  private readonly subject: ParserSubject;
  private readonly options: RunOptions;
  private exhausted = false;
  private failed = false;
  /** When the run began, the time before an interruption counted. */
  private readonly began: number;
  private readonly deadline: number;

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
    this.began = Date.now() - 1000 * from.seconds;
    const seconds = options.maxTime ?? (options.level === "soak" ? SOAK_TIME : Number.POSITIVE_INFINITY);
    this.deadline = this.began + 1000 * seconds;
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
      seconds: this.seconds(),
      breakdowns: this.asking.breakdowns,
      ended: this.ended,
      notes: [...this.subject.notes, ...this.asking.hangs.notes()],
      unable: unableOf(this.subject),
      ledger: ledgerToJson(this.ledger),
    };
  }

  /** How long it has gone on, without the time between an interruption and now. */
  seconds(): number {
    return (Date.now() - this.began) / 1000;
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
    this.ended = ended;
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
    const elapsed = (Date.now() - this.began) / (this.deadline - this.began);
    // What a filter leaves out does not come to be asked, so the count says nothing of the end.
    const asked =
      this.options.filter === undefined ? messages / recipeCount(this.options, this.subject.pace) : 0;
    const part = Math.max(elapsed, asked);
    return { done: messages, failures: failures.size, part: part > 0 ? Math.min(part, 1) : null };
  }

  private over(): boolean {
    if (this.ended !== null) return true;
    if (this.options.signal.aborted) this.ended = "interrupted";
    else if (this.options.failFast && this.ledger.failures.size > 0)
      this.ended = "stopped at the first failure";
    else if (this.asking.breakdowns > MAX_BREAKDOWNS)
      this.ended = `given up after the subject broke down ${this.asking.breakdowns} times`;
    // Of a soak the time is the whole run.
    else if (Date.now() > this.deadline && this.options.level !== "soak") this.ended = "the time was up";
    else this.ended = this.asking.hangs.exhausted;
    return this.ended !== null || Date.now() > this.deadline;
  }

  /** Starts the subject again after a breakdown; one that does not come back ends the run, not its report. */
  async restart(): Promise<void> {
    try {
      await this.asking.anew();
    } catch (error) {
      if (!(error instanceof SubjectError)) throw error;
      this.ended = `given up: ${error.message}`;
    }
  }

  /** Failing allocations, scenes of the installation and resolutions, as far as the subject can arrange them. */
  private async special(): Promise<void> {
    let index = 0;
    for (const special of specialQuestions(this.subject, this.options, this.oracle)) {
      const position = SPECIAL + index;
      if (!isOf(this.options.shard, index++) || position < this.asking.position) continue;
      // A soak has these behind its time: without them it would say nothing of their rules.
      if (this.over() && (this.ended !== null || this.options.level !== "soak")) return;
      if (this.options.filter !== undefined && !special.uses.some(this.options.filter)) continue;
      await this.asking.special(special, position);
      this.keep();
    }
  }
}
