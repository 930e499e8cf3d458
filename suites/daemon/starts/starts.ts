import { setTimeout as sleep } from "node:timers/promises";
import { SubjectError } from "../../../base/errors.ts";
import type { Profile } from "../../../spec/index.ts";
import type { Closed, CloseOptions, FuseConnection } from "../../../subjects/daemon/channel/connection.ts";
import { evidenceOfFault } from "../../../subjects/daemon/evidence.ts";
import type { Unchecked } from "../../run/verdict.ts";
import { type Asker, type Negotiated, negotiate } from "../checks/negotiation.ts";
import { Kernel } from "../kernel.ts";
import type { DaemonLedger } from "../ledger.ts";
import { Asking } from "./asking.ts";
import { DaemonGone } from "./daemon-gone.ts";
import { DeadlyRequests } from "./deadly-requests.ts";

/** Starts the daemon. Throws SubjectError when it cannot be started. */
export type Connect = () => Promise<FuseConnection>;

/** A daemon that was started, and with whom INIT was agreed. */
export interface Start {
  readonly connection: FuseConnection;
  readonly kernel: Kernel;
  readonly negotiated: Negotiated;
  readonly asking: Asking;
}

/** Times that a daemon is started in a row before it is given up: to start once more can help where a lock is left over. */
const TRIES = 3;
/** Milliseconds between two of them. */
const PAUSE = 200;
/** Starts in a row that may answer INIT and nothing else. */
const MUTE_STARTS = 2;

/** The starts of one daemon in a run, and what they found out about it. */
export class Starts {
  notes: readonly string[] = [];
  /** `packet` or `stream`; empty before the first start. */
  channel = "";
  /** Whether everything was asked that there is to ask. */
  complete = false;
  readonly deadly = new DeadlyRequests();
  /** Why no more starts are made, beside what has a reason of its own; null: they are. */
  private refused: string | null = null;
  private mute = 0;
  /** Whether one start had to be killed. */
  private lingers = false;
  private readonly connect: Connect;
  /** Where the starts, and the steps that are done on them, are noted. */
  readonly ledger: DaemonLedger;
  private readonly profile: Profile;
  private readonly signal: AbortSignal;
  private readonly skipped: Unchecked[] = [];

  /** `ledgers`: all that are to be closed when the run is stopped; the first is the one that starts are noted in. */
  constructor(
    connect: Connect,
    ledgers: readonly [DaemonLedger, ...DaemonLedger[]],
    profile: Profile,
    signal: AbortSignal,
  ) {
    this.connect = connect;
    this.ledger = ledgers[0];
    this.profile = profile;
    this.signal = signal;
    const close = () => {
      for (const ledger of ledgers) ledger.close();
    };
    if (signal.aborted) close();
    else signal.addEventListener("abort", close, { once: true });
  }

  note(text: string): void {
    this.notes = [...new Set([...this.notes, text])];
  }

  /** Notes what is not checked. */
  leaveOut(what: string, why: string): void {
    if (!this.skipped.some((s) => s.what === what)) this.skipped.push({ what, why });
  }

  /** What was not checked so far, and why. */
  get unchecked(): Unchecked[] {
    return [...this.deadly.unchecked(), ...this.skipped];
  }

  /** Makes no more starts, because `why`. */
  refuse(why: string): void {
    this.refused ??= why;
  }

  /** Whether the run has to stop: it was interrupted, or its time is up. */
  stopped(): boolean {
    return this.signal.aborted;
  }

  /** Why nothing more is asked; null: there is more to ask. */
  get over(): string | null {
    if (this.signal.aborted) return whyStopped(this.signal);
    return this.refused ?? this.deadly.exhausted;
  }

  /** Starts the daemon; null: nothing more is asked. It is killed as soon as the run is stopped. */
  async start(): Promise<FuseConnection | null> {
    if (this.over !== null) return null;
    const connection = await this.started();
    if (connection === null) return null;
    this.channel = connection.pipelined ? "packet" : "stream";
    for (const text of connection.daemon.notes) this.note(text);
    const stop = () => connection.daemon.kill();
    this.signal.addEventListener("abort", stop, { once: true });
    void connection.daemon.ended.then(() => this.signal.removeEventListener("abort", stop));
    // The signal may have come while the daemon was starting, and does not come again.
    if (!this.signal.aborted) return connection;
    await connection.close({ patience: 0 });
    return null;
  }

