import type { Profile } from "../../spec/index.ts";
import type { FuseConnection } from "../fuse/connection.ts";
import type { Versions } from "../outcome.ts";
import type { DaemonDescription, StoredSession } from "./outcome.ts";
import type { SessionFault } from "./player.ts";
import { type FailedSession, playAfresh } from "./session.ts";

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
  transcript: s.said,
  versions,
});

/** Plays a stored session on a daemon of its own; null: it did all that it has to. Throws UsageError for steps that no kernel does. */
export async function replaySession(
  stored: StoredSession,
  profile: Profile,
  connect: () => Promise<FuseConnection>,
): Promise<SessionFault | null> {
  const files = stored.files.map(({ path, size, fmap }) => ({
    path,
    size: BigInt(size),
    fmap: new Uint8Array(Buffer.from(fmap, "hex")),
  }));
  const played = await playAfresh(connect, profile, files, (player) => player.acts(stored.steps));
  return played?.fault ?? null;
}
