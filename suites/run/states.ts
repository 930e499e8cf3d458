/** What comes of the states of runs that are not whole: of shards, and of a run that was interrupted. */
import { type Profile, profileNamed } from "../../spec/index.ts";
import type { Shard } from "./outcome.ts";

/** What is known of a run before anything was asked, as far as it is the same in all suites. */
interface Facts {
  readonly run: { readonly shard: Shard | null };
}

/** Where a run stands, likewise. */
interface State {
  readonly seconds: number;
  readonly notes: readonly string[];
}

/** What shards have in common when they are put together. */
interface Together extends State {
  /** The shards that ended early, and why. */
  readonly endings: readonly { readonly shard: number; readonly why: string }[];
  /** Which shards are not there, as a sentence; null: all are. */
  readonly missing: string | null;
}

/** What a suite makes of the states of its runs. */
export interface Suite<F extends Facts, S extends State, R> {
  /** Why a run ended early; null: it did not. */
  ended(state: S): string | null;
  /** The state of a run that was stopped there, from outside. */
  interrupted(state: S): S;
  /** The state of the whole run from those of its shards, which are in order. */
  sum(states: readonly [S, ...S[]], together: Together): S;
  conclude(profile: Profile, facts: F, state: S): R;
}

/** A shard's report with what it takes to put shards together. */
export type ShardReport<R extends { readonly state?: unknown }> = R & {
  readonly state: NonNullable<R["state"]>;
};

/** The report of the whole run from the reports of its shards, which are of one run and in their order. */
export function mergeShards<F extends Facts, S extends State, R>(
  suite: Suite<F, S, R>,
  shards: readonly (F & { readonly profile: string; readonly state: S })[],
  missing: string | null,
): R {
  const [first] = shards as readonly [(typeof shards)[0], ...typeof shards];
  const states = shards.map(({ state }) => state) as [S, ...S[]];
  const endings = shards.flatMap(({ run, state }) => {
    const why = suite.ended(state);
    return why === null ? [] : [{ shard: (run.shard as Shard).i, why }];
  });
  const seconds = states.reduce((n, s) => n + s.seconds, 0);
  const notes = [...new Set(states.flatMap((s) => s.notes))];
  return suite.conclude(
    profileNamed(first.profile) as Profile,
    { ...first, run: { ...first.run, shard: null } },
    suite.sum(states, { seconds, notes, endings, missing }),
  );
}

/** What an interrupted run has left: schema `journal`. */
export type RunJournal<Name extends string, F extends Facts, S extends State> = F & {
  readonly format: "fmapspec-journal";
  readonly version: 1;
  readonly suite: Name;
  readonly profile: string;
  readonly state: S;
  readonly digest?: string;
};

export const journalOf = <Name extends string, F extends Facts, S extends State>(
  suite: Name,
  profile: Profile,
  facts: F,
  state: S,
): RunJournal<Name, F, S> => ({
  ...facts,
  format: "fmapspec-journal",
  version: 1,
  suite,
  profile: profile.name,
  state,
});

/** The report of a run that is known by its journal alone. */
export const reportOfJournal = <F extends Facts, S extends State, R>(
  suite: Suite<F, S, R>,
  journal: RunJournal<string, F, S>,
): R => suite.conclude(profileNamed(journal.profile) as Profile, journal, suite.interrupted(journal.state));
