import type { Profile } from "../../spec/index.ts";
import type { DaemonFacts, DaemonReport, DaemonState, DaemonTally } from "./outcome.ts";
import { isInScope } from "./scope.ts";
import { daemonOutcomes, sumOf } from "./tally.ts";
import { withDaemonVerdict } from "./verdict.ts";

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
