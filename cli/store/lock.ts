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

/** Milliseconds after which a lock that says nothing was left by a run that died while it wrote it. */
const SILENT = 5000;

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process began, in the kernel's ticks: a pid is used again. Null: the system does not say. */
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
 * Takes the output folder for this process; returns how to give it back, which also happens when the process ends. Throws
 * UsageError where another run has it. A run whose process is gone has it no more.
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
      // Nothing is kept on a full disk, and that is said when something is to be kept.
      if (code === "ENOSPC") return () => {};
      if (code !== "EEXIST") throw new UsageError(`cannot write ${path}: ${why(error)}`);
      // Who comes between us and a lock that was left, has taken the folder.
      if (tries > 0 || !removeLeft(path)) throw refusal(path, out);
    }
  }
  const release = () => {
    process.off("exit", release);
    try {
      if (readLock(path) === own) rmSync(path, { force: true });
      // A run that was refused leaves nothing.
      if (isNew && readdirSync(out).length === 0) rmdirSync(out);
    } catch {
      // On a disk that has become read-only it stays: a lock of a process that is gone holds nobody up.
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

/** Takes away the lock of a run that is gone; false: it is held. */
function removeLeft(path: string): boolean {
  const text = readLock(path);
  const holder = holderOf(text);
  const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  if (holder === null ? age < SILENT : holder.host !== hostname() || isAlive(holder)) return false;
  // Renamed first: of two runs that find the same lock only one takes it away.
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
