import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { SubjectError, UsageError } from "../../base/errors.ts";
import { Child, type Ended } from "../process/child.ts";
import type { Channel, ChannelEnds, ChannelKind, SocketName } from "./channel/channel.ts";
import { openSeqpacket } from "./channel/seqpacket.ts";
import { openStream, StreamChannel } from "./channel/stream.ts";
import { prepareStandIn, type StandIn } from "./fusermount.ts";
import { holdersOf, isMarked, killProcess, processesWith, socketAt, startOf } from "./process-tree.ts";
import { userNamed } from "./user.ts";

/** What in a daemon's command stands for its mountpoint. */
export const MOUNTPOINT = "{mountpoint}";

/** The command with a place for its mountpoint, its last word where it has none. */
export const withMountpoint = (command: readonly string[]): readonly string[] =>
  command.some((word) => word.includes(MOUNTPOINT)) ? command : [...command, MOUNTPOINT];

/**
 * How a daemon gets its channel. `direct`: its mountpoint is /dev/fd/N, which libfuse 3 and go-fuse take for a device that
 * is open already. `fusermount`: its mountpoint is an empty folder, and a stand-in for fusermount3 hands the channel over.
 */
export type Via = "direct" | "fusermount";

export interface DaemonOptions {
  /** `auto`: packets where koffi has a binary for this platform, else a stream. */
  readonly channel?: "auto" | ChannelKind;
  readonly via?: Via;
  /** Through the stand-in: whether go-fuse's file is in the mountpoint, which is empty otherwise. */
  readonly pollHack?: boolean;
  /** Whether the first process may hand over to one in the background and end, until `settle`. */
  readonly background?: boolean;
  /** Name of the user to run it as. */
  readonly user?: string;
  /** Variables beside our own. */
  readonly env?: NodeJS.ProcessEnv;
}

/** How a daemon's first process ended. */
export interface DaemonEnd extends Ended {
  /** Whether processes that it had started went on without the channel; they are killed. */
  readonly leftOthers: boolean;
  /** Whether it went to the background: its first process ended with 0, and others served on until they ended too. */
  readonly background: boolean;
}

/** The daemon's descriptor. Out of the way of fusermount's callers, who put their socket at 3. */
const DESCRIPTOR = { direct: 3, fusermount: 19 } as const;

/** Every process of a daemon carries this variable, wherever it went. */
const MARK = "FMAPSPEC_DAEMON";

/** Milliseconds in which a killed process closes its descriptors. */
const CLOSING = 500;

/** Milliseconds between two looks at a daemon in the background, which is nobody's child. */
const LOOK_EVERY = 20;

const IN_BACKGROUND =
  "it went to the background, where neither its output nor how it ends can be observed: start it in the foreground (often with -f)";

async function openEnds(
  choice: "auto" | ChannelKind,
  notes: string[],
): Promise<ChannelEnds & { connect?(): Channel }> {
  if (choice === "stream") return openStream();
  try {
    return await openSeqpacket();
  } catch (error) {
    const why = (error as Error).message.split("\n")[0];
    if (choice === "seqpacket") throw new SubjectError(`there is no packet channel here: ${why}`);
    notes.push(`there is no packet channel here (${why}); a stream is used, with one request in flight`);
    return openStream();
  }
}

const pathBehind = (standIn: StandIn | null): NodeJS.ProcessEnv =>
  standIn === null ? {} : { PATH: `${standIn.folder}:${process.env.PATH ?? "/usr/bin:/bin"}` };

/** The processes that serve on once the first one has ended: they carry the mark and hold the channel. */
class Background {
  began = false;
  allowed: boolean;
  private readonly mark: string;
  private readonly socket: () => SocketName | null;

  constructor(allowed: boolean, mark: string, socket: () => SocketName | null) {
    this.allowed = allowed;
    this.mark = mark;
    this.socket = socket;
  }

  /** Resolves when the last of them has ended; null: the first process has no successor. */
  after({ code }: Ended): Promise<void> | null {
    if (!this.allowed || code !== 0 || this.serving().length === 0) return null;
    this.began = true;
    return this.end();
  }

  private async end(): Promise<void> {
    for (let pids = this.serving(); pids.length > 0; pids = this.serving())
      while (pids.some((pid) => isMarked(pid, this.mark))) await sleep(LOOK_EVERY);
  }

  private serving(): number[] {
    const socket = this.socket();
    if (socket === null) return [];
    const marked = new Set(processesWith(`${MARK}=${this.mark}`));
    return holdersOf(socket).flatMap(({ pid }) => (marked.has(pid) ? [pid] : []));
  }
}

