import { UsageError } from "../base/errors.ts";
import { type Profile, profileNamed } from "../spec/index.ts";
import { withMountpoint } from "../subjects/daemon/daemon.ts";
import { DEFAULT_TIMEOUT, subjectFor } from "../subjects/driver/described.ts";
import { FunctionSubject, type ParserFunction } from "../subjects/driver/function.ts";
import type { SubjectDescription } from "../subjects/driver/subject.ts";
import type { Counterexample, RequirementFailure, StoredSession } from "../suites/index.ts";
import { type Replayed, replayHere, replayMessage, replayOnDaemon } from "../suites/replay/index.ts";
import { storedFailure } from "../suites/stored/stored-failure.ts";

/** How a stored failure is run again. */
export interface ReplayOptions {
  /** Milliseconds in which an answer is due; if not given, as in the run that stored the failure, or 5000. */
  readonly timeout?: number;
  /** Whether a smaller failure of the same kind is looked for. */
  readonly shrink?: boolean;
  /** Ends the replay of a requirement or of a running kernel's question when it fires. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a stored failure again: the question of a counterexample on that parser; a session, a death or another requirement on the
 * daemon of that command; without either on the subject that it was stored of, be it the running kernel. Throws SubjectError when
 * the subject cannot be started, and UsageError for what is no stored failure or one that the subject could not show.
 */
export async function replay(
  stored: Counterexample | StoredSession | RequirementFailure,
  subject?: ParserFunction | SubjectDescription | readonly string[],
  { timeout, shrink = false, signal = new AbortController().signal }: ReplayOptions = {},
): Promise<Replayed> {
  storedFailure(stored, "what is replayed");
  const profile = profileNamed(stored.profile);
  if (profile === undefined) throw new UsageError(`there is no profile '${stored.profile}'`);
  if (stored.format === "fmapspec-counterexample") {
    const due = timeout ?? DEFAULT_TIMEOUT;
    if (subject === undefined && stored.subject.kind === "kernel")
      return replayHere(stored, profile, due, signal);
    return replayMessage(stored, profile, await parserOf(stored, profile, subject, due), shrink);
  }
  if (typeof subject === "function" || (subject !== undefined && "kind" in subject))
    throw new UsageError("it is about a daemon: give a daemon's command");
  const daemon =
    subject === undefined ? stored.subject : { ...stored.subject, command: withMountpoint(subject) };
  return replayOnDaemon(stored, profile, daemon, { timeout, shrink, signal });
}

async function parserOf(
  { subject: own }: Counterexample,
  profile: Profile,
  subject: ParserFunction | SubjectDescription | readonly string[] | undefined,
  timeout: number,
) {
  if (typeof subject === "function") return new FunctionSubject(subject, timeout);
  if (subject !== undefined && !("kind" in subject))
    throw new UsageError("a message is asked of a parser: give a function or how to start one");
  return subjectFor(subject ?? (own as SubjectDescription), profile, timeout);
}
