import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../base/errors.ts";
import { makeFolder, why } from "./files.ts";

const LOCK = ".lock";

/** Milliseconds after which an empty lock is one whose run died while it wrote it. */
const SILENT = 5000;

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process began, in the kernel's ticks: a pid is used again. Null: the system does not report it. */
  readonly start: string | null;
}

/** Field 22 of /proc/PID/stat, counted behind the name, which may have blanks in it. */
const START_TIME = 19;

function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[START_TIME] ?? null;
  } catch {
    return null;
  }
}

function isAlive({ pid, start }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
  return start === null || startOf(pid) === start;
}

function holderOf(text: string): Holder | null {
  try {
    const { pid, host, start } = JSON.parse(text) as Holder;
    return Number.isInteger(pid) && typeof host === "string" ? { pid, host, start } : null;
  } catch {
    return null;
  }
}

/**
 * Locks the output folder for this process; returns how to unlock it, which also happens when the process ends. Throws
 * UsageError where another run has locked it. The lock of a process that is gone does not count.
 */
export function lockFolder(out: string): () => void {
  const isNew = !existsSync(out);
  makeFolder(out);
  const path = join(out, LOCK);
  const own = JSON.stringify({ pid: process.pid, host: hostname(), start: startOf(process.pid) });
  for (let tries = 0; ; tries++) {
    try {
      writeFileSync(path, own, { flag: "wx" });
      break;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // A full disk is reported when the run writes its report.
      if (code === "ENOSPC") return () => {};
      if (code !== "EEXIST") throw new UsageError(`cannot write ${path}: ${why(error)}`);
      // A run that came between us and an abandoned lock has locked the folder.
      if (tries > 0 || !removeLeft(path)) throw refusal(path, out);
    }
  }
  const release = () => {
    process.off("exit", release);
    try {
      if (readLock(path) === own) rmSync(path, { force: true });
      // A refused run leaves nothing.
      if (isNew && readdirSync(out).length === 0) rmdirSync(out);
    } catch {
      // On a disk that has become read-only it stays: the lock of a process that is gone stops no run.
    }
  };
  process.on("exit", release);
  return release;
}

function readLock(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** Removes the lock of a run that is gone; false: its run goes on. */
function removeLeft(path: string): boolean {
  const text = readLock(path);
  const holder = holderOf(text);
  const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  if (holder === null ? age < SILENT : holder.host !== hostname() || isAlive(holder)) return false;
  // Renamed first: of two runs that find the same lock only one removes it.
  const away = `${path}.${process.pid}`;
  try {
    renameSync(path, away);
  } catch {
    return true;
  }
  const same = readLock(away) === text;
  if (same) rmSync(away, { force: true });
  else renameSync(away, path);
  return same;
}

function refusal(path: string, out: string): UsageError {
  const holder = holderOf(readLock(path));
  const who = holder === null ? "another run" : `a run with pid ${holder.pid} on ${holder.host}`;
  return new UsageError(`${who} is using ${out} (${path}); give this one another folder with --out`);
}
