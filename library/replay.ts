import { UsageError } from "../base/errors.ts";
import { type Profile, profileNamed } from "../spec/index.ts";
import { withMountpoint } from "../subjects/daemon/daemon.ts";
import { DEFAULT_TIMEOUT, subjectFor } from "../subjects/driver/described.ts";
import { FunctionSubject, type ParserFunction } from "../subjects/driver/function.ts";
import type { SubjectDescription } from "../subjects/driver/subject.ts";
import { attachmentOf } from "../suites/daemon/certification.ts";
import { replaySession } from "../suites/daemon/session/stored-session.ts";
import type { Counterexample, StoredSession } from "../suites/index.ts";
import { lacking, type Replayed, replayCounterexample } from "../suites/parser/replay.ts";
import { storedFailure } from "../suites/stored/stored-failure.ts";

/**
 * Runs a stored failure again: the question of a counterexample on that parser, or a session on the daemon of that command;
 * without either on the subject that it was stored of. Throws SubjectError when the subject cannot be started, and UsageError
 * for what is no stored failure or one that the subject could not show.
 */
export async function replay(
  stored: Counterexample | StoredSession,
  subject?: ParserFunction | SubjectDescription | readonly string[],
  timeout: number = DEFAULT_TIMEOUT,
): Promise<Replayed> {
  storedFailure(stored, "what is replayed");
  const profile = profileNamed(stored.profile);
  if (profile === undefined) throw new UsageError(`there is no profile '${stored.profile}'`);
  if (stored.format === "fmapspec-session") {
    if (typeof subject === "function" || (subject !== undefined && "kind" in subject))
      throw new UsageError("a session is played with a daemon: give its command");
    return replayOnDaemon(stored, profile, subject, timeout);
  }
  if (subject !== undefined && !(typeof subject === "function" || "kind" in subject))
    throw new UsageError("a message is asked of a parser: give a function or how to start one");
  const parser =
    typeof subject === "function"
      ? new FunctionSubject(subject, timeout)
      : await subjectFor(subject ?? startable(stored), profile, timeout);
  const need = lacking(parser, stored);
  if (need === null) return replayCounterexample(stored, profile, parser);
  await parser.stop();
  throw new UsageError(`the failure needs a subject ${need}`);
}

/** How to start the subject that it was stored of. Throws UsageError for a live kernel, which nobody starts. */
function startable({ subject }: Counterexample): SubjectDescription {
  if (subject.kind === "kernel")
    throw new UsageError(`it was a running kernel, ${subject.release}: give a parser to ask instead`);
  return subject;
}

async function replayOnDaemon(
  stored: StoredSession,
  profile: Profile,
  command: readonly string[] | undefined,
  timeout: number,
): Promise<Replayed> {
  const daemon =
    command === undefined ? stored.subject : { ...stored.subject, command: withMountpoint(command) };
  const attachment = attachmentOf(daemon, timeout);
  const fault = await replaySession(stored, profile, () => attachment.connect());
  if (fault === null) return { outcome: "fixed", now: [] };
  return { outcome: fault.rule === stored.rule ? "failed" : "different", now: [fault.detail] };
}
