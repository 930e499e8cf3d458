/** What people do on a mount: a shell command in a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

/** What an action came to. */
export interface Done {
  /** It did not come back in time. */
  readonly hung: boolean;
  /** Exit status; null: it hung, or a signal ended it. */
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Milliseconds that an action has. */
const PATIENCE = 10_000;

/** Bytes of output that are kept: an endless listing prints without end. */
const KEPT = 1 << 20;

/** The actions on one mount. */
export class Actions {
  readonly #folder: string;
  readonly #running = new Set<ChildProcess>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Runs a shell command in which `$M` is the mountpoint; it is killed after `patience` milliseconds. */
  async run(command: string, patience = PATIENCE): Promise<Done> {
    const child = spawn("sh", ["-c", command], {
      cwd: "/",
      env: { PATH: process.env.PATH, LC_ALL: "C", M: this.#folder },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    this.#running.add(child);
    let [out, err] = ["", ""];
    child.stdout.on("data", (data) => {
      if (out.length < KEPT) out += data;
    });
    child.stderr.on("data", (data) => {
      if (err.length < KEPT) err += data;
    });
    const cancel = new AbortController();
    const closed = once(child, "close").then(([status]) => {
      this.#running.delete(child);
      return status as number | null;
    });
    const late = sleep(patience, "late" as const, { signal: cancel.signal }).catch(() => "late" as const);
    const status = await Promise.race([closed, late]);
    cancel.abort();
    if (status !== "late") return { hung: false, status, out, err };
    kill(child);
    return { hung: true, status: null, out, err };
  }

  /** Waits for what was killed: some of it goes only with the mount. */
  async ended(): Promise<void> {
    for (const child of this.#running) kill(child);
    await Promise.all([...this.#running].map((child) => once(child, "close")));
  }
}

/** Kills the shell and all that it started. */
function kill({ pid }: ChildProcess): void {
  try {
    process.kill(-(pid as number), "SIGKILL");
  } catch {
    // Nobody of it lives any more.
  }
}
