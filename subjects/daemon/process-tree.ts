/** What /proc tells about the processes of a daemon. Where there is no /proc, nothing. */
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from "node:fs";
import type { SocketName } from "./channel/channel.ts";

/** What `look` finds; `otherwise` where the process is gone, or somebody else's. */
function attempt<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}

const entries = (folder: string): string[] => attempt(() => readdirSync(folder), []);
const linkAt = (path: string): string => attempt(() => readlinkSync(path), "");

const processes = (): number[] => entries("/proc").map(Number).filter(Number.isInteger);

/** Whether a process was started with this text in its environment; a zombie has none. */
export const isMarked = (pid: number, mark: string): boolean =>
  attempt(() => readFileSync(`/proc/${pid}/environ`, "latin1").includes(mark), false);

/** All processes that were started with this text in their environment. */
export const processesWith = (mark: string): number[] => processes().filter((pid) => isMarked(pid, mark));

/** When a process was started, in the clock ticks of /proc; null: it is gone. */
export const startOf = (pid: number): number | null =>
  attempt(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The state is the third field, the first one behind the name in brackets; the start is the 22nd.
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]);
  }, null);

/** The descriptors of a process that are this socket. */
function descriptorsOf(pid: number, socket: SocketName): number[] {
  const folder = `/proc/${pid}/fd`;
  return entries(folder)
    .filter((descriptor) => linkAt(`${folder}/${descriptor}`) === socket)
    .map(Number);
}

/** The socket that a descriptor of a process is, or null. */
export function socketAt(pid: number, descriptor: number): SocketName | null {
  const name = linkAt(`/proc/${pid}/fd/${descriptor}`);
  return name.startsWith("socket:") ? (name as SocketName) : null;
}

/** A process that has a socket open, and as which descriptors. */
export interface Holder {
  readonly pid: number;
  readonly descriptors: readonly number[];
}

/** The other processes that hold this socket open. */
export function holdersOf(socket: SocketName): Holder[] {
  return processes()
    .filter((pid) => pid !== process.pid)
    .map((pid) => ({ pid, descriptors: descriptorsOf(pid, socket) }))
    .filter(({ descriptors }) => descriptors.length > 0);
}

/** The folders of a process's threads. */
export const threadsOf = (pid: number): string[] =>
  entries(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}`);

function isAsleep(thread: string): boolean {
  const stat = readFileSync(`${thread}/stat`, "latin1");
  return stat.startsWith(" S", stat.lastIndexOf(")") + 1);
}

/** A system call by its number, and its six arguments; those that are no pointer and no number of 53 bits are rounded. */
export interface SleepingCall {
  readonly call: number;
  readonly args: readonly number[];
}

/** The system call that a thread sleeps in; null: it runs, ended, or may not be observed. */
export const sleepingCall = (thread: string): SleepingCall | null =>
  attempt(() => {
    // While a thread is being woken its call is still listed, but not this state. Asked before and after: in between it
    // may have gone from one call into the next, and there wait for memory with a request half read.
    if (!isAsleep(thread)) return null;
    // Behind the arguments stand the stack pointer and the program counter.
    const [call, ...args] = readFileSync(`${thread}/syscall`, "latin1").split(" ");
    return args.length < 6 || !isAsleep(thread)
      ? null
      : { call: Number(call), args: args.slice(0, 6).map(Number) };
  }, null);

/** The descriptors that an epoll descriptor of a process waits for. */
export function watchedBy(pid: number, epoll: number): number[] {
  const info = attempt(() => readFileSync(`/proc/${pid}/fdinfo/${epoll}`, "latin1"), "");
  return [...info.matchAll(/^tfd:\s*(\d+)/gm)].map(([, descriptor]) => Number(descriptor));
}

/** Bytes of a process's memory; null: we may not read it, or there is none. */
export function memoryOf(pid: number, address: number, length: number): DataView | null {
  let memory: number | null = null;
  try {
    memory = openSync(`/proc/${pid}/mem`, "r");
    const bytes = new Uint8Array(length);
    return readSync(memory, bytes, 0, length, address) === length ? new DataView(bytes.buffer) : null;
  } catch {
    return null;
  } finally {
    if (memory !== null) closeSync(memory);
  }
}

const pipesOf = (pid: number): string[] =>
  entries(`/proc/${pid}/fd`)
    .map((descriptor) => linkAt(`/proc/${pid}/fd/${descriptor}`))
    .filter((name) => name.startsWith("pipe:"));

/** Whether one of the process's descriptors is a pipe that it did not inherit from us. */
export function hasPipe(pid: number): boolean {
  const ours = pipesOf(process.pid);
  return pipesOf(pid).some((pipe) => !ours.includes(pipe));
}

/** Whether we may see in which system call a process is. */
export const isTransparent = (pid: number): boolean =>
  attempt(() => readFileSync(`/proc/${pid}/syscall`).length > 0, false);

/** Kills the process if it is still there. */
export const killProcess = (pid: number): boolean => attempt(() => process.kill(pid, "SIGKILL"), false);
