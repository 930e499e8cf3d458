import type { Profile } from "../../spec/index.ts";
import type { DaemonReport, StoredSession } from "./outcome.ts";
import { isInScope } from "./scope.ts";
import type { SessionCount } from "./steps/sessions.ts";
import { type DaemonTally, daemonOutcomes, sumOf } from "./tally.ts";
import { withDaemonVerdict } from "./verdict.ts";

/** What a run over a daemon has seen until now, and where it stands. */
export interface DaemonState {
  /** Of the next random session, or behind SPECIAL of the next probe. */
  readonly position: number;
  readonly seconds: number;
  /** False: the run was told to stop before everything was asked. */
  readonly complete: boolean;
  readonly famfs: DaemonReport["famfs"];
  readonly unchecked: DaemonReport["unchecked"];
  readonly channel: string;
  readonly tree: DaemonReport["tree"];
  readonly notes: readonly string[];
  /** What regards the whole tree, and is done by every shard and anew after an interruption. */
  readonly shared: DaemonTally;
  /** What the probes have shown. */
  readonly split: DaemonTally;
  /** How many random sessions were to be played, and were. */
  readonly sessions: SessionCount;
  /** The random session that failed, and its index; null: none did. */
  readonly session: { readonly index: number; readonly stored: StoredSession } | null;
}

/** What a report says of its run before the daemon was started. */
export type DaemonFacts = Pick<DaemonReport, "fmapspec" | "level" | "seed" | "run" | "subject">;

const sessionTally = (session: DaemonState["session"]): DaemonTally => {
  if (session === null) return { counts: {}, failed: {}, failures: [], excused: {}, missed: {} };
  const { rule, detail } = session.stored;
  const failures = [{ rule, detail, position: session.index }];
  return { counts: { [rule]: 1 }, failed: { [rule]: 1 }, failures, excused: {}, missed: {} };
};

/** The report of what a run has seen, the same for a run and for its shards put together. */
export function concludeDaemon(profile: Profile, facts: DaemonFacts, state: DaemonState): DaemonReport {
  const all = sumOf([state.shared, sessionTally(state.session), state.split]);
  const { scope } = facts.run;
  return withDaemonVerdict({
    format: "fmapspec-daemon-report",
    version: 1,
    fmapspec: facts.fmapspec,
    profile: profile.name,
    level: facts.level,
    seed: facts.seed,
    run: facts.run,
    subject: facts.subject,
    channel: state.channel,
    complete: state.complete,
    famfs: state.famfs,
    unchecked: state.unchecked,
    seconds: state.seconds,
    tree: state.tree,
    sessions: state.sessions,
    rules: daemonOutcomes(profile, all, facts.run),
    failures: all.failures
      .filter((f) => isInScope(f.rule, scope))
      .map(({ position: _, ...failure }) => failure),
    ...(state.session === null ? {} : { session: state.session.stored }),
    notes: state.notes,
  });
}
