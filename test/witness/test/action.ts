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

/** A line with which an action says that the daemon may go on reading. */
const GO_ON = "go on\n";

/** The actions on one mount. */
export class Actions {
  private goOn: () => void = () => {};
  private readonly running = new Set<ChildProcess>();

  /** Runs a shell command in which `$M` is `folder`; it is killed after `patience` milliseconds. */
  async run(folder: string, command: string, patience = PATIENCE): Promise<Done> {
    const child = spawn("sh", ["-c", command], {
      cwd: "/",
      env: { PATH: process.env.PATH, LC_ALL: "C", M: folder },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    this.running.add(child);
    let [out, err] = ["", ""];
    child.stdout.on("data", (data) => {
      if (out.length < KEPT) out += data;
      if (out.includes(GO_ON)) this.goOn();
    });
    child.stderr.on("data", (data) => {
      if (err.length < KEPT) err += data;
    });
    const cancel = new AbortController();
    const closed = once(child, "close").then(([status]) => {
      this.running.delete(child);
      return status as number | null;
    });
    const late = sleep(patience, "late" as const, { signal: cancel.signal }).catch(() => "late" as const);
    const status = await Promise.race([closed, late]);
    cancel.abort();
    if (status !== "late") return { hung: false, status, out, err };
    kill(child);
    return { hung: true, status: null, out, err };
  }

  /** Resolves when an action prints the line `go on`, at the latest when it counts as hanging. */
  saysGoOn(): Promise<void> {
    return new Promise((resolve) => {
      this.goOn = resolve;
      setTimeout(resolve, PATIENCE).unref();
    });
  }

  /** Waits for what was killed: some of it goes only with the mount. */
  async ended(): Promise<void> {
    for (const child of this.running) kill(child);
    await Promise.all([...this.running].map((child) => once(child, "close")));
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
