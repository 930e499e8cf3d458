import { boundaryRecipes, build, type Recipe, RecipeStream } from "../../generators/index.ts";
import { KernelParser, oddities } from "../../oracles/index.ts";
import type { Profile, RuleId } from "../../spec/index.ts";
import { type Breakdown, isBreakdown } from "../../subjects/driver/breakdown.ts";
import {
  type LiveKernel,
  type LiveQuestion,
  type Observed,
  SERVER_SIZE,
} from "../../subjects/live-kernel/question.ts";
import { termsOf } from "../../subjects/live-kernel/server.ts";
import { Ledger } from "../parser/failures/ledger.ts";
import { Budget, type Limits } from "../run/budget.ts";
import type { RunProgress } from "../run/outcome.ts";
import { exchangeCases, smallest } from "./cases.ts";
import { checkObserved, decidingRule, type LiveDifference } from "./check.ts";
import { ordinary } from "./detection.ts";
import { LeakWatch } from "./leaks.ts";
import { type OpenPrediction, predictOpens } from "./prediction.ts";

/** Number of messages in a run; soak continues until its time is up. */
const RUNS = { quick: 1000, full: 20_000, soak: Number.POSITIVE_INFINITY } as const;

/** The run stops after this many breakdowns of the kernel, because each costs the time limit of an open(2). */
const MAX_BREAKDOWNS = 5;

export interface LiveRunOptions extends Limits {
  readonly profile: Profile;
  readonly seed: number;
  readonly runs?: number;
  readonly filter?: (rule: RuleId) => boolean;
  readonly progress: (progress: RunProgress) => void;
  /** Called before each question, so that it is known if the kernel crashes over it. */
  readonly about?: (question: LiveQuestion) => void;
}

/** A question with its predictions and the observed result. */
export interface Settled {
  readonly question: LiveQuestion;
  readonly predictions: readonly OpenPrediction[];
  readonly observed: Observed | Breakdown;
  readonly difference: LiveDifference | null;
}

/** One run over a kernel's mount. */
export class LiveRun {
  readonly ledger = new Ledger();
  /** The question of each failure and finding, by the message that stands for it. */
  readonly questions = new Map<Uint8Array, LiveQuestion>();
  readonly budget: Budget;
  private readonly kernel: LiveKernel;
  private readonly options: LiveRunOptions;
  private readonly leaks: LeakWatch;
  private breakdowns = 0;
  private asked = 0;

  constructor(kernel: LiveKernel, options: LiveRunOptions) {
    this.kernel = kernel;
    this.options = options;
    this.leaks = new LeakWatch(options.profile);
    this.budget = new Budget(options);
  }

  async go(): Promise<void> {
    const { profile, filter } = this.options;
    if (filter?.("exchange/only-agreed") !== false) await this.disagreed();
    await this.kernel.mount(termsOf(profile));
    for (const c of exchangeCases(profile)) {
      if (this.over()) return;
      if (filter?.(c.rule) !== false) await this.put(c, null, [c.rule]);
    }
    for (const recipe of this.recipes()) {
      if (this.over()) return;
      const question = ordinary(profile, build(recipe, profile).bytes);
      await this.put(question, recipe, []);
    }
    if (!this.over() || this.budget.ended === null) await this.lookForLeaks();
  }

  private async lookForLeaks(): Promise<void> {
    for (const { rule, what, question, objects } of (await this.leaks.look(this.kernel)) ?? []) {
      const predictions = predictOpens(this.options.profile, question.plan, question.opens) ?? [];
      const message = messageOf({ predictions, question });
      this.questions.set(message, question);
      this.ledger.find({ rule, what }, { message }, null, this.asked, objects);
    }
  }

  /** Checks that the kernel does not ask a server that does not echo the bit. */
  async disagreed(): Promise<void> {
    const { profile } = this.options;
    await this.kernel.mount({ ...termsOf(profile), take: 0n });
    const question = ordinary(profile, smallest(profile));
    const observed = await this.kernel.ask(question);
    const rule = "exchange/only-agreed";
    this.ledger.count([rule]);
    const asked = isBreakdown(observed)
      ? observed.detail
      : observed.asked.flat().length > 0
        ? "GET_FMAP is sent"
        : null;
    if (asked === null) return;
    const message = smallest(profile);
    this.questions.set(message, question);
    const expectedText = "no GET_FMAP without FUSE_DAX_FMAP in INIT's answer";
    this.ledger.fail(
      {
        rule,
        kind: "exchange",
        actual: asked,
        expectedText,
        question: { message },
        recipe: null,
      },
      this.asked,
    );
  }

  private *recipes(): Generator<Recipe> {
    let left = this.options.runs ?? RUNS[this.options.level];
    for (const recipe of boundaryRecipes(this.options.level === "quick")) if (left-- > 0) yield recipe;
    const stream = new RecipeStream(this.options.seed);
    while (left-- > 0) yield stream.next();
  }

