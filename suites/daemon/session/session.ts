import fc from "fast-check";
import { type Step, sessionArb } from "../../../generators/index.ts";
import type { Profile, RuleId } from "../../../spec/index.ts";
import type { FuseConnection } from "../../../subjects/daemon/channel/connection.ts";
import type { Repeats } from "../../run/outcome.ts";
import { repeat } from "../../run/repeats.ts";
import type { ServedFile } from "../checks/map-checks.ts";
import { type Act, possible } from "./acts.ts";
import { type Played, type PlayedFile, Player, type SessionFault } from "./player.ts";
import { shorten } from "./shorten.ts";
import { Transcript, type TranscriptEntry } from "./transcript.ts";

/** A session that broke a requirement, as short as it was found to be. */
export interface FailedSession extends SessionFault {
  readonly files: readonly PlayedFile[];
  readonly acts: readonly Act[];
  readonly transcript: readonly TranscriptEntry[];
  /** How often the same happens again on a daemon that has done nothing else before. */
  readonly repeats: Repeats;
}

export const playedFile = ({ node, message }: ServedFile): PlayedFile => ({
  path: node.path,
  size: node.lookupSize,
  fmap: message,
});

/** Milliseconds in which a failing session is made shorter. */
const SHORTENING = 10_000;

/** A failed session before it is known how often it fails again. */
type Shortest = Omit<FailedSession, "files" | "repeats">;

/** A random session, and its index among all of the run. */
export type IndexedSession = readonly [index: number, steps: readonly Step[]];

/** The first `runs` random sessions of a seed. */
export const sessionsOf = (runs: number, seed: number): IndexedSession[] =>
  fc.sample(sessionArb, { numRuns: runs, seed }).map((steps, index) => [index, steps] as const);

/** Plays sessions with these files, on daemons that it starts. Where `start` gives null the run was stopped. */
export class SessionStage {
  private readonly start: () => Promise<FuseConnection | null>;
  private readonly profile: Profile;
  private readonly files: readonly PlayedFile[];

  constructor(start: () => Promise<FuseConnection | null>, profile: Profile, files: readonly PlayedFile[]) {
    this.start = start;
    this.profile = profile;
    this.files = files;
  }

  /**
   * Plays sessions one after the other on one daemon, and makes the first that fails shorter; `passed` hears of each that
   * did not. One that breaks a requirement that is known to be broken ends them and is left as it is.
   */
  async firstFailure(
    sessions: readonly IndexedSession[],
    passed: (index: number) => void,
    isKnown: (rule: RuleId) => boolean,
  ): Promise<((FailedSession | Record<never, never>) & { readonly index: number }) | null> {
    const history: Act[] = [];
    let index = sessions[0]?.[0] ?? 0;
    const first = await this.onNewDaemon(async (player, transcript) => {
      let played: Played = { acts: [], fault: null };
      for (const [at, steps] of sessions) {
        index = at;
        history.push(...played.acts, { kind: "end" });
        transcript.take();
        played = await player.steps(steps);
        // It is made shorter below: this daemon may not be what it was.
        if (played.fault !== null) break;
        passed(at);
      }
      return played;
    });
    if (first === null || first.fault === null) return null;
    const { acts, fault, transcript } = first;
    if (isKnown(fault.rule)) return { index };
    const found =
      (await this.shortestOf(acts, fault)) ?? (await this.shortestOf([...history, ...acts], fault));
    const failed = await this.repeated(found ?? { ...fault, acts, transcript });
    return failed === null ? null : { ...failed, index };
  }

  /** What the acts come to on a daemon of their own; null: the run was stopped. */
  acts(acts: readonly Act[]): Promise<PlayedAlone | null> {
    return this.onNewDaemon((player) => player.acts(acts));
  }

  /** The acts as short as they are found to be; null: a new daemon does not repeat the fault, or the run was stopped. */
  async shortest(acts: readonly Act[], fault: SessionFault): Promise<FailedSession | null> {
    const found = await this.shortestOf(acts, fault);
    return found === null ? null : this.repeated(found);
  }

  /** Plays on a daemon of its own, from INIT on; null: the run was stopped. */
  private async onNewDaemon(
    play: (player: Player, transcript: Transcript) => Promise<Played>,
  ): Promise<PlayedAlone | null> {
    const connection = await this.start();
    if (connection === null) return null;
    const transcript = new Transcript(connection, this.profile);
    try {
      const init = await connection.init(this.profile, { offerFmap: true });
      const played: Played =
        init.kind === "failed"
          ? { acts: [], fault: { rule: init.rule, detail: init.detail } }
          : await play(new Player(connection, this.profile, this.files), transcript);
      return { ...played, transcript: transcript.take() };
    } finally {
      await connection.close();
    }
  }

  /** With how often it happens again; null: the run was stopped, and reports no session then. */
  private async repeated(session: Shortest): Promise<FailedSession | null> {
    const repeats = await repeat(async () => {
      const played = await this.acts(session.acts);
      return played === null ? null : played.fault?.rule === session.rule;
    });
    return repeats === null ? null : { ...session, repeats, files: playedIn(session.acts, this.files) };
  }

  /** The acts without those that the fault does not need; null: a new daemon does not repeat it. */
  private async shortestOf(acts: readonly Act[], { rule }: SessionFault): Promise<Shortest | null> {
    const deadline = performance.now() + SHORTENING;
    const isTooLate = () => performance.now() > deadline;
    const repeats = async (some: readonly Act[]) => {
      const played = await this.acts(some);
      return played?.fault?.rule === rule ? { ...played, ...played.fault } : null;
    };
    const whole = await repeats(acts);
    if (whole === null) return null;
    // One daemon for as long as it lives: to start one can take longer than a session.
    let onOne = acts;
    await this.onNewDaemon(async (player) => {
      onOne = await shorter(acts, async (fewer) => {
        if (isTooLate() || !possible(fewer)) return false;
        return (await player.acts(fewer)).fault?.rule === rule;
      });
      return { acts: onOne, fault: null };
    });
    const quickly = await repeats(onOne);
    if (quickly !== null) return quickly;
    const slowly = await shorter(
      acts,
      async (fewer) => !isTooLate() && possible(fewer) && (await repeats(fewer)) !== null,
    );
    return (await repeats(slowly)) ?? whole;
  }
}

/** What was played, and what was written meanwhile. */
type PlayedAlone = Played & { readonly transcript: readonly TranscriptEntry[] };

/** Fewer acts, and fewer files asked at once. */
async function shorter(
  acts: readonly Act[],
  fails: (fewer: readonly Act[]) => Promise<boolean>,
): Promise<readonly Act[]> {
  let fewer = await shorten(acts, fails);
  for (const [i, act] of fewer.entries()) {
    if (act.kind !== "together") continue;
    const having = (paths: readonly string[]) => fewer.with(i, { ...act, paths });
    const paths = await shorten(act.paths, async (some) => some.length > 0 && fails(having(some)));
    const alone = fewer.with(i, { kind: "getFmap", path: paths[0] as string });
    fewer = paths.length === 1 && (await fails(alone)) ? alone : having(paths);
  }
  return shorten(fewer, fails);
}

const playedIn = (acts: readonly Act[], files: readonly PlayedFile[]) => {
  const paths = new Set(acts.flatMap((a) => (a.kind === "together" ? a.paths : "path" in a ? a.path : [])));
  return files.filter((f) => paths.has(f.path));
};
