import { hexOf, PROFILES, type Profile } from "../../../spec/index.ts";
import { examine, meaning } from "./divergence.ts";
import { type Opened, playOpenings } from "./openings.ts";
import type { Divergence, FindingsReport } from "./outcome.ts";
import { type SearchOptions, search, simpler, simplest } from "./search.ts";
import { story } from "./story.ts";

/** Every class of divergence that the search finds in one of the profiles, each once, with its smallest witness. */
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
    const examined = new Map(chosen.map((p) => [p, examine(p, message, options.checks)]));
    const shows = (p: Profile) => examined.get(p)?.divergences.some((s) => s.id === id) === true;
    const spread = spreadOver(
      chosen,
      (p) => witnesses.has(p) || shows(p),
      (p) => examined.get(p)?.settles(id) === true,
    );
    const { at, detail } = witness.examination.divergences.find((s) => s.id === id) as {
      at: number;
      detail: string;
    };
    divergences.push({
      id,
      ...meaning(id),
      ...spread,
      witness: { profile: witness.profile.name, message: hexOf(message), at, detail },
      steps: story(witness.profile, witness.examination.verdict),
    });
  }
  if (!options.signal.aborted) divergences.push(...ofOpenings(chosen));
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

/** The classes that only open(2) shows: the simplest opening of each. */
function ofOpenings(chosen: readonly Profile[]): Divergence[] {
  const played = new Map(chosen.map((profile) => [profile, playOpenings(profile)]));
  const all = [...played.values()].flat();
  return [...new Set(all.flatMap((o) => o.ids))].map((id) => {
    const shows = (p: Profile) => played.get(p)?.find((o) => o.ids.includes(id));
    const spread = spreadOver(
      chosen,
      (p) => shows(p) !== undefined,
      (p) => played.get(p)?.some((o) => o.unsettled.includes(id)) === false,
    );
    const profile = chosen.find((p) => p.name === spread.profiles[0]) as Profile;
    const { when, scene, message, steps } = shows(profile) as Opened;
    const hex = hexOf(message);
    return {
      id,
      ...meaning(id),
      ...spread,
      witness: {
        profile: profile.name,
        when,
        ...(scene === undefined ? {} : { scene }),
        message: hex,
        at: 0,
        detail: when,
      },
      steps,
    };
  });
}

/** The profiles that have a class, those for which it is unsettled, and the first later profile that does not have it. */
function spreadOver(
  chosen: readonly Profile[],
  has: (p: Profile) => boolean,
  settled: (p: Profile) => boolean,
): Pick<Divergence, "profiles" | "unsettled" | "fixedBy"> {
  const having = chosen.filter(has);
  const unsettled = chosen.filter((p) => !has(p) && !settled(p));
  const behind = chosen.slice(chosen.indexOf(having.at(-1) as Profile) + 1);
  return {
    profiles: having.map((p) => p.name),
    unsettled: unsettled.map((p) => p.name),
    fixedBy: behind.find((p) => !unsettled.includes(p))?.name ?? null,
  };
}
