import { build, type Recipe } from "../../../generators/index.ts";
import { parseFmap, readWireFmap, type StrictName } from "../../../oracles/index.ts";
import type { Profile } from "../../../spec/index.ts";
import { RunRecipes } from "../../parser/asking/recipes.ts";
import { shrink } from "../../parser/failures/shrink.ts";
import { type Examination, examine } from "./divergence.ts";

export interface SearchOptions {
  readonly seed: number;
  /** Number of messages to examine. */
  readonly runs: number;
  /** The strict oracle's checks to make; by default all. */
  readonly checks?: readonly StrictName[];
  readonly signal: AbortSignal;
}

/** A message with a divergence of a class in a profile. */
export interface Witness {
  readonly profile: Profile;
  readonly recipe: Recipe;
  readonly message: Uint8Array;
  readonly examination: Examination;
}

/** Longer messages take long to examine and rarely add a class. Bytes. */
const LONG = 1024;

/** Number of messages between two checks of the signal. */
const STRIDE = 256;

/**
 * Searches for messages on which a profile's kernel and the strict oracle differ: the simplest one for each class and each
 * profile.
 */
export async function search(
  profiles: readonly Profile[],
  options: SearchOptions,
): Promise<Map<string, Map<Profile, Witness>>> {
  const found = new Map<string, Map<Profile, Witness>>();
  const decided = new Set<string>();
  let n = 0;
  const recipes = new RunRecipes({ level: "quick", ...options }, "bulk");
  for (let recipe = recipes.next(); recipe !== null; recipe = recipes.next()) {
    if (n++ % STRIDE === 0) {
      await new Promise(setImmediate);
      if (options.signal.aborted) break;
    }
    // Most profiles get the same bytes, which are read once.
    let last: { message: Uint8Array; wire: ReturnType<typeof readWireFmap> } | null = null;
    for (const profile of profiles) {
      const { bytes: message } = build(recipe, profile);
      if (message.length > LONG && !isNew(profile, message, decided)) continue;
      if (last === null || Buffer.compare(last.message, message) !== 0)
        last = { message, wire: readWireFmap(message) };
      const examination = examine(profile, message, options.checks, last.wire);
      for (const { id } of examination.divergences)
        note(found, id, { profile, recipe, message, examination });
    }
  }
  return found;
}

function note(found: Map<string, Map<Profile, Witness>>, id: string, witness: Witness): void {
  const known = found.get(id) ?? new Map<Profile, Witness>();
  const before = known.get(witness.profile);
  if (before === undefined || simpler(witness, before)) known.set(witness.profile, witness);
  found.set(id, known);
}

/** Whether this is the first long message that this check decides. */
function isNew(profile: Profile, message: Uint8Array, decided: Set<string>): boolean {
  const v = parseFmap(profile, message);
  const rule = v.verdict === "accept" ? v.verdict : v.rule;
  const by = [profile.name, rule, ...v.hazards.map((h) => h.rule)].join();
  return decided.size < decided.add(by).size;
}

type Examined = Pick<Witness, "message" | "examination">;

/** Whether `one` has fewer breaches than `other`, or as many and is shorter. */
export const simpler = (one: Examined, other: Examined): boolean =>
  one.examination.breaches.length < other.examination.breaches.length ||
  (one.examination.breaches.length === other.examination.breaches.length &&
    one.message.length < other.message.length);

/** Shrinks a witness of a class without adding a breach that it does not have. */
export async function simplest(
  id: string,
  { profile, ...witness }: Witness,
  { checks, signal }: SearchOptions,
): Promise<Witness> {
  let wrong = witness.examination.breaches;
  const recipe = await shrink(profile, witness.recipe, async (message) => {
    if (signal.aborted) return false;
    const { divergences, breaches } = examine(profile, message, checks);
    const fits = divergences.some((s) => s.id === id) && breaches.every((b) => wrong.includes(b));
    if (fits) wrong = breaches;
    return fits;
  });
  const message = build(recipe, profile).bytes;
  return { profile, recipe, message, examination: examine(profile, message, checks) };
}