/** What a daemon consists of once it was started. */
interface Parts {
  readonly child: Child;
  readonly channel: Channel;
  readonly socket: SocketName | null;
  readonly standIn: StandIn | null;
  readonly notes: readonly string[];
  readonly background: Background;
  /** Whether processes were left over when the first one ended. */
  readonly leftOthers: () => boolean;
}

/** A daemon under test in its own process group, and the channel to it. */
export class Daemon {
  readonly channel: Channel;
  readonly ended: Promise<DaemonEnd>;
  /** Name of the daemon's end of the channel, where it is known. */
  readonly socket: SocketName | null;
  private readonly parts: Parts;
  private readonly started: number;

  private constructor(parts: Parts) {
    const { child, channel, socket, background, leftOthers } = parts;
    this.parts = parts;
    this.channel = channel;
    this.socket = socket;
    this.started = startOf(child.pid) ?? 0;
    this.ended = child.ended.then((ended) => ({
      ...ended,
      background: background.began,
      leftOthers: leftOthers() && !background.began,
    }));
  }

  /** What the user should know, one sentence each. */
  get notes(): readonly string[] {
    const { notes, channel, standIn, background } = this.parts;
    const all = [...notes, ...channel.notes, ...(standIn?.notes ?? [])];
    return background.began ? [...all, IN_BACKGROUND] : all;
  }

  /**
   * Starts the command with `{mountpoint}` filled in. Throws UsageError for a command without a place for it,
   * SubjectError when the daemon cannot be started.
   */
  static async start(command: readonly string[], options: DaemonOptions = {}): Promise<Daemon> {
    if (command.length === 0) throw new UsageError("no daemon: give its command after --");
    if (!command.some((word) => word.includes(MOUNTPOINT)))
      throw new UsageError(`write ${MOUNTPOINT} where the daemon's command has its mountpoint`);
    const via = options.via ?? "direct";
    const descriptor = DESCRIPTOR[via];
    const user = options.user === undefined ? null : userNamed(options.user);
    const notes: string[] = [];
    const ends = await openEnds(options.channel ?? "auto", notes);
    const mark = randomUUID();
    let left = false;
    let standIn: StandIn | null = null;
    let socket = ends.name;
    const background = new Background(options.background ?? false, mark, () => socket);
    try {
      if (via === "fusermount")
        standIn = prepareStandIn(ends.kind, descriptor, user, options.pollHack ?? false);
      const place = standIn?.mountpoint ?? `/dev/fd/${descriptor}`;
      const words = command.map((word) => word.replaceAll(MOUNTPOINT, place));
      const child = await Child.start(standIn?.wrap(words, user) ?? words, null, {
        extra: [...new Array<"ignore">(descriptor - 3).fill("ignore"), ends.daemonEnd],
        env: { ...options.env, [MARK]: mark, ...pathBehind(standIn) },
        ...(user === null || standIn?.switchesUser === true ? {} : user),
        sweep: (leader) => {
          const others = processesWith(`${MARK}=${mark}`).filter((pid) => pid !== leader);
          left = others.length > 0;
          others.forEach(killProcess);
        },
        successor: (ended) => background.after(ended),
      });
      socket ??= socketAt(child.pid, descriptor);
      const channel = ends.connect?.() ?? new StreamChannel(child.pipe(descriptor), socket);
      return new Daemon({ child, channel, socket, standIn, notes, background, leftOthers: () => left });
    } catch (error) {
      ends.discard();
      standIn?.dispose();
      throw error;
    }
  }

  get pid(): number {
    return this.parts.child.pid;
  }

  get inBackground(): boolean {
    return this.parts.background.began;
  }

  /** From now on it stays where it is; returns whether that is in the background. */
  settle(): boolean {
    this.parts.background.allowed = this.parts.background.began;
    return this.parts.background.began;
  }

  /** The end of what the daemon wrote to stdout and stderr, or "". */
  logTail(): string {
    return this.parts.child.logTail();
  }

  /** Kills the daemon and everything that it started. */
  kill(): void {
    this.parts.child.kill();
  }

  /** Kills what is left of the daemon, also who only holds its end of the channel, and removes its files. */
  async dispose(channelClosed: Promise<unknown>): Promise<void> {
    this.kill();
    await this.ended;
    const closed = () =>
      Promise.race([channelClosed.then(() => true), sleep(CLOSING, false, { ref: false })]);
    // What cleared its environment and left the group is found by the socket. A server that ran before may have been handed
    // the channel: it is none of the daemon's processes.
    if (this.socket !== null && !(await closed())) {
      for (const { pid } of holdersOf(this.socket)) if ((startOf(pid) ?? 0) >= this.started) killProcess(pid);
      await closed();
    }
    this.channel.close();
    await this.parts.child.dispose();
    this.parts.standIn?.dispose();
  }
}
