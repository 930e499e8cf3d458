/** A stored failure is run again: what the command `replay` prints, and the library returns. */
import type { Profile } from "../../spec/index.ts";
import { DEFAULT_TIMEOUT } from "../../subjects/driver/described.ts";
import { attachmentOf } from "../daemon/certification.ts";
import type { DaemonDescription, RequirementFailure, StoredSession } from "../daemon/outcome.ts";
import { isDeath } from "./death.ts";
import type { Replayed } from "./replayed.ts";
import { replayRequests, replayRequirement } from "./requirement.ts";
import { replaySession } from "./session.ts";

export { isDeath } from "./death.ts";
export { replayHere } from "./live.ts";
export { replayMessage } from "./message.ts";
export type { Replayed } from "./replayed.ts";
export { inOneLine } from "./requirement.ts";

export interface ReplayOptions {
  /** Milliseconds in which an answer is due; undefined: as in the run that stored the failure, or as by default. */
  readonly timeout: number | undefined;
  /** Whether a smaller failure is looked for. */
  readonly shrink: boolean;
  readonly signal: AbortSignal;
}

/**
 * Runs a failure of a daemon again: a session, the requests that a daemon died of, or, for any other requirement and for a daemon
 * that lives this time, the whole suite. Throws UsageError for what cannot be asked, and SubjectError.
 */
export async function replayOnDaemon(
  stored: StoredSession | RequirementFailure,
  profile: Profile,
  subject: DaemonDescription,
  { timeout: asked, shrink, signal }: ReplayOptions,
): Promise<Replayed> {
  const ofRun = stored.format === "fmapspec-session" ? DEFAULT_TIMEOUT : stored.options.timeout;
  const timeout = asked ?? ofRun;
  const attachment = attachmentOf(subject, timeout);
  if (stored.format === "fmapspec-session")
    return replaySession(stored, profile, subject, attachment, shrink);
  const died = isDeath(stored) ? await replayRequests(stored, profile, subject, attachment, shrink) : null;
  if (died !== null) return died;
  const replayed = await replayRequirement(stored, profile, subject, timeout, signal);
  if (replayed.outcome !== "failed" || !isDeath(stored)) return replayed;
  return { ...replayed, needsRun: true, ...(shrink ? { smaller: null } : {}) };
}
