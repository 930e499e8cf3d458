/** Finds out how a daemon can be given its channel: by itself, and once for all starts of a run. */
import { setTimeout as sleep } from "node:timers/promises";
import { SubjectError } from "../../base/errors.ts";
import { DEFAULT_PROFILE } from "../../spec/index.ts";
import { type ConnectionOptions, FuseConnection, STARTING, TIMEOUT } from "./channel/connection.ts";
import { ReaderWatch } from "./channel/reader-watch.ts";
import type { DaemonOptions, Via } from "./daemon.ts";
import { POLL_HACK } from "./fusermount.ts";

export type AttachOptions = Omit<DaemonOptions, "via" | "pollHack"> &
  ConnectionOptions & {
    /** `auto`: directly, and where that does not work through the stand-in for fusermount3. */
    readonly via: "auto" | Via;
  };

/** One way to hand over the channel. */
interface Way {
  readonly via: Via;
  readonly pollHack?: boolean;
  readonly called: string;
}

const DIRECT: Way = { via: "direct", called: "directly, on /dev/fd/N" };
const STAND_IN: Way = { via: "fusermount", called: "through the stand-in for fusermount3" };
const POLL_HACK_TOO: Way = { ...STAND_IN, pollHack: true, called: `${STAND_IN.called}, with ${POLL_HACK}` };

/** Milliseconds between two looks at what the daemon does, once the first ones found nothing. */
const PAUSE = 5;
const EAGER_LOOKS = 20;

/** Looks after which another process may have got the channel. */
const LOOK_AGAIN = 10;

/** Milliseconds after which a daemon is asked, where looking at it does not tell whether it reads. */
const UNDECIDED = 500;

/** Milliseconds after INIT in which go-fuse finds that its file is missing. */
const SETTLING = 300;

/** Milliseconds in which a first process that has handed over to the background ends. */
const HANDING_OVER = 100;

const NEXT = [
  "start it in the foreground (often with -f or -fg): a daemon that closes its descriptors on its way to the background loses the channel",
  "write {mountpoint} where its command expects the mountpoint, and try its other options by hand: what it printed is above",
  "give --user NAME where it refuses root or another owner of the mountpoint, and --timeout MS where it needs longer to start",
];

/** What became of one start: how to talk to the daemon, why nobody can, or that it left as soon as INIT was agreed on. */
type Found = { readonly connection: FuseConnection } | { readonly why: string } | "left";

/** Starts one daemon as often as it takes. The first start finds the way, all later ones use it. */
export class Attachment {
  private readonly command: readonly string[];
  private readonly options: AttachOptions;
  private way: Way | null = null;
  /** Whether its first process hands over to one in the background; null: that was not found out yet. */
  private background: boolean | null = null;

  constructor(command: readonly string[], options: AttachOptions) {
    this.command = command;
    this.options = options;
  }

  /** The way that worked; what was asked for as long as none has. */
  get via(): "auto" | Via {
    return this.way?.via ?? this.options.via;
  }

  /** Starts the daemon. Throws SubjectError when it cannot be started, or at the first start not be attached. */
  async connect(): Promise<FuseConnection> {
    if (this.way !== null) return this.start(this.way);
    const { via } = this.options;
    const tried: string[] = [];
    const ways = via === "direct" ? [DIRECT] : via === "fusermount" ? [STAND_IN] : [DIRECT, STAND_IN];
    for (const way of ways) {
      const found = await this.judge(await this.start(way), way);
      if (found === "left") {
        // go-fuse does so for want of its file. One that leaves with the file too is attached and faulty.
        if (way === STAND_IN) ways.push(POLL_HACK_TOO);
        else {
          const faulty = way === POLL_HACK_TOO ? STAND_IN : way;
          return this.settleOn(faulty, await this.start(faulty));
        }
      } else if ("connection" in found) return this.settleOn(way, found.connection);
      else tried.push(`${way.called}: ${found.why}`);
    }
    throw new SubjectError(
      [
        `the daemon '${this.command[0]}' could not be attached:`,
        ...tried.map((how) => `  ${how}`),
        "what to try:",
        ...NEXT.map((hint) => `  ${hint}`),
      ].join("\n"),
    );
  }

