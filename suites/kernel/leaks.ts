import { SubjectError } from "../../base/errors.ts";
import type { HazardId, Profile, RuleId } from "../../spec/index.ts";
import type { LiveKernel, LiveQuestion } from "../../subjects/live-kernel/question.ts";
import { termsOf } from "../../subjects/live-kernel/server.ts";
import { decidingRule } from "./check.ts";
import type { OpenPrediction } from "./prediction.ts";

/** A leak of the kernel, and the question that causes it. */
export interface Leak {
  /** The hazard of the profile that predicts it; null: no hazard does. */
  readonly rule: HazardId | null;
  /** The report of the kernel's leak detector. */
  readonly what: string;
  readonly question: LiveQuestion;
  /** Number of leaked objects. */
  readonly objects: number;
}

/** Questions kept for each deciding rule, because a leak depends on the path of a message through the parser. */
const KEPT_PER_RULE = 8;

/** How often one question is asked, because a stale pointer on a stack hides an object from the detector. */
const TIMES = 16;

/** Leaking questions are divided into this many parts until one is left. Each part has its own opener; a scan takes seconds. */
const PARTS = 8;

/**
 * Questions that a kernel answered as predicted, to be asked again under its leak detector: all questions without a predicted
 * leak together, and the smallest question for each hazard.
 */
export class LeakWatch {
  private readonly profile: Profile;
  private readonly sound = new Map<RuleId | null, LiveQuestion[]>();
  private readonly leaky = new Map<HazardId, LiveQuestion>();

  constructor(profile: Profile) {
    this.profile = profile;
  }

  keep(question: LiveQuestion, predictions: readonly OpenPrediction[]): void {
    const [hazard, ...others] = new Set(predictions.flatMap((p) => p.leaks));
    if (hazard === undefined) {
      const rule = decidingRule(this.profile, predictions[0] as OpenPrediction);
      const kept = this.sound.get(rule) ?? [];
      if (kept.length < KEPT_PER_RULE) this.sound.set(rule, [...kept, question]);
    } else if (others.length === 0) {
      const known = this.leaky.get(hazard);
      if (known === undefined || size(question) < size(known)) this.leaky.set(hazard, question);
    }
  }

  /** Asks the questions again and returns the leaks; null: the kernel has no leak detector. */
  async look(kernel: LiveKernel): Promise<Leak[] | null> {
    const terms = termsOf(this.profile);
    const leaky = [...this.leaky];
    const sound = [...this.sound.values()].flat();
    const groups = [...leaky.map(([, question]) => repeated([question])), sound];
    const left = await kernel.leftBy(terms, groups);
    if (left === null) return null;
    const leaks = leaky.flatMap(([rule, question], i) => leaksOf(rule, question, left[i] as string[]));
    const unforeseen = left.at(-1) as readonly string[];
    if (unforeseen.length === 0) return leaks;
    // kmemleak may report an object that moves between two lists at that moment; a real leak is reported again.
    const again = (await kernel.leftBy(terms, [sound]))?.[0] ?? [];
    if (again.length === 0) return leaks;
    return [...leaks, ...leaksOf(null, await this.culprit(kernel, sound), again)];
  }

  /** A question that still leaks when it is asked with fewer and fewer others. */
  private async culprit(kernel: LiveKernel, questions: readonly LiveQuestion[]): Promise<LiveQuestion> {
    let among = questions;
    while (among.length > 1) {
      const parts = divided(among, PARTS);
      const left = (await kernel.leftBy(termsOf(this.profile), parts.map(repeated))) ?? [];
      const leaking = left.findIndex((texts) => texts.length > 0);
      // The leak no longer shows: the first remaining question represents it.
      if (leaking < 0) break;
      among = parts[leaking] as LiveQuestion[];
    }
    return among[0] as LiveQuestion;
  }
}

/** The leaks of that question alone. Throws SubjectError if the kernel has no leak detector. */
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

/** Repeats the questions if there are only a few. */
const repeated = (questions: readonly LiveQuestion[]): LiveQuestion[] =>
  Array.from({ length: Math.max(1, Math.floor(TIMES / questions.length)) }, () => questions).flat();

function divided<T>(items: readonly T[], parts: number): T[][] {
  const length = Math.ceil(items.length / parts);
  return Array.from({ length: Math.ceil(items.length / length) }, (_, i) =>
    items.slice(i * length, (i + 1) * length),
  );
}

/** One leak for each different text, with its number of objects. */
function leaksOf(rule: HazardId | null, question: LiveQuestion, texts: readonly string[]): Leak[] {
  return [...new Set(texts)].map((what) => ({
    rule,
    what,
    question,
    objects: texts.filter((t) => t === what).length,
  }));
}