  /** Starts the daemon and agrees with it as `asker`; half a sentence: why that is not possible. */
  async begin(asker: Asker, oneAtATime: boolean): Promise<Start | string> {
    for (let tries = 0; tries < TRIES; tries++) {
      const connection = await this.start();
      if (connection === null) return this.over as string;
      this.ledger.newStart();
      const asking = new Asking(connection, this.profile, this.deadly, oneAtATime);
      const negotiated = await negotiate(connection, this.ledger, this.profile, asker);
      if (negotiated !== null) {
        const kernel = new Kernel(connection, this.ledger, this.profile, asking);
        return { connection, kernel, negotiated, asking };
      }
      const { gone } = connection;
      await this.closed(connection, { patience: 0 });
      // Another start may do better than one that died; an answer is the same again.
      if (gone === null) return "INIT has no answer that a kernel accepts";
    }
    return `it died at INIT ${TRIES} times`;
  }

  /**
   * Closes a daemon that is no longer needed, as umount(8) does: a mount by descriptor sends no DESTROY, so only a start
   * that was asked what no kernel asks gets one. Returns how it ended: null, or what was wrong with its end.
   */
  async finish({ connection }: Start): Promise<string | null> {
    const { killed, signal } = await this.closed(connection, { destroy: connection.hostile });
    return killed ? "it did not end and was killed" : signal === null ? null : `killed by ${signal}`;
  }

  /** Closes a daemon that is gone; one that hangs is killed at once. */
  async bury({ connection, asking }: Start): Promise<void> {
    await this.closed(connection, { patience: 0 });
    this.mute = asking.answeredAny ? 0 : this.mute + 1;
    if (connection.flooded) this.refused = "it wrote without end what nobody had asked for";
    else if (this.mute >= MUTE_STARTS) this.refused = "it answers INIT and nothing else";
    if (connection.flooded) this.note(`the daemon was given up: ${connection.gone}`);
  }

  /**
   * Does something on a start of its own and closes it. A daemon that goes away meanwhile breaks `daemon/life/stays`;
   * returns why it could not be done, or null.
   */
  async withDaemon(asker: Asker, work: (start: Start) => Promise<void>): Promise<string | null> {
    const start = await this.begin(asker, false);
    if (typeof start === "string") return start;
    try {
      await work(start);
      await this.finish(start);
      return null;
    } catch (error) {
      if (!(error instanceof DaemonGone)) throw error;
      await this.bury(start);
      const { rule, detail, ...evidence } = error.failure();
      if (!start.connection.flooded) this.ledger.check(rule, detail, evidence);
      return "the daemon died";
    }
  }

  /** Closes a daemon; after one that had to be killed the next ones are not waited for. */
  async close(connection: FuseConnection, options: CloseOptions = {}): Promise<Closed> {
    const closed = await connection.close(this.lingers ? { ...options, patience: 0 } : options);
    // Who was given no time to end is not known to need it.
    this.lingers ||= closed.killed && options.patience !== 0;
    return closed;
  }

  private async closed(connection: FuseConnection, options: CloseOptions): Promise<Closed> {
    const closed = await this.close(connection, options);
    for (const fault of connection.faults)
      this.ledger.check(fault.rule, fault.detail, {}, () => evidenceOfFault(fault));
    return closed;
  }

  /** The first start has to succeed; later ones may need more than one try. */
  private async started(): Promise<FuseConnection | null> {
    const first = this.channel === "";
    for (let tries = 1; ; tries++) {
      try {
        return await this.connect();
      } catch (error) {
        if (first || !(error instanceof SubjectError)) throw error;
        if (tries < TRIES) await sleep(PAUSE);
        else {
          this.refused = `it could not be started again: ${error.message}`;
          return null;
        }
      }
      if (this.signal.aborted) return null;
    }
  }
}

/** Why a run was stopped: an Error that the signal was fired with says so, and without one it was somebody outside. */
const whyStopped = ({ reason }: AbortSignal): string =>
  reason instanceof RunStopped ? reason.message : "the run was interrupted";

/** A run that stops itself, with the reason. */
export class RunStopped extends Error {}
