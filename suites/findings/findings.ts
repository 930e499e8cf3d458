import { PROFILES, type Profile } from "../../spec/index.ts";
import { examine, meaning } from "./divergence.ts";
import type { Divergence, FindingsReport } from "./outcome.ts";
import { type SearchOptions, search, simpler, simplest, type Witness } from "./search.ts";
import { story } from "./story.ts";

/** Every class of divergence that the search reaches in one of the profiles, each once, with the smallest message that shows it. */
export async function findings(
  profiles: readonly Profile[],
  options: SearchOptions & { readonly version: string },
): Promise<FindingsReport> {
  const chosen = PROFILES.filter((p) => profiles.includes(p));
  const divergences: Divergence[] = [];
  for (const [id, witnesses] of await search(chosen, options)) {
    const best = [...witnesses.values()].reduce((a, b) => (simpler(b, a) ? b : a));
    const witness = await simplest(id, best, options);
    const { message } = witness;
    const has = (p: Profile) =>
      witnesses.has(p) || examine(p, message, options.checks).shown.some((s) => s.id === id);
    divergences.push(divergence(id, witness, chosen, chosen.filter(has)));
  }
  return {
    format: "fmapspec-findings",
    version: 1,
    fmapspec: options.version,
    seed: options.seed,
    messages: options.runs,
    profiles: chosen.map((p) => p.name),
    complete: !options.signal.aborted,
    divergences: divergences.sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

/** `having`: those of the chosen profiles, oldest first, whose kernel does so. */
function divergence(
  id: string,
  { profile, message, examination }: Witness,
  chosen: readonly Profile[],
  having: readonly Profile[],
): Divergence {
  const last = chosen.indexOf(having.at(-1) as Profile);
  const { at, detail } = examination.shown.find((s) => s.id === id) as (typeof examination.shown)[number];
  return {
    id,
    ...meaning(id),
    profiles: having.map((p) => p.name),
    fixedBy: chosen[last + 1]?.name ?? null,
    witness: { profile: profile.name, message: Buffer.from(message).toString("hex"), at, detail },
    steps: story(profile, examination.verdict),
  };
}
