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
import { type Said, Transcript } from "./transcript.ts";

/** A session that broke a requirement, as short as it was found to be. */
export interface FailedSession extends SessionFault {
  readonly files: readonly PlayedFile[];
  readonly acts: readonly Act[];
  readonly said: readonly Said[];
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

/** Starts a daemon; null: the run was told to stop. */
type Start = () => Promise<FuseConnection | null>;

/** What was played, and what was said meanwhile. */
type Heard = Played & { readonly said: readonly Said[] };

/** Plays on a daemon of its own, from INIT on; null: the run was told to stop. */
export async function playAfresh(
  start: Start,
  profile: Profile,
  files: readonly PlayedFile[],
  play: (player: Player, transcript: Transcript) => Promise<Played>,
): Promise<Heard | null> {
  const connection = await start();
  if (connection === null) return null;
  const transcript = new Transcript(connection, profile);
  try {
    const init = await connection.init(profile, { offerFmap: true });
    const played: Played =
      init.kind === "failed"
        ? { acts: [], fault: { rule: init.rule, detail: init.detail } }
        : await play(new Player(connection, profile, files), transcript);
    return { ...played, said: transcript.take() };
  } finally {
    await connection.close();
  }
}

/** A random session, and its index among all of the run. */
export type IndexedSession = readonly [index: number, steps: readonly Step[]];

/** The first `runs` random sessions of a seed. */
export const sessionsOf = (runs: number, seed: number): IndexedSession[] =>
  fc.sample(sessionArb, { numRuns: runs, seed }).map((steps, index) => [index, steps] as const);

/**
 * Plays sessions one after the other, and makes the first that fails shorter; `passed` hears of each that did not. One that
 * breaks a requirement that is known to be broken ends them and is left as it is.
 */
export async function randomSessions(
  start: Start,
  profile: Profile,
  files: readonly PlayedFile[],
  sessions: readonly IndexedSession[],
  passed: (index: number) => void,
  isKnown: (rule: RuleId) => boolean,
): Promise<((FailedSession | Record<never, never>) & { readonly index: number }) | null> {
  const history: Act[] = [];
  let index = sessions[0]?.[0] ?? 0;
  const first = await playAfresh(start, profile, files, async (player, transcript) => {
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
  const { acts, fault, said } = first;
  if (isKnown(fault.rule)) return { index };
  const shown =
    (await shortestOf(start, profile, files, acts, fault)) ??
    (await shortestOf(start, profile, files, [...history, ...acts], fault));
  const failed = await repeated(start, profile, files, shown ?? { ...fault, acts, said });
  return failed === null ? null : { ...failed, index };
}

/** The acts as short as they are found to be; null: they do not show the fault on a fresh daemon, or the run was told to stop. */
export async function shortestSession(
  start: Start,
  profile: Profile,
  files: readonly PlayedFile[],
  acts: readonly Act[],
  fault: SessionFault,
): Promise<FailedSession | null> {
  const shown = await shortestOf(start, profile, files, acts, fault);
  return shown === null ? null : repeated(start, profile, files, shown);
}

/** With how often it happens again; null: the run was told to stop, and whoever told so reports no session. */
async function repeated(
  start: Start,
  profile: Profile,
  files: readonly PlayedFile[],
  session: Shortest,
): Promise<FailedSession | null> {
  const repeats = await repeat(async () => {
    const heard = await playAfresh(start, profile, files, (player) => player.acts(session.acts));
    return heard === null ? null : heard.fault?.rule === session.rule;
  });
  return repeats === null ? null : { ...session, repeats, files: playedIn(session.acts, files) };
}

/** The acts without what is not needed for the fault; null: they do not show it on a fresh daemon. */
async function shortestOf(
  start: Start,
  profile: Profile,
  files: readonly PlayedFile[],
  acts: readonly Act[],
  { rule }: SessionFault,
): Promise<Shortest | null> {
  const deadline = performance.now() + SHORTENING;
  const afresh = (some: readonly Act[]) => playAfresh(start, profile, files, (player) => player.acts(some));
  /** One daemon for as long as it lives: to start one can take longer than a session. */
  const onOne = async (some: readonly Act[]): Promise<readonly Act[]> => {
    let shortest = some;
    await playAfresh(start, profile, files, async (player) => {
      shortest = await shorter(some, async (fewer) => {
        if (performance.now() > deadline || !possible(fewer)) return false;
        return (await player.acts(fewer)).fault?.rule === rule;
      });
      return { acts: shortest, fault: null };
    });
    return shortest;
  };
  const shows = async (some: readonly Act[]) => {
    const heard = await afresh(some);
    return heard?.fault?.rule === rule ? { ...heard, ...heard.fault } : null;
  };
  const whole = await shows(acts);
  if (whole === null) return null;
  const quickly = await shows(await onOne(acts));
  if (quickly !== null) return quickly;
  const slowly = await shorter(
    acts,
    async (fewer) => performance.now() < deadline && possible(fewer) && (await shows(fewer)) !== null,
  );
  return (await shows(slowly)) ?? whole;
}

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
