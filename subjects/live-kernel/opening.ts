import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import type { Breakdown } from "../driver/breakdown.ts";
import type { OpenReport } from "./open-once.ts";
import type { OpenOrder } from "./opener.ts";
import type { OpenResult } from "./question.ts";

const PROGRAM = join(PACKAGE_ROOT, "dist/subjects/live-kernel/opener.js");

/** Milliseconds to wait for the end of a killed opener. One that blocks in the kernel is left behind. */
const FAREWELL = 2000;

/** The process that opens the files, started for the first open(2). */
export class Opening {
  private child: ChildProcess | null = null;
  private readonly timeout: number;

  /** `timeout`: time limit for an open(2) in milliseconds. */
  constructor(timeout: number) {
    this.timeout = timeout;
  }

  /** The pid of the process that opens the files; null: there is none. */
  get pid(): number | null {
    return this.child?.pid ?? null;
  }

  /** Opens a file once. It is a breakdown if open(2) does not return or if the opener dies. */
  async open(path: string): Promise<OpenResult | Breakdown> {
    this.child ??= fork(PROGRAM, { stdio: ["ignore", "inherit", "inherit", "ipc"], execArgv: [] });
    const child = this.child;
    const given = new AbortController();
    const { signal } = given;
    try {
      child.send({ path } satisfies OpenOrder);
      const report = once(child, "message", { signal }).then(([message]) => message as OpenReport);
      const ended = once(child, "exit", { signal }).then(
        ([status, by]): Breakdown => ({
          kind: "crash",
          detail: `open(2) killed its process (${by ?? status})`,
        }),
      );
      const late = sleep(this.timeout, null, { signal }).then(
        (): Breakdown => ({ kind: "hang", detail: `open(2) did not return within ${this.timeout} ms` }),
      );
      for (const p of [report, ended, late]) p.catch(() => {});
      const first = await Promise.race([report, ended, late]);
      if ("detail" in first) {
        await this.stop();
        return first;
      }
      return { ...first, size: BigInt(first.size) };
    } finally {
      given.abort();
    }
  }

  /** Ends the process. */
  async stop(): Promise<void> {
    const child = this.child;
    this.child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await Promise.race([gone, sleep(FAREWELL, null, { ref: false })]);
    child.unref();
  }
}
