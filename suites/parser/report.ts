import { build, type Recipe } from "../../generators/index.ts";
import { parseFmap } from "../../oracles/index.ts";
import { decodeMessage, type Needs, type Rule, type RuleId } from "../../spec/index.ts";
import { SubjectError } from "../failure.ts";
import type { Counterexample, Finding, ParserReport, Repeats } from "../outcome.ts";
import { repeat } from "../repeats.ts";
import { isBreakdown, type ParserSubject, type Question } from "../subjects/subject.ts";
import { verdictToJson } from "../verdict-json.ts";
import { versionsWith } from "../versions.ts";
import { type Checked, checkAnswer } from "./check.ts";
import { type Failure, type FailureClass, type FindingClass, failureKey, sameness } from "./ledger.ts";
import { Likeness, odditiesOf, withMessage } from "./likeness.ts";
import { sightKey } from "./observe.ts";
import type { ParserRun, RunOptions } from "./run.ts";
import { shrink } from "./shrink.ts";

/** Milliseconds that all shrinking together may take; a parser that needs more is wrong all over. */
const SHRINK_BUDGET = 30_000;

/** Milliseconds that asking all failures again may take. */
const REPEAT_BUDGET = 20_000;

export interface ReportOptions extends RunOptions {
  readonly version: string;
  /** Findings that the profile predicts fail the run too. */
  readonly strict: boolean;
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
    const { profile, level, seed, version, strict } = this.options;
    const classes = [...ledger.failures.values()].sort(byPosition);
    const unshrunk = await this.shrinkAll(classes);
    const shrunk = classes.filter((f) => !unshrunk.has(f));
    this.explain(shrunk);
    await this.askAgain(shrunk);
    const counterexamples = distinct(shrunk).map((f) => this.counterexample(f));
    const findings: Finding[] = [];
    for (const finding of [...ledger.findings.values()].sort(byPosition))
      findings.push(await this.finding(finding));
    const fatal = findings.filter((f) => !f.predicted || strict);
    const { ended } = this.run;
    return {
      format: "fmapspec-report",
      version: 1,
      fmapspec: version,
      suite: "parser",
      profile: profile.name,
      level,
      seed,
      subject: this.subject.description,
      implementation,
      complete: ended === null,
      passed: counterexamples.length === 0 && fatal.length === 0 && ledger.messages > ledger.skipped,
      seconds,
      messages: ledger.messages,
      rules: ledger.outcomes(profile, (rule) => inability(rule, this.subject)),
      counterexamples,
      findings,
      boundaries: ledger.boundaries(),
      notes: [
        ...this.subject.notes,
        ...(ended === null ? [] : [ended]),
        ...(unshrunk.size === 0
          ? []
          : [`${unshrunk.size} more kinds of failure were not shrunk and are not shown`]),
        ...(strict && fatal.some((f) => f.predicted)
          ? [`--strict: what ${profile.name} is known for fails the run, too`]
          : []),
        ...(ledger.skipped > 0 ? [`the subject skipped ${ledger.skipped} messages`] : []),
        ...(ledger.untold > 0
          ? [
              `of ${ledger.untold} accepted messages only the verdict was compared: the subject did not tell its map`,
            ]
          : []),
      ],
    };
  }

  /** Shrinks while there is time, one failure of each rule first; returns those that it did not come to. */
  private async shrinkAll(failures: readonly FailureClass[]): Promise<Set<FailureClass>> {
    const firsts = failures.filter((f, i) => failures.findIndex((g) => g.rule === f.rule) === i);
    const waiting = new Set([...firsts, ...failures]);
    const deadline = Date.now() + SHRINK_BUDGET;
    for (const failure of waiting) {
      if (Date.now() > deadline) break;
      await this.shrinkFailure(failure);
      waiting.delete(failure);
    }
    return waiting;
  }

  private async shrinkFailure(f: FailureClass): Promise<void> {
    if (f.recipe === null || this.options.signal.aborted) return;
    const likeness = new Likeness(this.options.profile, f.question);
    const simplest = await shrink(this.options.profile, f.recipe, async (message) => {
      if (this.options.signal.aborted) return false;
      const q = withMessage(this.options.profile, f.question, message);
      if (!likeness.fits(q) || !alike((await this.checked(q)).difference, f)) return false;
      likeness.settle(q);
      return true;
    });
    this.settle(f, simplest);
    const { difference: last } = await this.checked(f.question);
    // The answer to the smallest message, with its own numbers in it.
    if (alike(last, f)) Object.assign(f, last);
  }

  /** A failure whose message is odd in all the ways of another one's, and in more, is the other one's. */
  private explain(failures: readonly FailureClass[]): void {
    const odd = new Map(failures.map((f) => [f, odditiesOf(this.options.profile, f.question.message)]));
    const oddIn = (f: FailureClass) => odd.get(f) as readonly RuleId[];
    for (const f of failures) {
      const cause = failures.find(
        (g) =>
          oddIn(g).length > 0 &&
          oddIn(g).length < oddIn(f).length &&
          alike(g, f) &&
          oddIn(g).every((rule) => oddIn(f).includes(rule)),
      );
      if (cause !== undefined) f.rule = cause.rule;
    }
  }

  private async finding(f: FindingClass): Promise<Finding> {
    const key = sightKey(f);
    const shows = async ({ seen }: Checked) => {
      for (const sight of seen) if (sightKey(await this.run.asking.sites.sight(sight)) === key) return true;
      return false;
    };
    if (f.recipe !== null && !this.options.signal.aborted) {
      const simplest = await shrink(this.options.profile, f.recipe, async (message) => {
        if (this.options.signal.aborted) return false;
        const q = withMessage(this.options.profile, f.question, message);
        return shows(await this.checked(q));
      });
      this.settle(f, simplest);
    }
    f.repeats = await this.repeats(f.question, shows);
    const { what } = f;
    return {
      rule: f.rule,
      what,
      predicted: f.rule !== null,
      messages: f.messages,
      counterexample: this.counterexample({
        ...f,
        rule: f.rule ?? "fmap/map/simple",
        kind: "finding",
        actual: what,
      }),
    };
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

  /** Asks the failures again while there is time. */
  private async askAgain(failures: readonly FailureClass[]): Promise<void> {
    const deadline = Date.now() + REPEAT_BUDGET;
    for (const f of failures)
      if (Date.now() < deadline)
        f.repeats = await this.repeats(f.question, async (c) => c.difference !== null);
  }

  /** How often the failure is there again: as it is, and then on a subject that has heard nothing else; null: there is no telling. */
  private repeats(q: Question, fails: (checked: Checked) => Promise<boolean>): Promise<Repeats | null> {
    return repeat(async (n) => {
      if (this.options.signal.aborted) return null;
      try {
        if (n === 1) await this.subject.restart();
        return await fails(await this.checked(q));
      } catch (error) {
        if (!(error instanceof SubjectError)) throw error;
        // Who does not come back cannot be asked; the run has come to its end all the same.
        return null;
      }
    });
  }

  private counterexample(f: Failure): Counterexample {
    const { question: q, recipe } = f;
    return {
      format: "fmapspec-counterexample",
      version: 1,
      profile: this.options.profile.name,
      rule: f.rule,
      kind: f.kind,
      message: Buffer.from(q.message).toString("hex"),
      decoded: decodeMessage(q.message, this.options.profile.fmapSizeField),
      ...failing(q),
      ...(q.scene === undefined ? {} : { scene: q.scene }),
      ...(q.resolve === undefined ? {} : { resolve: q.resolve.map(([o, w]) => [`${o}`, `${w}`] as const) }),
      expected: verdictToJson(parseFmap(this.options.profile, q.message, failing(q))),
      ...(f.expectedText === undefined ? {} : { expectedText: f.expectedText }),
      actual: f.actual,
      subject: this.subject.description,
      seed: this.options.seed,
      ...(recipe === null ? {} : { recipe }),
      versions: versionsWith(this.options.version),
      ...(f.repeats ? { repeats: f.repeats } : {}),
    };
  }
}

