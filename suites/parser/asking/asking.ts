import type { Profile } from "../../../spec/index.ts";
import { type Answers, SKIPPED } from "../../../subjects/driver/answers.ts";
import { type Breakdown, isBreakdown } from "../../../subjects/driver/breakdown.ts";
import type { ParserSubject } from "../../../subjects/driver/subject.ts";
import { checkAnswer } from "../check.ts";
import { type Failure, IN_FLIGHT, Ledger } from "../failures/ledger.ts";
import type { ParserState } from "../stored.ts";
import { Hangs } from "./hangs.ts";
import { answerAlone, answerInBatch, type Judgement, Judging } from "./judging.ts";
import { Sites } from "./observe.ts";
import type { Portion } from "./portion.ts";
import type { SpecialQuestion } from "./special.ts";

/** What asking needs of the run that it is part of. */
interface Surroundings {
  /** Messages in one batch at most. */
  readonly largest: number;
  /** Whether nothing more is to be asked. */
  over(): boolean;
  restart(): Promise<void>;
}

/** A failure, and the position of its message. */
type Found = readonly [Failure, number];

/** Asks a subject, alone where it has to be, and keeps in the ledger what comes of it, each message once. */
export class Asking {
  breakdowns: number;
  /** Position behind the last message that is settled: what was asked before it is in the ledger, nothing else is. */
  position: number;
  /** Messages in one batch; fewer for a subject that takes long. */
  limit: number;
  readonly hangs = new Hangs();
  readonly judging: Judging;
  readonly sites: Sites;
  /** What a batch showed whose messages there was no time to ask alone. */
  private unsettled: readonly Found[] = [];
  private readonly subject: ParserSubject;
  private readonly profile: Profile;
  private readonly ledger: Ledger;
  private readonly run: Surroundings;

  constructor(
    subject: ParserSubject,
    profile: Profile,
    ledger: Ledger,
    run: Surroundings,
    { position, breakdowns }: Pick<ParserState, "position" | "breakdowns">,
  ) {
    this.position = position;
    this.breakdowns = breakdowns;
    this.subject = subject;
    this.profile = profile;
    this.ledger = ledger;
    this.run = run;
    this.limit = run.largest;
    this.judging = new Judging(profile);
    this.sites = new Sites(subject);
  }

  /**
   * Compares the answers of a batch. Where the subject broke down or failed in a new way, nothing of it counts, and all
   * its messages are asked again one at a time: only then it is sure which of them did it.
   */
  async settle(portion: Portion, answers: Answers): Promise<void> {
    const part = new Ledger();
    const wrong: Found[] = [];
    const sights: [Judgement["anomalies"], number][] = [];
    for (let i = 0; i < answers.count; i++) {
      const { failure, anomalies } = this.judging.take(
        part,
        portion,
        i,
        answerInBatch(answers, i, portion.batch.lengths[i] as number),
      );
      if (failure !== null) wrong.push([failure, portion.position(i)]);
      if (anomalies.length > 0) sights.push([anomalies, i]);
    }
    if (answers.breakdown !== null || wrong.some(([f]) => !this.ledger.knows(f))) {
      await this.askEach(portion, answers, wrong);
      return;
    }
    for (const [failure, position] of wrong) part.fail(failure, position);
    for (const [anomalies, i] of sights) await this.find(part, portion, i, anomalies);
    this.ledger.add(part);
    this.position = portion.position(portion.batch.count - 1) + 1;
  }

