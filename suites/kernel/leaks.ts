import { SubjectError } from "../../base/errors.ts";
import type { HazardId, Profile, RuleId } from "../../spec/index.ts";
import type { LiveKernel, LiveQuestion } from "../../subjects/live-kernel/question.ts";
import { termsOf } from "../../subjects/live-kernel/server.ts";
import { decidingRule } from "./check.ts";
import type { OpenPrediction } from "./prediction.ts";

/** Memory that a kernel leaves behind, and the question that it does so for. */
export interface Leak {
  /** The hazard of the profile that predicts it; null: nothing does. */
  readonly rule: HazardId | null;
  /** What the kernel's leak detector says. */
  readonly what: string;
  readonly question: LiveQuestion;
  /** Objects that are left, of all that was asked. */
  readonly objects: number;
}

/** Questions kept for each rule that decides: a leak is a matter of the path that a message takes. */
const KEPT_PER_RULE = 8;

/** How often one question is asked: a stale pointer on some stack hides an object from the detector. */
const TIMES = 16;

/** Into so many parts is divided what leaks, until one question is left; each has an opener of its own, and a scan takes seconds. */
const PARTS = 8;

/**
 * Questions that a kernel answered as predicted, to be asked once more under its leak detector: those for which the profile
 * predicts no leak together, of the others the smallest for each hazard.
 */
export class LeakWatch {
  readonly #profile: Profile;
  readonly #sound = new Map<RuleId | null, LiveQuestion[]>();
  readonly #leaky = new Map<HazardId, LiveQuestion>();

  constructor(profile: Profile) {
    this.#profile = profile;
  }

  keep(question: LiveQuestion, predictions: readonly OpenPrediction[]): void {
    const [hazard, ...others] = new Set(predictions.flatMap((p) => p.leaks));
    if (hazard === undefined) {
      const rule = decidingRule(this.#profile, predictions[0] as OpenPrediction);
      const kept = this.#sound.get(rule) ?? [];
      if (kept.length < KEPT_PER_RULE) this.#sound.set(rule, [...kept, question]);
    } else if (others.length === 0) {
      const known = this.#leaky.get(hazard);
      if (known === undefined || size(question) < size(known)) this.#leaky.set(hazard, question);
    }
  }

  /** Asks them again; null: the kernel has no leak detector. */
  async look(kernel: LiveKernel): Promise<Leak[] | null> {
    const terms = termsOf(this.#profile);
    const leaky = [...this.#leaky];
    const sound = [...this.#sound.values()].flat();
    const groups = [...leaky.map(([, question]) => repeated([question])), sound];
    const left = await kernel.leftBy(terms, groups);
    if (left === null) return null;
    const leaks = leaky.flatMap(([rule, question], i) => leaksOf(rule, question, left[i] as string[]));
    const unforeseen = left.at(-1) as readonly string[];
    if (unforeseen.length === 0) return leaks;
    // kmemleak may take an object that is on its way from one list to another for lost: a leak is there again.
    const again = (await kernel.leftBy(terms, [sound]))?.[0] ?? [];
    if (again.length === 0) return leaks;
    return [...leaks, ...leaksOf(null, await this.#culprit(kernel, sound), again)];
  }

  /** The first of the questions that leaks when it is asked with fewer and fewer others. */
  async #culprit(kernel: LiveKernel, questions: readonly LiveQuestion[]): Promise<LiveQuestion> {
    let among = questions;
    while (among.length > 1) {
      const parts = divided(among, PARTS);
      const left = (await kernel.leftBy(termsOf(this.#profile), parts.map(repeated))) ?? [];
      const leaking = left.findIndex((texts) => texts.length > 0);
      // It hides: the first of those that are left stands for them.
      if (leaking < 0) break;
      among = parts[leaking] as LiveQuestion[];
    }
    return among[0] as LiveQuestion;
  }
}

/** What a kernel leaves behind when it is asked that question alone. Throws SubjectError where nobody looks. */
export async function leftByOne(
  kernel: LiveKernel,
  profile: Profile,
  question: LiveQuestion,
): Promise<readonly string[]> {
  const left = await kernel.leftBy(termsOf(profile), [repeated([question])]);
  if (left === null)
    throw new SubjectError("kmemleak found this, and this kernel has none that can be asked");
  return [...new Set(left.flat())];
}

const size = ({ plan }: LiveQuestion): number =>
  plan.reduce((n, answer) => n + ("payload" in answer ? answer.payload.length : 0), 0);

/** So few questions that each has to be asked more than once, or the questions as they are. */
const repeated = (questions: readonly LiveQuestion[]): LiveQuestion[] =>
  Array.from({ length: Math.max(1, Math.floor(TIMES / questions.length)) }, () => questions).flat();

function divided<T>(items: readonly T[], parts: number): T[][] {
  const length = Math.ceil(items.length / parts);
  return Array.from({ length: Math.ceil(items.length / length) }, (_, i) =>
    items.slice(i * length, (i + 1) * length),
  );
}

/** One leak for each text, and how often it is there. */
function leaksOf(rule: HazardId | null, question: LiveQuestion, texts: readonly string[]): Leak[] {
  return [...new Set(texts)].map((what) => ({
    rule,
    what,
    question,
    objects: texts.filter((t) => t === what).length,
  }));
}
