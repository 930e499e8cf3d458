import type { Versions } from "../../../base/versions.ts";
import { hexOf, type Profile } from "../../../spec/index.ts";
import type { DaemonDescription, StoredSession } from "../outcome.ts";
import type { PlayedFile } from "./player.ts";
import type { FailedSession } from "./session.ts";

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
    fmap: hexOf(fmap),
  })),
  steps: s.acts,
  transcript: s.transcript,
  versions,
});

/** The files of a stored session. */
export const filesOf = ({ files }: StoredSession): PlayedFile[] =>
  files.map(({ path, size, fmap }) => ({
    path,
    size: BigInt(size),
    fmap: new Uint8Array(Buffer.from(fmap, "hex")),
  }));
