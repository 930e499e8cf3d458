import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { SubjectError } from "../../base/errors.ts";

/** What a process reports of its part of a run: where it stands, or why it cannot go on. */
export type Reported<State> = { readonly state: State } | { readonly failed: string };

/** The run that the parts are of. */
export interface Owner<State> {
  /** Whether every process is to stop where it is. */
  over(): boolean;
  /** Hears where the part with this index stands. */
  hear(index: number, state: State): void;
}

/** Nothing is to be done about a message to a process that has just ended: how it ended is reported. */
const leave = () => {};

/** Processes that do the parts of a run, each process one part. */
export class Jobs<Part extends object, State> {
  private readonly program: string;
  private readonly owner: Owner<State>;
  private readonly children = new Set<ChildProcess>();

  /** `program`: a module that is sent its part, and then perhaps "stop", and sends what Reported says. */
  constructor(program: string, owner: Owner<State>) {
    this.program = program;
    this.owner = owner;
  }

  /** Does the parts, so many at once. Returns when all processes have ended. Throws SubjectError. */
  async run(parts: readonly Part[], atOnce: number): Promise<void> {
    const left = [...parts.entries()];
    const worker = async () => {
      for (let next = left.shift(); next !== undefined && !this.owner.over(); next = left.shift())
        await this.doPart(...next);
    };
    const workers = await Promise.allSettled(Array.from({ length: atOnce }, worker));
    for (const w of workers) if (w.status === "rejected") throw w.reason;
  }

  /** Every process ends where it is. */
  stop(): void {
    for (const child of this.children) if (child.connected) child.send("stop", leave);
  }

  private async doPart(index: number, part: Part): Promise<void> {
    // In a process group of its own: Ctrl-C is for this process, which then stops the others.
    const child = fork(this.program, {
      execArgv: [],
      detached: true,
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    this.children.add(child);
    let failed: string | null = null;
    child.on("message", (reported: Reported<State>) => {
      if ("failed" in reported) failed = reported.failed;
      else this.owner.hear(index, reported.state);
      if (failed !== null || this.owner.over()) this.stop();
    });
    child.send(part, leave);
    // What was sent before the end may arrive after it.
    const [[status, signal]] = await Promise.all([once(child, "exit"), once(child, "disconnect")]);
    this.children.delete(child);
    if (failed !== null) throw new SubjectError(failed);
    if (status === 0) return;
    this.stop();
    throw new Error(`a process of --jobs ended with ${status ?? signal}`);
  }
}
