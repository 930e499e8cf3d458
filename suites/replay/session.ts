import { VERSION } from "../../base/package-root.ts";
import { versionsWith } from "../../base/versions.ts";
import type { Profile } from "../../spec/index.ts";
import type { Attachment } from "../../subjects/daemon/attach.ts";
import type { DaemonDescription, StoredSession } from "../daemon/outcome.ts";
import type { Act } from "../daemon/session/acts.ts";
import { SessionStage } from "../daemon/session/session.ts";
import { filesOf, storedSession } from "../daemon/session/stored-session.ts";
import { FIXED, type Replayed } from "./replayed.ts";

/** Plays a stored session on the attached daemon once more. Throws UsageError for steps that no kernel does, and SubjectError. */
export async function replaySession(
  stored: StoredSession,
  profile: Profile,
  subject: DaemonDescription,
  attachment: Attachment,
  shrink: boolean,
): Promise<Replayed> {
  const stage = new SessionStage(() => attachment.connect(), profile, filesOf(stored));
  const played = await stage.acts(stored.steps);
  const fault = played?.fault ?? null;
  if (fault === null) return FIXED;
  if (fault.rule !== stored.rule)
    return { outcome: "different", now: [`now it breaks ${fault.rule}: ${fault.detail}`] };
  const failed = { outcome: "failed", now: [fault.detail] } as const;
  if (!shrink) return failed;
  const found = await stage.shortest(stored.steps, stored);
  if (found === null || actsIn(found.acts) >= actsIn(stored.steps)) return { ...failed, smaller: null };
  const daemon = { ...subject, via: attachment.via };
  return {
    ...failed,
    smaller: storedSession(found, profile, stored.seed, daemon, versionsWith(VERSION)),
  };
}

/** Steps, each as often as the files that it is about. */
const actsIn = (acts: readonly Act[]) =>
  acts.reduce((n, a) => n + (a.kind === "together" ? a.paths.length : 1), 0);
