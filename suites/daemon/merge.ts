import { type Profile, profileNamed } from "../../spec/index.ts";
import type { Shard } from "../run/outcome.ts";
import { concludeDaemon } from "./conclusion.ts";
import type { DaemonReport, DaemonState } from "./outcome.ts";
import { greatestOf, sumOf } from "./tally.ts";

/** A shard's report with what it takes to put shards together. */
export type DaemonShard = DaemonReport & { readonly state: DaemonState };

/**
 * The report of the whole run from the reports of its shards, which are of one run and in their order. `missing`: which
 * shards are not there, as a sentence; null: all are.
 */
export function mergeDaemonShards(shards: readonly DaemonShard[], missing: string | null): DaemonReport {
  const [first] = shards as readonly [DaemonShard, ...DaemonShard[]];
  const states = shards.map((s) => s.state);
  const splits = states.map((s) => s.split);
  const inOrder = splits.flatMap((s) => s.failures).sort((a, b) => a.position - b.position);
  // The whole run ends its sessions with the first that fails.
  const sessions = states.flatMap((s) => s.session ?? []).sort((a, b) => a.index - b.index);
  const interrupted = shards.filter((s) => !s.complete).map((s) => (s.run.shard as Shard).i);
  return concludeDaemon(
    profileNamed(first.profile) as Profile,
    { ...first, run: { ...first.run, shard: null } },
    {
      ...first.state,
      complete: interrupted.length === 0 && missing === null,
      unchecked: [
        ...new Map(states.flatMap((s) => s.unchecked).map((u) => [JSON.stringify(u), u])).values(),
        ...interrupted.map((i) => ({ what: `shard ${i}`, why: "it was interrupted" })),
        ...(missing === null ? [] : [{ what: "the rest of the run", why: missing }]),
      ],
      seconds: states.reduce((n, s) => n + s.seconds, 0),
      notes: [
        ...new Set(states.flatMap((s) => s.notes)),
        ...interrupted.map((i) => `shard ${i}: interrupted`),
        ...(missing === null ? [] : [missing]),
      ],
      shared: greatestOf(states.map((s) => s.shared)),
      split: sumOf([{ ...sumOf(splits), failures: inOrder }]),
      sessions: {
        planned: states.reduce((n, s) => n + s.sessions.planned, 0),
        played: Math.min(
          states.reduce((n, s) => n + s.sessions.played, 0),
          sessions[0] === undefined ? Number.POSITIVE_INFINITY : sessions[0].index + 1,
        ),
      },
      session: sessions[0] ?? null,
    },
  );
}
