import { setTimeout as wait } from "node:timers/promises";
import { Child, type Ended } from "../process/child.ts";
import type { Breakdown } from "./breakdown.ts";

/** The subject's output is not an answer. Thrown by a reader, reported as a breakdown of kind `garbage`. */
export class Garbage extends Error {}

/** Reads one chunk of output; returns true if the exchange is complete. Throws Garbage. */
export type Reader = (chunk: Buffer) => boolean;

interface Pending {
  readonly read: Reader;
  readonly settle: (breakdown: Breakdown | null) => void;
  readonly timer: NodeJS.Timeout;
  late: boolean;
}

/** Milliseconds that a program gets for stopping: it may write its coverage or look for leaks. */
const GRACE = 500;

/** After its deadline a late answer gets this many times the deadline, to distinguish slow from hung. */
export const PATIENCE = 2;

/** Request and answer over a program's stdin and stdout, one exchange at a time, each with a deadline. */
export class Conversation {
  private readonly command: readonly string[];
  private readonly timeout: number;
  private child: Child | null = null;
  private pending: Pending | null = null;
  /** The breakdown of the child; every later exchange reports it. */
  private broken: Breakdown | null = null;

  /** `timeout` in milliseconds, from the last sign of progress. */
  constructor(command: readonly string[], timeout: number) {
    this.command = command;
    this.timeout = timeout;
  }

  async start(): Promise<void> {
    this.broken = null;
    const child = await Child.start(this.command, (chunk) => this.onData(child, chunk));
    this.child = child;
    void child.ended.then((ended) => this.onEnded(child, ended));
  }

  /** Sends the bytes and passes the output to `read` until the exchange is complete. null: success. */
  exchange(bytes: Uint8Array, read: Reader): Promise<Breakdown | null> {
    const { child } = this;
    if (child === null || this.broken !== null)
      return Promise.resolve(this.broken ?? { kind: "exit", detail: "it is not running" });
    return new Promise((settle) => {
      const timer = setTimeout(() => this.onDeadline(child), this.timeout);
      this.pending = { read, settle, timer, late: false };
      child.write(bytes);
    });
  }

  /** Sends `farewell` and closes the program's input; kills the program if it does not end soon. */
  async stop(farewell: Uint8Array = new Uint8Array()): Promise<void> {
    const { child } = this;
    if (child !== null && this.broken === null) {
      child.write(farewell);
      child.endInput();
      await Promise.race([child.ended, wait(GRACE, null, { ref: false })]);
    }
    await this.abandon();
  }

  /** Kills the program. */
  async abandon(): Promise<void> {
    const { child } = this;
    this.child = null;
    await child?.dispose();
  }

  private onData(child: Child, chunk: Buffer): void {
    if (child !== this.child || this.broken !== null) return;
    const { pending } = this;
    if (pending === null) {
      this.fail(child, { kind: "garbage", detail: `it said ${chunk.length} bytes that nobody asked for` });
      return;
    }
    try {
      if (pending.read(chunk)) {
        const detail = `it answered after more than ${this.timeout} ms`;
        this.finish(pending.late ? { kind: "slow", detail } : null);
      } else if (!pending.late) pending.timer.refresh();
    } catch (error) {
      if (!(error instanceof Garbage)) throw error;
      this.fail(child, { kind: "garbage", detail: error.message });
    }
  }

  private onDeadline(child: Child): void {
    const { pending } = this;
    if (pending === null) return;
    if (!pending.late) {
      pending.late = true;
      this.pending = { ...pending, timer: setTimeout(() => this.onDeadline(child), PATIENCE * this.timeout) };
      return;
    }
    this.fail(child, { kind: "hang", detail: `no answer in ${(1 + PATIENCE) * this.timeout} ms` });
  }

  private onEnded(child: Child, { code, signal }: Ended): void {
    if (child !== this.child || this.broken !== null) return;
    this.fail(
      child,
      signal !== null
        ? { kind: "crash", detail: `killed by ${signal}` }
        : { kind: "exit", detail: `ended with status ${code} before it was told to stop` },
    );
  }

  /** Records a breakdown and gives the child up. */
  private fail(child: Child, breakdown: Breakdown): void {
    child.kill();
    child.ignore();
    const tail = child.logTail();
    this.broken = tail === "" ? breakdown : { ...breakdown, detail: `${breakdown.detail}; stderr: ${tail}` };
    this.finish(this.broken);
  }

  private finish(breakdown: Breakdown | null): void {
    const { pending } = this;
    if (pending === null) return;
    clearTimeout(pending.timer);
    this.pending = null;
    pending.settle(breakdown);
  }
}
