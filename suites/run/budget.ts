import type { Level, RunProgress } from "./outcome.ts";

/** Seconds of a soak for which no other time was given. */
const SOAK_TIME = 600;

/** Milliseconds that a timer can wait at most: 24 days. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** What ends a run before everything was asked. */
export interface Limits {
  readonly level: Level;
  /** Seconds after which nothing more is asked. */
  readonly maxTime?: number;
  /** Whether the run stops at the first failure. */
  readonly failFast?: boolean;
  /** Fires when the run is to stop. */
  readonly signal: AbortSignal;
}

/** Says when a run is over, and why. */
export class Budget {
  /** Why the run ended before its time and its messages were up; null: it did not. */
  ended: string | null = null;
  private readonly limits: Limits;
  /** When the run began, the time before an interruption counted. */
  private readonly began: number;
  private readonly deadline: number;

  /** `spent`: seconds that the run took before it was interrupted. */
  constructor(limits: Limits, spent = 0) {
    this.limits = limits;
    this.began = Date.now() - 1000 * spent;
    const seconds = limits.maxTime ?? (limits.level === "soak" ? SOAK_TIME : Number.POSITIVE_INFINITY);
    this.deadline = this.began + 1000 * seconds;
  }

  /** How long the run has gone on, without the time between an interruption and now. */
  seconds(): number {
    return (Date.now() - this.began) / 1000;
  }

  /** Whether nothing more is to be asked. `givenUp`: why the subject is not worth another question; null: it is. */
  over(failures: number, givenUp: () => string | null): boolean {
    if (this.ended !== null) return true;
    const { signal, failFast, level } = this.limits;
    const isLate = Date.now() > this.deadline;
    if (signal.aborted) this.ended = "interrupted";
    else if (failFast === true && failures > 0) this.ended = "stopped at the first failure";
    // Of a soak the time is the whole run.
    else this.ended = givenUp() ?? (isLate && level !== "soak" ? "the time was up" : null);
    return this.ended !== null || isLate;
  }

  /** Calls `stop` when the time is up, however long a question takes; returns how to take that back. */
  atDeadline(stop: () => void): () => void {
    if (!Number.isFinite(this.deadline)) return () => {};
    const left = Math.min(Math.max(0, this.deadline - Date.now()), LONGEST_TIMER);
    const timer = setTimeout(stop, left);
    return () => clearTimeout(timer);
  }

  /** How far the run has come with `done` of `all` messages, of which there may be no end. */
  progress(done: number, failures: number, all: number): RunProgress {
    const elapsed = (Date.now() - this.began) / (this.deadline - this.began);
    const part = Math.max(elapsed, done / all);
    return { done, failures, part: part > 0 ? Math.min(part, 1) : null };
  }
}
