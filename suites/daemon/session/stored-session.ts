import type { Versions } from "../../../base/versions.ts";
import type { Profile } from "../../../spec/index.ts";
import type { FuseConnection } from "../../../subjects/daemon/channel/connection.ts";
import type { DaemonDescription, StoredSession } from "../outcome.ts";
import type { Act } from "./acts.ts";
import type { PlayedFile, SessionFault } from "./player.ts";
import { type FailedSession, SessionStage } from "./session.ts";

/** What is written to a file of a session that failed. */
export const storedSession = (
  s: FailedSession,
  profile: Profile,
  seed: number,
  subject: DaemonDescription,
  versions: Versions,
): StoredSession => ({
  format: "fmapspec-session",
  version: 1,
  profile: profile.name,
  seed,
  rule: s.rule,
  detail: s.detail,
  repeats: s.repeats,
  subject,
  files: s.files.map(({ path, size, fmap }) => ({
    path,
    size: `${size}`,
    fmap: Buffer.from(fmap).toString("hex"),
  })),
  steps: s.acts,
  transcript: s.transcript,
  versions,
});

/** The files of a stored session. */
const filesOf = ({ files }: StoredSession): PlayedFile[] =>
  files.map(({ path, size, fmap }) => ({
    path,
    size: BigInt(size),
    fmap: new Uint8Array(Buffer.from(fmap, "hex")),
  }));

/** Plays a stored session on a daemon of its own; null: it did all that it has to. Throws UsageError for steps that no kernel does. */
export async function replaySession(
  stored: StoredSession,
  profile: Profile,
  connect: () => Promise<FuseConnection>,
): Promise<SessionFault | null> {
  const played = await new SessionStage(connect, profile, filesOf(stored)).acts(stored.steps);
  return played?.fault ?? null;
}

/** A shorter session that breaks the same requirement; null: none was found. */
export async function shortenSession(
  stored: StoredSession,
  profile: Profile,
  connect: () => Promise<FuseConnection>,
): Promise<StoredSession | null> {
  const found = await new SessionStage(connect, profile, filesOf(stored)).shortest(stored.steps, stored);
  if (found === null || actsIn(found.acts) >= actsIn(stored.steps)) return null;
  return storedSession(found, profile, stored.seed, stored.subject, stored.versions);
}

/** Steps, each as often as the files that it is about. */
const actsIn = (acts: readonly Act[]) =>
  acts.reduce((n, a) => n + (a.kind === "together" ? a.paths.length : 1), 0);
