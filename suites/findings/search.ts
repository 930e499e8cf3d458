import { build, type Recipe } from "../../generators/index.ts";
import { parseFmap, type StrictName } from "../../oracles/index.ts";
import type { Profile } from "../../spec/index.ts";
import { runRecipes } from "../parser/recipes.ts";
import { shrink } from "../parser/shrink.ts";
import { type Examination, examine } from "./divergence.ts";

export interface SearchOptions {
  readonly seed: number;
  /** Messages to look at. */
  readonly runs: number;
  /** The strict oracle's checks to make; by default all. */
  readonly checks?: readonly StrictName[];
  readonly signal: AbortSignal;
}

/** A message that shows a class. */
export interface Witness {
  readonly recipe: Recipe;
  readonly message: Uint8Array;
  readonly examination: Examination;
}

/** Bytes from which on a message takes long to examine, and shows little that a shorter one does not. */
const LONG = 1024;

/** Messages between looks at the signal. */
const STRIDE = 1024;

/** Searches for messages on which the profile's kernel and the strict oracle part ways: the simplest of each class. */
export async function searchProfile(profile: Profile, options: SearchOptions): Promise<Map<string, Witness>> {
  const found = new Map<string, Witness>();
  const decided = new Set<string>();
  let n = 0;
  for (const recipe of runRecipes({ level: "quick", ...options }, "bulk")) {
    if (n++ % STRIDE === 0) {
      await new Promise(setImmediate);
      if (options.signal.aborted) break;
    }
    const { bytes } = build(recipe, profile);
    if (bytes.length > LONG && !isNew(profile, bytes, decided)) continue;
    const examination = examine(profile, bytes, options.checks);
    for (const { id } of examination.shown) {
      const witness = { recipe, message: bytes, examination };
      const known = found.get(id);
      if (known === undefined || simpler(witness, known)) found.set(id, witness);
    }
  }
  for (const [id, witness] of found) found.set(id, await simplest(profile, id, witness, options));
  return found;
}

/** Whether the kernel decides on the message by a check that no long message was decided by before. */
function isNew(profile: Profile, message: Uint8Array, decided: Set<string>): boolean {
  const v = parseFmap(profile, message);
  const by = [v.verdict === "reject" ? v.rule : v.verdict, ...v.hazards.map((h) => h.rule)].join();
  return decided.size < decided.add(by).size;
}

/** Fewer things that are wrong come first, then fewer bytes. */
const simpler = (a: Witness, b: Witness): boolean =>
  a.examination.breaches.length - b.examination.breaches.length < 0 ||
  (a.examination.breaches.length === b.examination.breaches.length && a.message.length < b.message.length);

/** Shrinks a witness; nothing that is not wrong with it may become wrong on the way. */
async function simplest(
  profile: Profile,
  id: string,
  witness: Witness,
  { checks, signal }: SearchOptions,
): Promise<Witness> {
  let wrong = witness.examination.breaches;
  const recipe = await shrink(profile, witness.recipe, async (message) => {
    if (signal.aborted) return false;
    const { shown, breaches } = examine(profile, message, checks);
    const fits = shown.some((s) => s.id === id) && breaches.every((b) => wrong.includes(b));
    if (fits) wrong = breaches;
    return fits;
  });
  const message = build(recipe, profile).bytes;
  return { recipe, message, examination: examine(profile, message, checks) };
}
