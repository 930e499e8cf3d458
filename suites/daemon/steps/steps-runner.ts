import type { Asker, Negotiated } from "../checks/negotiation.ts";
import { DaemonGone } from "../starts/daemon-gone.ts";
import type { Start, Starts } from "../starts/starts.ts";
import type { Found } from "./found.ts";
import type { Step } from "./step.ts";

/** Times that a step is begun: each death or silence shows one more request that is left out the next time. */
const TRIES = 6;
/** Of a step that others build on. */
const TRIES_OF_BASIC = 16;
/** Times that a step is begun without a request that could be left out. */
const BLIND_TRIES = 2;

/** Does steps one after the other on one start of the daemon, and on another one each time that it dies. */
export class StepsRunner {
  private readonly starts: Starts;
  private readonly found: Found;
  private current: Start | null = null;
  /** The start that the nodes' nodeids are of. */
  private known: Start | null = null;
  /** What the first INIT came to; null: the daemon never got so far. */
  negotiated: Negotiated | null = null;

  private readonly asker: Asker;

  /** `asker`: as which kernel INIT is sent by steps that do not say. */
  constructor(starts: Starts, found: Found, asker: Asker) {
    this.asker = asker;
    this.starts = starts;
    this.found = found;
  }

  /** Does a step. What cannot be done is noted among what was not checked. */
  async perform(step: Step): Promise<void> {
    const why = await this.attempts(step);
    if (why === null) return;
    const { over } = this.starts;
    this.starts.leaveOut(over === null ? step.name : "the rest of the run", over ?? why);
    this.starts.ledger.miss(step.checks, why);
  }

  /** Closes the daemon; returns what was wrong with its end, or null; undefined: none was there. */
  async finish(): Promise<string | null | undefined> {
    const { current } = this;
    this.current = null;
    return current === null ? undefined : this.starts.finish(current);
  }

  /** Null: the step was done; else why it was not. */
  private async attempts(step: Step): Promise<string | null> {
    const tries = step.basic ? TRIES_OF_BASIC : TRIES;
    // A death with several requests in flight: the next try, one at a time, shows whether one of them does it alone.
    let unexplained: DaemonGone | null = null;
    let deaths = 0;
    for (let blind = 0; deaths < tries && blind < BLIND_TRIES; deaths++) {
      const start = await this.startFor(step, deaths > 0);
      if (typeof start === "string") {
        this.blame(unexplained, step);
        return start;
      }
      try {
        await this.prepare(start, step);
        start.connection.hostile = step.hostile === true;
        await step.work(start);
        this.blame(unexplained, step);
        start.asking.oneAtATime = false;
        if (step.asker !== undefined) await this.starts.finish(start);
        return null;
      } catch (error) {
        if (!(error instanceof DaemonGone)) throw error;
        this.current = null;
        await this.starts.bury(start);
        if (start.connection.flooded || this.starts.stopped()) return this.starts.over;
        unexplained = error;
        if (error.culprit === null) blind++;
        else {
          this.blame(error, step);
          unexplained = null;
        }
      }
    }
    this.blame(unexplained, step);
    return `the daemon died or hung ${deaths} times meanwhile`;
  }

  /** The start that a step is done on; half a sentence: why there is none. */
  private async startFor({ asker }: Step, oneAtATime: boolean): Promise<Start | string> {
    if (asker !== undefined) return this.starts.begin(asker, oneAtATime);
    if (this.current !== null) return this.current;
    const start = await this.starts.begin(this.asker, oneAtATime);
    if (typeof start === "string") {
      // Each step would wait for the same INIT again.
      this.starts.refuse(start);
      return start;
    }
    this.negotiated ??= start.negotiated;
    this.current = start;
    return start;
  }

  /** Looks the nodes up in a start that was not asked for them yet. */
  private async prepare(start: Start, { walks }: Step): Promise<void> {
    if (!walks && this.known !== start) {
      const { deadly } = this.starts;
      for (const path of await this.found.refind(start.kernel))
        if (!deadly.barsPath(path))
          this.starts.leaveOut(path, "a later start of the daemon does not have it");
    }
    this.known = start;
  }

  private blame(gone: DaemonGone | null, { hostile }: Step): void {
    if (gone === null) return;
    const { rule, detail, ...evidence } = gone.failure();
    this.starts.ledger.check(hostile ? "robustness/survives" : rule, detail, evidence);
    const { deadly } = this.starts;
    if (gone.hangs) deadly.hung(gone.culprit);
    else deadly.died(gone.culprit);
  }
}