const byPosition = (a: { position: number }, b: { position: number }): number => a.position - b.position;

/** Whether the same went wrong as in the failure, whatever the numbers. */
const alike = (
  now: Pick<Failure, "kind" | "actual"> | null,
  f: FailureClass,
): now is NonNullable<Checked["difference"]> =>
  now !== null && now.kind === f.kind && sameness(now.actual) === sameness(f.actual);

const failing = (q: Question): { failAllocation?: number } =>
  q.failAllocation === undefined ? {} : { failAllocation: q.failAllocation };

/** One failure for each rule, kind and answer, the shortest message of them. */
function distinct(failures: readonly FailureClass[]): FailureClass[] {
  const shortest = new Map<string, FailureClass>();
  for (const f of failures) {
    const key = failureKey(f);
    const known = shortest.get(key);
    if (known === undefined || f.question.message.length < known.question.message.length)
      shortest.set(key, f);
  }
  return [...shortest.values()];
}

const NEEDS: Record<Needs, string> = {
  message: "",
  allocation: "only kernel source can have an allocation fail",
  install: "only kernel source has an inode to install a map on",
  resolution: "the subject does not resolve offsets",
  exchange: "a parser has no part in the exchange with the daemon",
  daemon: "a parser is no daemon",
  observation: "only kernel source can be watched",
  unreachable: "no message reaches it, other checks stand before it",
};

/** Why the subject cannot be held to the rule; null: it can. */
function inability(rule: Rule, { abilities, exempt }: ParserSubject): string | null {
  return abilities.has(rule.needs) ? (exempt.get(rule.id) ?? null) : NEEDS[rule.needs];
}
