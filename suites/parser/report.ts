import { SubjectError } from "../../base/errors.ts";
import { build, type Recipe } from "../../generators/index.ts";
import { isBreakdown } from "../../subjects/driver/breakdown.ts";
import type { ParserSubject, Question } from "../../subjects/driver/subject.ts";
import { repeat } from "../run/repeats.ts";
import { sightKey } from "./asking/observe.ts";
import { type Checked, checkAnswer } from "./check.ts";
import { alike, concludeParser } from "./conclusion.ts";
import { factsOf } from "./facts.ts";
import type { FailureClass, FindingClass } from "./failures/ledger.ts";
import { Likeness, withMessage } from "./failures/likeness.ts";
import { shrink } from "./failures/shrink.ts";
import type { ParserReport } from "./outcome.ts";
import type { ParserRun, RunOptions } from "./run.ts";
import { byPosition } from "./stored.ts";

/** Milliseconds that all shrinking together may take; a parser that needs more is wrong all over. */
const SHRINK_BUDGET = 30_000;

/** Hangs that shrinking one failure may always take, and the milliseconds that they may take together beyond: each costs three times what an answer has. */
const HANGS_OF_SHRINKING = 2;
const HANGING_OF_SHRINKING = 5_000;

/** Times that a hang is asked again. */
const TRIES_OF_HANG = 1;

/** Milliseconds that asking all failures again may take. */
const REPEAT_BUDGET = 20_000;

export interface ReportOptions extends RunOptions {
  readonly version: string;
  /** Findings that the profile predicts fail the run too. */
  readonly strict: boolean;
  /** False: failures are not asked again, which takes two restarts of the subject for each. */
  readonly repeats?: false;
}

/** Shrinks what a run has found and makes its report. */
export class Reporter {
  private readonly run: ParserRun;
  private readonly subject: ParserSubject;
  private readonly options: ReportOptions;

  constructor(run: ParserRun, subject: ParserSubject, options: ReportOptions) {
    this.run = run;
    this.subject = subject;
    this.options = options;
  }

  /** `implementation`: what the subject said it is; `seconds`: how long the run took. */
  async report(implementation: string, seconds: number): Promise<ParserReport> {
    const { ledger } = this.run;
    const { profile, level, seed, version } = this.options;
    await this.shrinkAll([...ledger.failures.values()].sort(byPosition));
    for (const finding of [...ledger.findings.values()].sort(byPosition)) await this.shrinkFinding(finding);
    const run = factsOf(this.options);
    const { description: subject } = this.subject;
    const facts = { fmapspec: version, level, seed, run, subject, implementation };
    const state = { ...this.run.state(), seconds };
    const report = concludeParser(profile, facts, ledger, state);
    if (run.shard !== null) return { ...report, state };
    const { guide } = this.run;
    return guide === null ? report : { ...report, search: guide.report() };
  }

  /** Shrinks while there is time, one failure of each rule first; those that it does not come to are not shown. */
  private async shrinkAll(failures: readonly FailureClass[]): Promise<void> {
    const firsts = failures.filter((f, i) => failures.findIndex((g) => g.rule === f.rule) === i);
    const deadline = Date.now() + SHRINK_BUDGET;
    for (const failure of new Set([...firsts, ...failures])) {
      if (Date.now() > deadline) break;
      await this.shrinkFailure(failure);
      failure.shown = true;
    }
    const last = Date.now() + REPEAT_BUDGET;
    for (const f of failures)
      if (f.shown && Date.now() < last) await this.askAgain(f, async (c) => c.difference !== null);
  }

  private async shrinkFailure(f: FailureClass): Promise<void> {
    if (f.recipe === null || this.options.signal.aborted) return;
    const likeness = new Likeness(this.options.profile, f.question);
    const most = Math.max(HANGS_OF_SHRINKING, HANGING_OF_SHRINKING / (3 * this.options.timeout));
    let hangs = 0;
    const simplest = await shrink(this.options.profile, f.recipe, async (message) => {
      if (this.options.signal.aborted || hangs >= most) return false;
      const q = withMessage(this.options.profile, f.question, message);
      const difference = likeness.fits(q) ? (await this.checked(q)).difference : null;
      if (difference?.kind === "hang") hangs++;
      if (difference === null || !alike(difference, f)) return false;
      likeness.settle(q);
      return true;
    });
    const { question, recipe } = f;
    this.settle(f, simplest);
    const { difference: last } = await this.checked(f.question);
    // The answer to the smallest message, with its own numbers in it.
    if (last !== null && alike(last, f)) Object.assign(f, last);
    // What was only late on a busy machine is no witness of a hang.
    else if (f.kind === "hang") Object.assign(f, { question, recipe });
  }

  private async shrinkFinding(f: FindingClass): Promise<void> {
    const key = sightKey(f);
    const shows = async ({ anomalies }: Checked) => {
      for (const sight of anomalies)
        if (sightKey(await this.run.asking.sites.sight(sight)) === key) return true;
      return false;
    };
    if (f.recipe !== null && !this.options.signal.aborted) {
      const simplest = await shrink(this.options.profile, f.recipe, async (message) => {
        if (this.options.signal.aborted) return false;
        return shows(await this.checked(withMessage(this.options.profile, f.question, message)));
      });
      this.settle(f, simplest);
    }
    await this.askAgain(f, shows);
  }

  private settle(f: { question: Question; recipe: Recipe | null }, simplest: Recipe): void {
    f.question = withMessage(this.options.profile, f.question, build(simplest, this.options.profile).bytes);
    f.recipe = simplest;
  }

  private async checked(q: Question): Promise<Checked> {
    const answer = await this.subject.question(q);
    if (isBreakdown(answer)) await this.run.restart();
    return checkAnswer(this.options.profile, this.run.oracle, q, answer);
  }

  /** Notes how often it is there again: first as the subject is, and then on one that has heard nothing else. */
  private async askAgain(
    f: FailureClass | FindingClass,
    fails: (checked: Checked) => Promise<boolean>,
  ): Promise<void> {
    if (this.options.repeats === false) return;
    const repeats = await repeat(
      async (n) => {
        if (this.options.signal.aborted) return null;
        try {
          if (n === 1) await this.run.asking.startAgain();
          return await fails(await this.checked(f.question));
        } catch (error) {
          if (!(error instanceof SubjectError)) throw error;
          // Who does not come back cannot be asked; the run has come to its end all the same.
          return null;
        }
      },
      "kind" in f && f.kind === "hang" ? TRIES_OF_HANG : undefined,
    );
    if (repeats !== null) f.repeats = repeats;
  }
}
