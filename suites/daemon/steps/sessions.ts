import type { Step } from "../../../generators/index.ts";
import type { Profile, RuleId } from "../../../spec/index.ts";
import type { Level, Shard } from "../../run/outcome.ts";
import { isOf } from "../../run/shard.ts";
import type { SessionCount } from "../outcome.ts";
import { sample } from "../session/sampling.ts";
import {
  type FailedSession,
  type IndexedSession,
  playedFile,
  SessionStage,
  sessionsOf,
} from "../session/session.ts";
import type { Starts } from "../starts/starts.ts";
import { EXAMPLES } from "../tally.ts";
import type { Found } from "./found.ts";

/** Random sessions of a run, and files that they play with at most. */
const SESSIONS = { quick: 80, full: 1000, soak: 5000 } as const;
const PLAYED = 64;

/** Sessions that may show what is known already, before no more are played: each costs a start. */
const KNOWN_FAULTS = 5;

/** What a file whose map does not stay has failed. */
const UNSTABLE: readonly RuleId[] = ["daemon/fmap/stable-again", "daemon/fmap/stable-restarted"];

/** Steps of sessions that can only show again, and by another name, how a requirement is broken. */
const EXPOSED_BY: Partial<Record<RuleId, readonly Step["kind"][]>> = {
  "daemon/fmap/stable-concurrent": ["together"],
  "daemon/fmap/stable-after-forget": ["getFmap", "together"],
  "daemon/tree/lookup-count": ["forget", "forgetAll"],
};

/** The random sessions of a run, without what is known to fail. */
export class Sessions {
  /** The session that failed; null: none did. */
  failed: (FailedSession & { readonly index: number }) | null = null;
  count: SessionCount;
  private readonly starts: Starts;
  private readonly found: Found;
  private readonly extent: Extent;

  /** `before`: what an interrupted run has counted. */
  constructor(starts: Starts, found: Found, extent: Extent, before?: SessionCount) {
    this.starts = starts;
    this.found = found;
    this.extent = extent;
    this.count = before ?? { planned: 0, played: 0 };
  }

  /**
   * Plays those from `position` on, up to the first that fails in a way that is not known; `passed` hears of each. No more
   * follow it: the sessions behind it would mostly break the same thing by another name, each would cost the time of making
   * it shorter, and shards together report the same session as a whole run only if that is the first one.
   */
  async play(position: number, passed: (index: number) => void): Promise<void> {
    const { level, seed, shard, profile } = this.extent;
    const files = this.playable().map(playedFile);
    const without = this.leftOut();
    const planned = sessionsOf(SESSIONS[level], seed).filter(([index]) => isOf(shard, index));
    let left: IndexedSession[] = planned
      .filter(([index]) => index >= position)
      .map(([index, steps]) => [index, steps.filter(({ kind }) => !without.has(kind))]);
    this.count = { ...this.count, planned: planned.length };
    if (files.length === 0) return;
    const stage = new SessionStage(() => this.starts.start(), profile, files);
    const isKnown = (rule: RuleId) => rule !== "daemon/life/stays" && this.starts.ledger.hasFailed(rule);
    for (let known = 0; left.length > 0 && known < KNOWN_FAULTS; known++) {
      const done = (index: number) => {
        if (this.starts.stopped()) return;
        this.count = { ...this.count, played: this.count.played + 1 };
        passed(index);
      };
      const ended = await stage.firstFailure(left, done, isKnown);
      if (ended === null || this.starts.stopped()) return;
      done(ended.index);
      if ("acts" in ended) {
        this.failed = ended;
        return;
      }
      left = left.filter(([index]) => index > ended.index);
    }
  }

  /** The files that sessions can play with. */
  private playable() {
    const { deadly, ledger } = this.starts;
    const unstable = new Set(ledger.failures.filter((f) => UNSTABLE.includes(f.rule)).map((f) => f.path));
    const stable = this.found.served.filter(
      ({ node }) => !unstable.has(node.path) && !deadly.barsPath(node.path),
    );
    return sample(stable, PLAYED);
  }

  private leftOut(): ReadonlySet<Step["kind"]> {
    const { ledger } = this.starts;
    // Of more failures than are kept, nobody knows the files.
    const everywhere = UNSTABLE.some(
      (rule) => ledger.failures.filter((f) => f.rule === rule).length >= EXAMPLES,
    );
    const rules = Object.keys(EXPOSED_BY) as RuleId[];
    return new Set([
      ...rules.filter((rule) => ledger.hasFailed(rule)).flatMap((rule) => EXPOSED_BY[rule] ?? []),
      ...(everywhere ? (["getFmap", "together"] as const) : []),
    ]);
  }
}

/** What determines which sessions are played. */
interface Extent {
  readonly profile: Profile;
  readonly level: Level;
  readonly seed: number;
  readonly shard?: Shard;
}
