import { CALLS, type CallNumbers, NO_CALLS } from "../call-numbers.ts";
import {
  type Holder,
  holdersOf,
  isTransparent,
  sleepingCall,
  threadsOf,
  watchedBy,
} from "../process-tree.ts";
import type { SocketName } from "./channel.ts";

/** `watching`: it sleeps until something comes on this very socket; `polling`: it waits for several descriptors, maybe this one. */
export type ReaderState = "reading" | "watching" | "polling" | "asleep" | "busy";

/** Milliseconds between looks after the first ones; the first ones follow each other at once. */
const PAUSE = 1;
const EAGER_LOOKS = 50;

/** Looks in a row at which a daemon only waits for its descriptor, before that counts as having read everything. */
const POLLING_LOOKS = 20;

/** Looks without a reader after which another process may have taken over. */
const LOOK_AGAIN = 100;

/** Milliseconds that a daemon gets to read a request where /proc does not tell. */
const BLIND_PAUSE = 10;

/**
 * Tells when a daemon has read all that was written to its socket, without FFI: one of its threads sleeps in a read of
 * this very socket, which it can do only when nothing is left. (A write to the socket has woken its reader when it
 * returns. Without a look at the thread's state 6 of 5000 requests after a FORGET got lost, with it none of 100,000.)
 */
export class ReaderWatch {
  /** Whether /proc tells it for this daemon; if not, `nothingLeft` only waits a little. */
  readonly sees: boolean;
  private readonly socket: SocketName | null;
  private readonly calls: CallNumbers = CALLS[process.arch] ?? NO_CALLS;
  private holders: readonly Holder[] = [];
  /** The thread that was found reading last: most daemons have one that mostly does. */
  private reader: string | null = null;

  constructor(socket: SocketName | null) {
    this.socket = socket;
    this.findHolders();
    const { holders } = this;
    const gone = socket !== null && holders.length === 0 && isTransparent(process.pid);
    this.sees = this.calls.reading.length > 0 && (gone || holders.some(({ pid }) => isTransparent(pid)));
  }

  /** Resolves true when everything was read, false after `timeout` milliseconds or when `stop` says so. */
  async nothingLeft(timeout: number, stop: () => boolean): Promise<boolean> {
    if (!this.sees) {
      await new Promise((resolve) => setTimeout(resolve, BLIND_PAUSE));
      return true;
    }
    const deadline = performance.now() + timeout;
    let polling = 0;
    for (let look = 1; !stop() && performance.now() < deadline; look++) {
      const state = this.look();
      polling = state === "polling" || state === "watching" ? polling + 1 : 0;
      if (state === "reading" || polling >= POLLING_LOOKS) return true;
      if (look % LOOK_AGAIN === 0) this.findHolders();
      if (look <= EAGER_LOOKS) await new Promise((resolve) => setImmediate(resolve));
      else await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
    return false;
  }

  /** Who has the socket may have changed. */
  findHolders(): void {
    this.holders = this.socket === null ? [] : holdersOf(this.socket);
    this.reader = null;
  }

  /** What the daemon does at this moment, as far as the socket goes. */
  look(): ReaderState {
    const { reader } = this;
    if (reader !== null && this.holders.some((holder) => this.stateOf(reader, holder) === "reading"))
      return "reading";
    const states = new Set<ReaderState>();
    for (const holder of this.holders)
      for (const thread of threadsOf(holder.pid)) {
        const state = this.stateOf(thread, holder);
        if (state === "reading") {
          this.reader = thread;
          return state;
        }
        states.add(state);
      }
    // One thread may have got the request while another polls.
    if (states.has("busy")) return "busy";
    return states.has("watching") ? "watching" : states.has("polling") ? "polling" : "busy";
  }

  /** Whether one of this process's threads was the last that was found reading. */
  isReadBy(pid: number): boolean {
    return this.reader?.startsWith(`/proc/${pid}/`) ?? false;
  }

  private stateOf(thread: string, { pid, descriptors }: Holder): ReaderState {
    const sleeping = sleepingCall(thread);
    if (sleeping === null) return "busy";
    const { call, args } = sleeping;
    const argument = args[0] as number;
    if (this.calls.reading.includes(call) && descriptors.includes(argument)) return "reading";
    if (this.calls.polling.includes(call)) return "polling";
    // Threads of a runtime often sleep in an epoll of their own.
    if (this.calls.epoll.includes(call) && watchedBy(pid, argument).some((fd) => descriptors.includes(fd)))
      return "watching";
    return "asleep";
  }
}
