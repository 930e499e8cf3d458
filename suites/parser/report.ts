import { build, type Recipe } from "../../generators/index.ts";
import { parseFmap, resolve } from "../../oracles/index.ts";
import type { ParserReport } from "../outcome.ts";
import { isBreakdown, type ParserSubject, type Question } from "../subjects/subject.ts";
import { checkAnswer } from "./check.ts";
import { alike, concludeParser, odditiesOf } from "./conclusion.ts";
import { factsOf } from "./facts.ts";
import type { FailureClass, FindingClass } from "./ledger.ts";
import { sightKey } from "./observe.ts";
import type { ParserRun, RunOptions } from "./run.ts";
import { shrink } from "./shrink.ts";
import { byPosition } from "./stored.ts";

/** Milliseconds that all shrinking together may take; a parser that needs more is wrong all over. */
const SHRINK_BUDGET = 30_000;

export interface ReportOptions extends RunOptions {
  readonly version: string;
  /** Findings that the profile predicts fail the run too. */
  readonly strict: boolean;
  /** The globs that `filter` was made of. */
  readonly filters: readonly string[];
  /** Milliseconds in which an answer is due. */
  readonly timeout: number;
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
    return run.shard === null ? report : { ...report, state };
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
  }

  private async shrinkFailure(f: FailureClass): Promise<void> {
    if (f.recipe === null || this.options.signal.aborted) return;
    const wanted = parseFmap(this.options.profile, f.question.message, f.question);
    let odd = odditiesOf(this.options.profile, f.question.message);
    const simplest = await shrink(this.options.profile, f.recipe, async (message) => {
      if (this.options.signal.aborted) return false;
      const q = this.asked(f.question, message);
      const now = parseFmap(this.options.profile, message, q);
      if (now.verdict !== wanted.verdict) return false;
      if (now.verdict === "reject" && wanted.verdict === "reject" && now.errno !== wanted.errno) return false;
      // A message that is odd in one more way is not simpler, though it may be shorter.
      const oddNow = odditiesOf(this.options.profile, message);
      if (!oddNow.every((rule) => odd.includes(rule))) return false;
      const difference = await this.differenceOn(q);
      if (difference === null || !alike(difference, f)) return false;
      odd = oddNow;
      return true;
    });
    this.settle(f, simplest);
    const last = await this.differenceOn(f.question);
    // The answer to the smallest message, with its own numbers in it.
    if (last !== null && alike(last, f)) Object.assign(f, last);
  }

  private async shrinkFinding(f: FindingClass): Promise<void> {
    const key = sightKey(f);
    if (f.recipe === null || this.options.signal.aborted) return;
    const simplest = await shrink(this.options.profile, f.recipe, async (message) => {
      if (this.options.signal.aborted) return false;
      const q = this.asked(f.question, message);
      const answer = await this.subject.question(q);
      if (isBreakdown(answer)) await this.run.restart();
      const { seen } = checkAnswer(this.options.profile, this.run.oracle, q, answer);
      for (const sight of seen) if (sightKey(await this.run.asking.sites.sight(sight)) === key) return true;
      return false;
    });
    this.settle(f, simplest);
  }

  private settle(f: { question: Question; recipe: Recipe | null }, simplest: Recipe): void {
    f.question = this.asked(f.question, build(simplest, this.options.profile).bytes);
    f.recipe = simplest;
  }

  /** The question with another message: without the resolutions that would be undefined on it. */
  private asked(question: Question, message: Uint8Array): Question {
    if (question.resolve === undefined) return { ...question, message };
    const verdict = parseFmap(this.options.profile, message);
    const pairs = question.resolve.filter(
      ([o, w]) =>
        verdict.verdict === "accept" &&
        resolve(this.options.profile, verdict.map, o, w).kind !== "unspecified",
    );
    return { ...question, message, resolve: pairs };
  }

  private async differenceOn(q: Question) {
    const answer = await this.subject.question(q);
    if (isBreakdown(answer)) await this.run.restart();
    return checkAnswer(this.options.profile, this.run.oracle, q, answer).difference;
  }
}
