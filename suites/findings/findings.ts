import { PROFILES, type Profile } from "../../spec/index.ts";
import { examine, meaning } from "./divergence.ts";
import type { Divergence, FindingsReport } from "./outcome.ts";
import { type SearchOptions, searchProfile, type Witness } from "./search.ts";
import { story } from "./story.ts";

interface Sighting {
  readonly profile: Profile;
  readonly witness: Witness;
}

/** Every class of divergence that the search reaches in one of the profiles, each once, with the smallest message that shows it. */
export async function findings(
  profiles: readonly Profile[],
  options: SearchOptions & { readonly version: string },
): Promise<FindingsReport> {
  const chosen = PROFILES.filter((p) => profiles.includes(p));
  const sightings = new Map<string, Sighting[]>();
  for (const profile of chosen)
    for (const [id, witness] of await searchProfile(profile, options))
      sightings.set(id, [...(sightings.get(id) ?? []), { profile, witness }]);
  const divergences = [...sightings].map(([id, seen]) => divergence(id, seen, chosen, options));
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

function divergence(
  id: string,
  seen: readonly Sighting[],
  chosen: readonly Profile[],
  { checks }: SearchOptions,
): Divergence {
  const best = seen.reduce((a, b) => (weight(b) < weight(a) ? b : a));
  const { message, examination } = best.witness;
  const shows = (p: Profile) =>
    seen.some((s) => s.profile === p) || examine(p, message, checks).shown.some((s) => s.id === id);
  const having = chosen.filter(shows);
  const last = chosen.indexOf(having.at(-1) as Profile);
  const { at, detail } = examination.shown.find((s) => s.id === id) as (typeof examination.shown)[number];
  return {
    id,
    ...meaning(id),
    profiles: having.map((p) => p.name),
    fixedBy: chosen[last + 1]?.name ?? null,
    witness: { profile: best.profile.name, message: Buffer.from(message).toString("hex"), at, detail },
    steps: story(best.profile, examination.verdict),
  };
}

/** Bytes, and how much else is wrong with the message: that counts more. */
const weight = ({ witness }: Sighting): number =>
  witness.message.length + 1e6 * witness.examination.breaches.length;