  private settleOn(way: Way, connection: FuseConnection): FuseConnection {
    this.way = way;
    // Where INIT was asked on a start of its own, that start found it out.
    this.background ??= connection.daemon.settle();
    return connection;
  }

  private start({ via, pollHack = false }: Way): Promise<FuseConnection> {
    const how = { ...this.options, via, pollHack, background: this.background ?? true };
    return FuseConnection.start(this.command, how);
  }

  /** Whether the daemon reads the channel; one that does not is ended. */
  private async judge(connection: FuseConnection, way: Way): Promise<Found> {
    const timeout = STARTING * (this.options.timeout ?? TIMEOUT);
    const outcome = await reads(connection, timeout);
    if (outcome === "reads" && way !== STAND_IN) return { connection };
    if (outcome !== "not") {
      // Asked on a start of its own, so that the run begins with a daemon that was asked nothing.
      const asked = await answers(connection, timeout);
      const background = connection.daemon.settle();
      await connection.close();
      if (asked !== null) return asked;
      this.background = background;
      return { connection: await this.start(way) };
    }
    const why = connection.gone;
    const inBackground = connection.daemon.settle() ? " in the background" : "";
    const { log } = await connection.close();
    if (why !== null) return { why };
    const output = log === "" ? "" : `; output: ${log}`;
    return { why: `it did not read the channel within ${timeout / 1000} s${inBackground}${output}` };
  }
}

/** Watches the daemon until one of its threads sleeps in a read of the channel, it writes there, or it has ended. */
async function reads(connection: FuseConnection, timeout: number): Promise<"reads" | "undecided" | "not"> {
  const { daemon } = connection;
  const watch = new ReaderWatch(daemon.socket);
  const began = performance.now();
  let wrote = false;
  const hear = () => {
    wrote = true;
  };
  connection.taps.push(hear);
  try {
    for (let look = 1; connection.gone === null && !wrote; look++) {
      const passed = performance.now() - began;
      if (passed > timeout) return "not";
      const state = watch.sees ? watch.look() : "polling";
      if (state === "reading" || state === "watching") {
        // A daemon in the background reads already while its first process is about to end.
        if (state !== "reading" || watch.isReadBy(daemon.pid)) return "reads";
        await sleep(HANDING_OVER);
        // The first process may wait until the other one has answered INIT.
        return daemon.inBackground ? "reads" : "undecided";
      }
      if (state === "polling" && passed > UNDECIDED) return "undecided";
      if (look % LOOK_AGAIN === 0) watch.findHolders();
      if (look <= EAGER_LOOKS) await new Promise((resolve) => setImmediate(resolve));
      else await sleep(PAUSE);
    }
    return wrote ? "reads" : "not";
  } finally {
    connection.taps.splice(connection.taps.indexOf(hear), 1);
  }
}

/** Asks INIT; null: the daemon has read it, and so is attached, whatever it made of it. */
async function answers(
  connection: FuseConnection,
  timeout: number,
): Promise<"left" | { why: string } | null> {
  const init = await connection.init(DEFAULT_PROFILE, { offerFmap: false, timeout });
  if (init.kind === "agreed") {
    await Promise.race([connection.whenGone, sleep(SETTLING, null, { ref: false })]);
    return connection.gone === null ? null : "left";
  }
  if (init.reply.kind === "reply" || init.reply.kind === "refused") return null;
  // Where the channel cannot tell whether INIT was read, only an answer shows it.
  if (connection.daemon.channel.leftUnread() === false) return null;
  return { why: connection.gone ?? "it did not read INIT" };
}