  private over(): boolean {
    return this.budget.over(this.ledger.failures.size, () =>
      this.breakdowns > MAX_BREAKDOWNS
        ? `given up after the kernel broke down ${this.breakdowns} times`
        : null,
    );
  }

  /** Asks and compares, without counting; null: no source settles the right result. */
  async ask(question: LiveQuestion): Promise<Settled | null> {
    const { profile } = this.options;
    const predictions = predictOpens(profile, question.plan, question.opens);
    // A map of exactly the server's size could not be distinguished from no map.
    if (predictions === null || predictions.some((p) => p.inode.iSize === SERVER_SIZE)) return null;
    this.options.about?.(question);
    const observed = await this.kernel.ask(question);
    if (!isBreakdown(observed))
      return {
        question,
        predictions,
        observed,
        difference: checkObserved(profile, question, predictions, observed),
      };
    this.breakdowns++;
    await this.kernel.mount(termsOf(profile));
    const rule = decidingRule(profile, predictions.at(-1) as OpenPrediction) ?? "exchange/already-mapped";
    const expectedText = "an open(2) that comes back";
    return {
      question,
      predictions,
      observed,
      difference: { rule, kind: observed.kind, expectedText, actual: observed.detail },
    };
  }

  private async put(question: LiveQuestion, recipe: Recipe | null, uses: readonly RuleId[]): Promise<void> {
    const { profile, filter, progress, runs, level } = this.options;
    if (filter !== undefined && uses.length === 0) {
      const deciding = (predictOpens(profile, question.plan, question.opens) ?? []).map((p) =>
        decidingRule(profile, p),
      );
      if (!deciding.some((rule) => rule !== null && filter(rule))) return;
    }
    const settled = await this.ask(question);
    if (settled === null) return;
    const { difference, observed, predictions } = settled;
    const shows = [...uses, ...predictions.flatMap((p) => exercisedBy(profile, p))];
    const message = messageOf(settled);
    this.ledger.count([...new Set(difference === null ? shows : [difference.rule])]);
    if (recipe !== null) this.ledger.boundary(recipe);
    if (difference === null) this.leaks.keep(question, predictions);
    else {
      this.questions.set(message, question);
      this.ledger.fail({ ...difference, question: { message }, recipe }, this.asked);
    }
    for (const alarm of isBreakdown(observed) ? [] : observed.alarms) {
      this.questions.set(message, question);
      this.ledger.find(
        { rule: predictedHazard(profile, alarm, message), what: alarm },
        { message },
        recipe,
        this.asked,
      );
    }
    this.asked++;
    progress(this.budget.progress(this.asked, this.ledger.failures.size, runs ?? RUNS[level]));
  }
}

/** A copy of the message that represents a question: the parser's, or the bytes of the last reply. */
export function messageOf({ predictions, question }: Pick<Settled, "predictions" | "question">): Uint8Array {
  const handed = predictions.findLast((p) => p.message !== null)?.message;
  const last = question.plan.findLast((a) => "payload" in a);
  return Uint8Array.from(handed ?? (last !== undefined && "payload" in last ? last.payload : []));
}

/** The rules that an open exercises if it goes as predicted. */
function exercisedBy(profile: Profile, p: OpenPrediction): RuleId[] {
  const rules: RuleId[] = [];
  const { exchange, request, daxdevs } = profile;
  if (p.sizes.length > 0) rules.push(request.body === "none" ? "exchange/no-body" : "exchange/first-size");
  const decided = decidingRule(profile, p);
  if (decided !== null) rules.push(decided);
  if (p.verdict?.verdict === "accept") {
    rules.push(...oddities(profile, p.message as Uint8Array, p.verdict.map));
    rules.push(
      p.verdict.map.extType === "simple" ? "fmap/map/simple" : "fmap/map/interleaved",
      "install/publish",
    );
    if (daxdevs.way === "pull") rules.push("exchange/daxdev-asked", "exchange/daxdev-failure");
  } else if (p.verdict !== null) {
    rules.push(
      "install/parse-error",
      exchange.dropsVerdict ? "exchange/result-dropped" : "exchange/open-fails",
    );
  } else if (p.sizes.length > 0) {
    rules.push(exchange.openIgnoresFmap ? "exchange/open-ignores" : "exchange/open-fails");
  }
  return rules;
}

/** The hazard of the profile that explains the kernel's alarm on this message; null: none does. */
function predictedHazard(profile: Profile, alarm: string, message: Uint8Array): RuleId | null {
  const oracle = new KernelParser(profile);
  const rc = oracle.parse(
    new DataView(message.buffer, message.byteOffset, message.length),
    0,
    message.length,
  );
  if (/^UBSAN: shift-out-of-bounds/.test(alarm) && oracle.shifts > 0) return "hazard/devindex-shift";
  if (/unlock balance|DEBUG_RWSEMS/.test(alarm) && rc !== 0 && profile.install.unlocksUnlocked)
    return "hazard/unlock-of-unlocked";
  return null;
}
