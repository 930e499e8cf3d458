import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { SubjectError } from "../../base/errors.ts";
import { LogFile } from "./log-file.ts";
import { MARK, temporaryFolder } from "./reaper.ts";

/** How a process ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What a subject needs besides pipes on its stdin and stdout. */
export interface ChildOptions {
  /** Descriptors from 3 on, in the form of spawn(). */
  readonly extra?: readonly ("ignore" | "pipe" | number)[];
  /** Variables that are added to our own environment. */
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
  /** Kills the descendants of `pid` that left its process group; called before the group is killed. */
  readonly sweep?: (pid: number) => void;
  /** Called when the process has ended: resolves when its successor has ended, too; null: it has no successor. */
  readonly successor?: (ended: Ended) => Promise<void> | null;
}

const LOG_TAIL = 2000;

const WHY: Record<string, string> = {
  ENOENT: "no such program",
  EACCES: "not executable",
  ERR_INVALID_ARG_VALUE: "its name is empty",
};

const alive = new Set<Child>();

// The suite leaves no subject and no child of a subject running, however it ends.
process.on("exit", () => {
  for (const child of alive) child.discard();
});

/**
 * A subject's process in its own process group. Its stderr goes to a file, and its stdout, too, if the suite does not read
 * it: a full pipe would block the process, and the end of the file explains a failure.
 */
export class Child {
  readonly command: readonly string[];
  private readonly process: ChildProcess;
  private readonly folder: string;
  private readonly log: LogFile;
  /** The end of the closed log; null: the log is open. */
  private lastWords: string | null = null;
  private readonly sweep: ChildOptions["sweep"];
  /** The process has ended, and the system may have given its pid to another process. */
  private gone = false;
  /** Its successor has ended, too. */
  private over = false;
  /** Resolves when the process has ended and its output was read to the end. */
  readonly ended: Promise<Ended>;

  private constructor(
    command: readonly string[],
    child: ChildProcess,
    folder: string,
    log: LogFile,
    { sweep, successor }: ChildOptions,
  ) {
    this.command = command;
    this.process = child;
    this.folder = folder;
    this.log = log;
    this.sweep = sweep;
    this.ended = new Promise((resolve) => {
      let settled = false;
      const settle = (code: number | null, signal: NodeJS.Signals | null) => {
        if (settled) return;
        settled = true;
        const ended = { code, signal };
        const finish = () => {
          this.over = true;
          alive.delete(this);
          resolve(ended);
        };
        const successorEnds = successor?.(ended) ?? null;
        if (successorEnds === null) this.kill(); // what it left running
        this.gone = true;
        if (successorEnds === null) finish();
        else void successorEnds.then(finish);
      };
      child.once("close", settle);
      // Do not wait for a grandchild that keeps the pipe open.
      child.once("exit", (code, signal) => setTimeout(settle, 300, code, signal).unref());
    });
    alive.add(this);
  }

  /**
   * Starts the command. `onData` gets its stdout; null: no stdin, and stdout goes to the log. Throws SubjectError if the
   * program does not exist or may not be run.
   */
  static async start(
    command: readonly string[],
    onData: ((chunk: Buffer) => void) | null,
    { extra = [], env = {}, sweep, successor, ...user }: ChildOptions = {},
  ): Promise<Child> {
    const folder = temporaryFolder();
    const log = new LogFile(join(folder, "stderr"));
    const [program, ...args] = command as [string, ...string[]];
    const inOut = onData === null ? (["ignore", log.fd] as const) : (["pipe", "pipe"] as const);
    let child: ChildProcess;
    try {
      child = spawn(program, args, {
        stdio: [...inOut, log.fd, ...extra],
        detached: true,
        // A user's options for sanitizers would overrule those that a subject was built with.
        env: { ...process.env, ASAN_OPTIONS: "", UBSAN_OPTIONS: "", [MARK]: "", ...env },
        ...user,
      });
      await new Promise((resolve, reject) => {
        child.once("spawn", resolve);
        child.once("error", reject);
      });
    } catch (error) {
      log.close();
      rmSync(folder, { recursive: true, force: true });
      const code = String((error as NodeJS.ErrnoException).code);
      if (code === "EPERM" && user.uid !== undefined)
        throw new SubjectError(`cannot start '${program}' as uid ${user.uid}: only root may`);
      throw new SubjectError(`cannot start '${program}': ${WHY[code] ?? code}; give the command after --`);
    }
    // A write to an ended process fails here, too; `ended` reports the end.
    child.stdin?.on("error", () => {});
    if (onData !== null) child.stdout?.on("data", onData);
    return new Child(command, child, folder, log, {
      ...(sweep && { sweep }),
      ...(successor && { successor }),
    });
  }

  get pid(): number {
    return this.process.pid as number;
  }

  /** Our end of an extra descriptor of kind "pipe". */
  pipe(descriptor: number): Duplex {
    return this.process.stdio[descriptor] as Duplex;
  }

  write(bytes: Uint8Array): void {
    // A copy, because the caller reuses its buffer and the pipe may send the bytes later.
    this.process.stdin?.write(Buffer.from(bytes));
  }

  endInput(): void {
    this.process.stdin?.end();
  }

  /** Discards all further output. */
  ignore(): void {
    this.process.stdout?.destroy();
  }

  /** Kills the whole process group, and descendants that left it. */
  kill(): void {
    const { pid } = this.process;
    if (pid === undefined || this.over) return;
    this.sweep?.(pid);
    if (this.gone) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // The group is gone already.
    }
  }

  /** The end of stderr, or "". A part of a very long output may be missing. */
  logTail(): string {
    return this.lastWords ?? this.log.tail(LOG_TAIL).trim();
  }

  /** Kills the process, waits for its end and removes its log. */
  async dispose(): Promise<void> {
    this.kill();
    await this.ended;
    this.discard();
  }

  /** Kills the process and removes its log, without waiting. */
  discard(): void {
    this.kill();
    if (this.lastWords === null) {
      this.lastWords = this.logTail();
      this.log.close();
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
