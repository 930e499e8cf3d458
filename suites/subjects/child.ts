import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SubjectError } from "../failure.ts";

/** How a process ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const LOG_TAIL = 2000;

const alive = new Set<Child>();

// Whatever way the suite ends, no subject and no child of a subject stays behind.
process.on("exit", () => {
  for (const child of alive) child.kill();
});

/**
 * A subject's process in a process group of its own, with its stderr in a file: a pipe that nobody reads would block
 * it, and the tail of the file explains a failure.
 */
export class Child {
  readonly command: readonly string[];
  private readonly process: ChildProcess;
  private readonly folder: string;
  /** Resolves when the process is gone and its output was read to the end. */
  readonly ended: Promise<Ended>;

  private constructor(command: readonly string[], child: ChildProcess, folder: string) {
    this.command = command;
    this.process = child;
    this.folder = folder;
    this.ended = new Promise((resolve) => {
      let settled = false;
      const settle = (code: number | null, signal: NodeJS.Signals | null) => {
        if (settled) return;
        settled = true;
        this.kill(); // what it left running
        alive.delete(this);
        resolve({ code, signal });
      };
      child.once("close", settle);
      // A grandchild that holds the pipe open must not keep us waiting for its end.
      child.once("exit", (code, signal) => setTimeout(settle, 300, code, signal).unref());
    });
    alive.add(this);
  }

  /** Starts the command; throws SubjectError when there is no such program or it may not be run. */
  static async start(command: readonly string[], onData: (chunk: Buffer) => void): Promise<Child> {
    const folder = mkdtempSync(join(tmpdir(), "fmapspec-"));
    const log = openSync(join(folder, "stderr"), "w");
    const [program, ...args] = command as [string, ...string[]];
    const child = spawn(program, args, {
      stdio: ["pipe", "pipe", log],
      detached: true,
      // Options for sanitizers that a user has set would overrule those that a subject was built with.
      env: { ...process.env, ASAN_OPTIONS: "", UBSAN_OPTIONS: "" },
    });
    closeSync(log);
    const started = new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    });
    try {
      await started;
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      const { code } = error as NodeJS.ErrnoException;
      const why = code === "ENOENT" ? "no such program" : code === "EACCES" ? "not executable" : String(code);
      throw new SubjectError(`cannot start '${program}': ${why}; give the command after --`);
    }
    // A write to a process that is gone fails here too; `ended` tells the story.
    child.stdin?.on("error", () => {});
    child.stdout?.on("data", onData);
    return new Child(command, child, folder);
  }

  write(bytes: Uint8Array): void {
    // The caller reuses its buffer, and the pipe may take the bytes later.
    this.process.stdin?.write(Buffer.from(bytes));
  }

  endInput(): void {
    this.process.stdin?.end();
  }

  pause(): void {
    this.process.stdout?.pause();
  }

  /** Kills the whole process group. */
  kill(): void {
    const { pid } = this.process;
    if (pid === undefined) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // The group is gone already.
    }
  }

  /** The end of what the process wrote to stderr, or "". */
  logTail(): string {
    try {
      return readFileSync(join(this.folder, "stderr"), "utf8").slice(-LOG_TAIL).trim();
    } catch {
      return "";
    }
  }

  /** Kills the process, waits for its end and removes its log. */
  async dispose(): Promise<void> {
    this.kill();
    await this.ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
