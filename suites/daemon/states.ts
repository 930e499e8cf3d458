import type { RunJournal, Suite } from "../run/states.ts";
import { concludeDaemon } from "./conclusion.ts";
import type { DaemonFacts, DaemonReport, DaemonState } from "./outcome.ts";
import { greatestOf, sumOf } from "./tally.ts";

/** What an interrupted run over a daemon has left. */
export type DaemonJournal = RunJournal<"daemon", DaemonFacts, DaemonState>;

export const DAEMON_SUITE: Suite<DaemonFacts, DaemonState, DaemonReport> = {
  ended: ({ complete }) => (complete ? null : "interrupted"),
  interrupted: (state) => ({ ...state, complete: false }),
  sum(states, { seconds, notes, endings, missing }) {
    const splits = states.map((s) => s.split);
    const inOrder = splits.flatMap((s) => s.failures).sort((a, b) => a.position - b.position);
    // The whole run ends its sessions with the first that fails.
    const sessions = states.flatMap((s) => s.session ?? []).sort((a, b) => a.index - b.index);
    const played = states.reduce((n, s) => n + s.sessions.played, 0);
    return {
      ...states[0],
      seconds,
      complete: endings.length === 0 && missing === null,
      unchecked: [
        ...new Map(states.flatMap((s) => s.unchecked).map((u) => [JSON.stringify(u), u])).values(),
        ...endings.map((e) => ({ what: `shard ${e.shard}`, why: `it was ${e.why}` })),
        ...(missing === null ? [] : [{ what: "the rest of the run", why: missing }]),
      ],
      notes: [
        ...notes,
        ...endings.map((e) => `shard ${e.shard}: ${e.why}`),
        ...(missing === null ? [] : [missing]),
      ],
      shared: greatestOf(states.map((s) => s.shared)),
      split: sumOf([{ ...sumOf(splits), failures: inOrder }]),
      sessions: {
        planned: states.reduce((n, s) => n + s.sessions.planned, 0),
        played: Math.min(played, (sessions[0]?.index ?? Number.POSITIVE_INFINITY) + 1),
      },
      session: sessions[0] ?? null,
    };
  },
  conclude: concludeDaemon,
};
