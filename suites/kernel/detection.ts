import { SubjectError } from "../../base/errors.ts";
import { boundaryRecipes, build } from "../../generators/index.ts";
import { PROFILES, type Profile } from "../../spec/index.ts";
import { isBreakdown } from "../../subjects/driver/breakdown.ts";
import type { Asked, LiveKernel, LiveQuestion, Offer, Terms } from "../../subjects/live-kernel/question.ts";
import { termsOf } from "../../subjects/live-kernel/server.ts";
import { smallest } from "./cases.ts";
import { checkObserved } from "./check.ts";
import { type OpenPrediction, planFor, predictOpens } from "./prediction.ts";

/** The result of detection: the profile of the kernel, or why it has none. */
export type Detected =
  | {
      readonly profile: Profile;
      /** Notes on how certain the result is. */
      readonly notes: readonly string[];
    }
  /** Why it does not speak GET_FMAP. */
  | { readonly without: string };

/** Largest number of messages that are used to distinguish revisions. */
const PROBES = 12;

const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];
const bitsOf = (profiles: readonly Profile[]) => distinct(profiles.map((p) => p.initBit));

/** Everything that any revision accepts. Without GET_DAXDEV, whose number is another revision's GET_FMAP. */
const EVERY: Terms = {
  take: bitsOf(PROFILES).reduce((bits, n) => bits | (1n << BigInt(n)), 0n),
  getFmap: distinct(PROFILES.map((p) => p.opcodes.getFmap)),
  getDaxdev: [],
};

/** The question for a file with that message. */
export const ordinary = (profile: Profile, message: Uint8Array): LiveQuestion => ({
  plan: planFor(profile, message),
  opens: 1,
  daxdev: { errno: "ENODEV" },
});

/** Why no revision makes this offer; null: one may. */
function whyWithout({ minor, flags }: Offer, candidates: readonly Profile[] = PROFILES): string | null {
  const bits = bitsOf(candidates);
  if (bits.some((n) => (flags >> BigInt(n)) & 1n)) return null;
  return `it does not offer FUSE_DAX_FMAP (bit ${bits.join(" or ")} of INIT's flags, which are 0x${flags.toString(16)} at protocol 7.${minor})`;
}

/**
 * Detects the kernel's revision: by its offer, by the request for a file, and by its results for messages on which the
 * remaining revisions differ. Leaves nothing mounted.
 */
export async function detect(kernel: LiveKernel): Promise<Detected> {
  try {
    const first = await firstRequest(kernel, EVERY, PROFILES);
    if ("without" in first) return first;
    const { asked } = first;
    return await among(
      kernel,
      PROFILES.filter((p) => asksSo(p, asked)),
      asked,
    );
  } finally {
    await kernel.unmount();
  }
}

/** Whether the kernel sends GET_FMAP under the terms of that profile. Leaves it mounted. */
export async function confirm(kernel: LiveKernel, profile: Profile): Promise<Detected> {
  const first = await firstRequest(kernel, termsOf(profile), [profile]);
  return "without" in first ? first : { profile, notes: [] };
}

/** The first GET_FMAP for a file, or why there is none. */
async function firstRequest(
  kernel: LiveKernel,
  terms: Terms,
  profiles: readonly Profile[],
): Promise<{ asked: Asked } | { without: string }> {
  const offer = await kernel.mount(terms);
  const without = whyWithout(offer, profiles);
  if (without !== null) return { without };
  const [profile] = profiles as readonly [Profile, ...Profile[]];
  const observed = await kernel.ask(ordinary(profile, smallest(profile)));
  if (isBreakdown(observed))
    throw new SubjectError(`the first open(2) of the mount failed: ${observed.detail}`);
  const [asked] = observed.asked.flat();
  if (asked !== undefined) return { asked };
  const bits = bitsOf(profiles).filter((n) => (offer.flags >> BigInt(n)) & 1n);
  return {
    without: `no GET_FMAP comes when a file is opened, so that bit ${bits.join(" and ")} of its INIT flags means something else to it (protocol 7.${offer.minor})`,
  };
}

const asksSo = ({ opcodes, request }: Profile, { opcode, body }: Asked): boolean =>
  opcodes.getFmap === opcode && (request.body === "none") === (body.length === 0);

async function among(kernel: LiveKernel, candidates: readonly Profile[], asked: Asked): Promise<Detected> {
  const [first] = candidates;
  if (first === undefined)
    throw new SubjectError(
      `no known revision asks with opcode ${asked.opcode} and a body of ${asked.body.length} bytes; say which it is with --profile`,
    );
  await kernel.mount(termsOf(first));
  const scores = new Map(candidates.map((p) => [p, 0]));
  let probes = 0;
  for (const { question, predictions } of dividing(candidates)) {
    probes++;
    const observed = await kernel.ask(question);
    if (isBreakdown(observed)) throw new SubjectError(`a probe broke the kernel down: ${observed.detail}`);
    for (const [p, predicted] of predictions)
      if (checkObserved(p, question, predicted, observed) === null) scores.set(p, (scores.get(p) ?? 0) + 1);
  }
  const best = Math.max(...scores.values());
  const likely = candidates.filter((p) => scores.get(p) === best);
  const profile = likely[0] as Profile;
  return {
    profile,
    notes: [
      `taken for ${profile.name} by what it asks${probes === 0 ? "" : ` and what becomes of ${probes} messages`}; --profile says otherwise`,
      ...(likely.length > 1
        ? [`${likely.map((p) => p.name).join(" and ")} cannot be told apart by what open(2) shows`]
        : []),
      ...(best < probes
        ? [`it answers ${probes - best} of ${probes} messages like no revision that is left`]
        : []),
    ],
  };
}

interface Probe {
  readonly question: LiveQuestion;
  readonly predictions: readonly (readonly [Profile, OpenPrediction[]])[];
}

/** Messages on which the revisions differ, until they distinguish all pairs that can be distinguished, or PROBES messages. */
function* dividing(candidates: readonly Profile[]): Generator<Probe> {
  const first = candidates[0] as Profile;
  const undivided = new Set(
    candidates.flatMap((_, i) => candidates.slice(i + 1).map((_, j) => `${i} ${i + 1 + j}`)),
  );
  let probes = 0;
  for (const recipe of boundaryRecipes(true)) {
    if (undivided.size === 0 || probes === PROBES) return;
    const question = ordinary(first, build(recipe, first).bytes);
    const predictions = candidates.map((p) => [p, predictOpens(p, question.plan, 1)] as const);
    const outcomes = predictions.map(([, predicted]) => visible(predicted?.[0]));
    const divided = [...undivided].filter((pair) => {
      const [a, b] = pair.split(" ").map((i) => outcomes[Number(i)]);
      return a !== null && b !== null && a !== b;
    });
    if (divided.length === 0) continue;
    for (const pair of divided) undivided.delete(pair);
    probes++;
    yield {
      question,
      predictions: predictions.flatMap(([p, predicted]) =>
        predicted === null ? [] : [[p, predicted] as const],
      ),
    };
  }
}

/** The part of a prediction that open(2) shows. */
const visible = (p: OpenPrediction | undefined): string | null =>
  p === undefined ? null : `${p.rc} ${p.inode.iSize} ${p.sizes}`;
