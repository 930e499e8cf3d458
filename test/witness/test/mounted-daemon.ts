import { setTimeout as sleep } from "node:timers/promises";
import { inHeader } from "../../../spec/index.ts";
import { Mount, type MountOptions, type Write } from "../../../subjects/live-kernel/mount.ts";
import type { ReferenceDaemon } from "../../../subjects/reference/daemon.ts";
import { Actions, type Done } from "./action.ts";

/** A message as it passed /dev/fuse. */
export interface Passed {
  readonly from: "kernel" | "daemon";
  readonly bytes: Uint8Array;
  /** What write(2) of it returned, 0: the kernel accepted it; of a request always 0. */
  readonly errno: number;
}

export interface MountedOptions extends MountOptions {
  /** The reply to requests of that opcode is so many milliseconds late, while others are answered. */
  readonly slow?: { readonly opcode: number; readonly ms: number };
  /** After a request of that opcode nothing is read until the action prints `go on`: requests queue up in the kernel. */
  readonly pauseAfter?: number;
}

/** Bytes that the daemon reads at once, as its own Channel does: what max_write promises, and more. */
const ROOM = 1 << 20;

/** Milliseconds in which what the kernel sends without anybody waiting for it has come: RELEASE, FORGET. */
const SETTLING = 40;

/** A reference daemon that serves a mount of the running kernel, in this process: others do what is done on the mount. */
export class MountedDaemon {
  /** All that has passed, in the order of time. */
  readonly stream: readonly Passed[];
  private readonly mount: Mount;
  private readonly actions: Actions;

  private constructor(mount: Mount, stream: readonly Passed[], actions: Actions) {
    this.mount = mount;
    this.stream = stream;
    this.actions = actions;
  }

  static async of(daemon: ReferenceDaemon, options: MountedOptions = {}): Promise<MountedDaemon> {
    const stream: Passed[] = [];
    const actions = new Actions();
    const { slow, pauseAfter } = options;
    const { quiet } = daemon.hooks;
    let timer: NodeJS.Timeout | undefined;
    const serve = (request: Uint8Array, write: Write): void | Promise<void> => {
      clearTimeout(timer);
      const bytes = Uint8Array.from(request);
      const { opcode } = inHeader.read(bytes);
      stream.push({ from: "kernel", bytes, errno: 0 });
      const replies = daemon.answer(bytes);
      const reply = () => writeAll(replies, write, stream);
      if (opcode === slow?.opcode) setTimeout(reply, slow.ms);
      else reply();
      if (quiet !== undefined) timer = setTimeout(() => writeAll(quiet.speak(), write, stream), quiet.ms);
      if (opcode === pauseAfter) return actions.saysGoOn();
    };
    return new MountedDaemon(
      await Mount.serving(serve, { room: daemon.hooks.room ?? ROOM, ...options }),
      stream,
      actions,
    );
  }

  /** The kernel refused a read(2) because its buffer is too small. */
  get readRefused(): boolean {
    return this.mount.readRefused;
  }

  /** Runs a shell command in which `$M` is the mountpoint. */
  async run(command: string, patience?: number): Promise<Done> {
    const done = await this.actions.run(this.mount.folder, command, patience);
    if (!done.hung) await sleep(SETTLING);
    return done;
  }

  /** Unmounts, whatever happened. */
  async end(): Promise<void> {
    await this.mount.end();
    await this.actions.ended();
  }
}

function writeAll(replies: readonly Uint8Array[], write: Write, stream: Passed[]): void {
  for (const bytes of replies) {
    const passed = { from: "daemon", bytes: Uint8Array.from(bytes), errno: 0 } as const;
    // The kernel may act on a reply before write(2) returns: it stands in front of what follows from it.
    const at = stream.push(passed) - 1;
    stream[at] = { ...passed, errno: write(bytes) };
  }
}
