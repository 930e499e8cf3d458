import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { SubjectError, UsageError } from "../failure.ts";
import { Child, type Ended } from "../subjects/child.ts";
import type { Channel, ChannelEnds, ChannelKind, SocketName } from "./channel.ts";
import { prepareStandIn, type StandIn } from "./fusermount.ts";
import { holdersOf, killProcess, processesWith, socketAt } from "./process-tree.ts";
import { openSeqpacket } from "./seqpacket.ts";
import { openStream, StreamChannel } from "./stream.ts";
import { userNamed } from "./user.ts";

/** What in a daemon's command stands for its mountpoint. */
export const MOUNTPOINT = "{mountpoint}";

/** The command with a place for its mountpoint, its last word where it has none. */
export const withMountpoint = (command: readonly string[]): readonly string[] =>
  command.some((word) => word.includes(MOUNTPOINT)) ? command : [...command, MOUNTPOINT];

export interface DaemonOptions {
  /** `auto`: packets where koffi has a binary for this platform, else a stream. */
  readonly channel?: "auto" | ChannelKind;
  /** `fusermount`: the daemon gets a folder as its mountpoint and the channel from a stand-in for fusermount3. */
  readonly via?: "direct" | "fusermount";
  /** Name of the user to run it as. */
  readonly user?: string;
  /** Variables beside our own. */
  readonly env?: NodeJS.ProcessEnv;
}

/** How a daemon's first process ended. */
export interface DaemonEnd extends Ended {
  /** Whether processes that it had started went on; they are killed. */
  readonly leftOthers: boolean;
}

/** The daemon's descriptor. Out of the way of fusermount's callers, who put their socket at 3. */
const DESCRIPTOR = { direct: 3, fusermount: 19 } as const;

/** Every process of a daemon carries this variable, wherever it went. */
const MARK = "FMAPSPEC_DAEMON";

/** Milliseconds in which a killed process closes its descriptors. */
const CLOSING = 500;

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

/** A daemon under test in its own process group, and the channel to it. */
export class Daemon {
  readonly channel: Channel;
  /** What the user should know, one sentence each. */
  readonly notes: readonly string[];
  readonly ended: Promise<DaemonEnd>;
  private readonly child: Child;
  /** The daemon's end of the channel as /proc has it; null: it cannot be found there. */
  readonly socket: SocketName | null;
  private readonly standIn: StandIn | null;

  private constructor(
    child: Child,
    channel: Channel,
    socket: SocketName | null,
    standIn: StandIn | null,
    notes: readonly string[],
    leftOthers: () => boolean,
  ) {
    this.child = child;
    this.channel = channel;
    this.socket = socket;
    this.standIn = standIn;
    this.notes = [...notes, ...channel.notes, ...(standIn?.notes ?? [])];
    this.ended = child.ended.then((ended) => ({ ...ended, leftOthers: leftOthers() }));
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
    try {
      if (via === "fusermount") standIn = prepareStandIn(ends.kind, descriptor);
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
      });
      const socket = ends.name ?? socketAt(child.pid, descriptor);
      const channel = ends.connect?.() ?? new StreamChannel(child.pipe(descriptor), socket);
      return new Daemon(child, channel, socket, standIn, notes, () => left);
    } catch (error) {
      ends.discard();
      standIn?.dispose();
      throw error;
    }
  }

  get pid(): number {
    return this.child.pid;
  }

  /** The end of what the daemon wrote to stdout and stderr, or "". */
  logTail(): string {
    return this.child.logTail();
  }

  /** Kills the daemon and everything that it started. */
  kill(): void {
    this.child.kill();
  }

  /** Kills what is left of the daemon, also who only holds its end of the channel, and removes its files. */
  async dispose(channelClosed: Promise<unknown>): Promise<void> {
    this.kill();
    await this.ended;
    const closed = () =>
      Promise.race([channelClosed.then(() => true), sleep(CLOSING, false, { ref: false })]);
    // Who cleared its environment and left the group is found by the socket.
    if (this.socket !== null && !(await closed())) {
      for (const { pid } of holdersOf(this.socket)) killProcess(pid);
      await closed();
    }
    this.channel.close();
    await this.child.dispose();
    this.standIn?.dispose();
  }
}
