import type { DaemonFailure } from "../outcome.ts";
import type { RecordedRequest } from "./recording.ts";
import type { NamedRequest } from "./request-name.ts";

/** Requests in flight that are named; of more the number is given. */
const NAMED = 4;

/** The daemon is gone: nothing more can be asked of it. */
export class DaemonGone extends Error {
  /** Whether it still lives and answers nothing. */
  readonly hangs: boolean;
  /** What it had not answered when it went, the oldest first; what needs no answer since its last one stands in front. */
  readonly inFlight: readonly NamedRequest[];
  /** What this start of it was asked, the oldest first. */
  readonly requests: readonly RecordedRequest[];

  /** `how`: half a sentence with its signal or status, and the end of its output. */
  constructor(
    how: string,
    inFlight: readonly NamedRequest[] = [],
    requests: readonly RecordedRequest[] = [],
    hangs = false,
  ) {
    super(how);
    this.requests = requests;
    this.inFlight = inFlight;
    this.hangs = hangs;
  }

  /** The one request that can have done it; null: several, or none. */
  get culprit(): NamedRequest | null {
    return this.inFlight.length === 1 ? (this.inFlight[0] as NamedRequest) : null;
  }

  /** What requirement that breaks, and in which request. */
  failure(): DaemonFailure {
    const { culprit } = this;
    const detail = `${this.place()}: ${this.message}`;
    return {
      rule: this.hangs ? "daemon/reply/answered" : "daemon/life/stays",
      detail,
      ...(culprit?.path === undefined ? {} : { path: culprit.path }),
      ...(culprit === null ? {} : { request: culprit.bytes() }),
      ...(this.requests.length === 0 ? {} : { requests: this.requests }),
    };
  }

  private place(): string {
    const { length } = this.inFlight;
    if (length === 0) return "while nothing was asked";
    const named = this.inFlight.slice(0, NAMED).map((r) => r.text);
    const more = length > NAMED ? ` and ${length - NAMED} more` : "";
    return length === 1 ? `at ${named[0]}` : `with ${length} requests in flight (${named.join(", ")}${more})`;
  }
}