  /** Asks the messages of a portion one at a time. `wrong`: what the batch showed. */
  private async askEach(portion: Portion, answers: Answers, wrong: readonly Found[]): Promise<void> {
    const { breakdown, count } = answers;
    const late = breakdown?.kind === "slow";
    if (breakdown?.kind === "hang") this.hangs.add(null);
    if (late) this.limit = Math.max(1, this.limit >> 2);
    else await this.run.restart();
    const all = portion.batch.count;
    let [failed, broke] = [false, false];
    let i = 0;
    for (; i < all && !this.run.over(); i++) {
      const at = i;
      if (this.hangs.bars(() => this.judging.decides(portion, at))) continue;
      const outcome = await this.askAlone(portion, i);
      this.position = portion.position(i) + 1;
      failed ||= outcome !== "right";
      broke ||= outcome === "breakdown";
    }
    const found: Found[] = failed ? [] : [...wrong];
    if (breakdown !== null && !broke && !late) {
      this.breakdowns++;
      const suspect = Math.min(count, all - 1);
      const position = portion.position(suspect);
      const after = `${breakdown.detail}, after ${count} of ${all} answers`;
      found.push([this.blamed(portion, suspect, { ...breakdown, detail: after }), position]);
    }
    if (i < all) this.unsettled = found.filter(([f]) => !this.ledger.knows(f));
    else for (const [f, at] of found) this.ledger.fail({ ...f, actual: `${f.actual}${IN_FLIGHT}` }, at);
  }

  /** The failure of a message that nobody can be sure of: without its recipe, as it cannot be shrunk. */
  private blamed(portion: Portion, i: number, breakdown: Breakdown): Failure {
    return { ...this.judging.broken(new Ledger(), portion, i, breakdown), recipe: null };
  }

  /** Starts the subject again; site numbers of the previous process are invalid. Throws SubjectError. */
  async startAgain(): Promise<void> {
    this.sites.forget();
    await this.subject.restart();
  }

  /** Counts what was seen in a batch that was not asked again before the run ended. */
  tellUnsettled(): void {
    for (const [failure, position] of this.unsettled) this.ledger.fail(failure, position);
    this.unsettled = [];
  }

  private async askAlone(portion: Portion, i: number): Promise<"right" | "wrong" | "breakdown"> {
    const { ledger, judging } = this;
    const position = portion.position(i);
    const answer = await this.subject.question(portion.question(i));
    if (isBreakdown(answer)) {
      const failure = judging.broken(ledger, portion, i, answer);
      ledger.fail(failure, position);
      if (answer.kind === "hang") this.hangs.add(failure.rule);
      this.breakdowns++;
      await this.run.restart();
      return "breakdown";
    }
    const { failure, anomalies } = judging.take(ledger, portion, i, answerAlone(answer));
    await this.find(ledger, portion, i, anomalies);
    if (failure === null) return "right";
    ledger.fail(failure, position);
    return "wrong";
  }

  private async find(
    ledger: Ledger,
    portion: Portion,
    i: number,
    anomalies: Judgement["anomalies"],
  ): Promise<void> {
    for (const s of anomalies)
      ledger.find(
        await this.sites.sight(s),
        portion.question(i),
        [...portion.recipe(i)],
        portion.position(i),
      );
  }

  /** Asks a question with circumstances, and credits its rules where the answer is right. */
  async special(asked: SpecialQuestion, position: number): Promise<void> {
    await this.askSpecial(asked, position);
    this.position = position + 1;
  }

  private async askSpecial({ question, recipe, uses }: SpecialQuestion, position: number): Promise<void> {
    const { ledger } = this;
    const answer = await this.subject.question(question);
    if (!isBreakdown(answer) && answer.rc === SKIPPED) {
      ledger.skip();
      return;
    }
    const { difference, anomalies, rule } = checkAnswer(this.profile, this.judging.oracle, question, answer);
    // An answer that accepts but omits `resolved` is not counted as a check of resolution.
    const silent = question.resolve !== undefined && "resolved" in answer && answer.resolved === null;
    ledger.count(difference !== null ? [difference.rule] : silent ? [rule] : uses);
    for (const s of anomalies) ledger.find(await this.sites.sight(s), question, recipe, position);
    if (difference !== null) ledger.fail({ ...difference, question, recipe }, position);
    if (!isBreakdown(answer)) {
      if (answer.rc === 0 && answer.map === null) ledger.untold++;
      return;
    }
    if (answer.kind === "hang") this.hangs.add(rule);
    this.breakdowns++;
    await this.run.restart();
  }
}
