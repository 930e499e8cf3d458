import type { Profile } from "../../spec/index.ts";
import type { FuseConnection } from "../fuse/connection.ts";
import type { Unchecked } from "../verdict.ts";
import { DaemonGone, Kernel } from "./kernel.ts";
import type { DaemonLedger } from "./ledger.ts";
import { type Asker, type Negotiated, negotiate } from "./negotiation.ts";

/** Starts the daemon afresh. Throws SubjectError when it cannot be started. */
export type Connect = () => Promise<FuseConnection>;

/** The starts of one daemon in a run, and what they have told of it. */
export class Starts {
  notes: readonly string[] = [];
  /** `packet` or `stream`; empty before the first start. */
  channel = "";
  /** False: the run was told to stop before everything was asked, or the daemon was given up. */
  complete = true;
  unchecked: readonly Unchecked[] = [];
  private readonly connect: Connect;
  private readonly ledger: DaemonLedger;
  private readonly profile: Profile;
  private readonly signal: AbortSignal;

  /** `ledgers`: all that are to be closed when the run is told to stop; the first is the one that starts are told to. */
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

  private giveUp(why: string): void {
    this.note(`the daemon was given up: ${why}`);
    this.unchecked = [
      ...this.unchecked,
      { what: "the rest of the run", why: `the daemon was given up: ${why}` },
    ];
    this.complete = false;
  }

  /** Whether the run was told to stop. */
  stopped(): boolean {
    if (this.signal.aborted) this.complete = false;
    return this.signal.aborted;
  }

  /** Starts the daemon; null when the run was told to stop. It is killed as soon as the run is. */
  async start(): Promise<FuseConnection | null> {
    if (this.stopped()) return null;
    const connection = await this.connect();
    this.channel = connection.pipelined ? "packet" : "stream";
    for (const text of connection.daemon.notes) this.note(text);
    const stop = () => connection.daemon.kill();
    this.signal.addEventListener("abort", stop, { once: true });
    void connection.daemon.ended.then(() => this.signal.removeEventListener("abort", stop));
    return connection;
  }

  /**
   * Runs `work` on a fresh daemon and closes it; a daemon that goes away fails `daemon/life/stays`. `onClosed` hears how
   * one ended that stayed: null, or what was wrong with its end.
   */
  async withDaemon(
    asker: Asker,
    work: (kernel: Kernel, negotiated: Negotiated) => Promise<void>,
    onClosed: (how: string | null) => void = () => {},
  ): Promise<void> {
    const { ledger } = this;
    const connection = await this.start();
    if (connection === null) return;
    let gone = false;
    try {
      const negotiated = await negotiate(connection, ledger, this.profile, asker);
      if (negotiated === null) gone = true;
      else await work(new Kernel(connection, ledger, this.profile), negotiated);
    } catch (error) {
      if (!(error instanceof DaemonGone)) throw error;
      gone = true;
      if (connection.flooded) this.giveUp(error.message);
      else ledger.check("daemon/life/stays", error.message);
    } finally {
      for (const fault of connection.faults) ledger.check(fault.rule, fault.detail);
      const { killed, signal } = await connection.close({ destroy: !gone });
      if (!gone)
        onClosed(killed ? "it did not end and was killed" : signal === null ? null : `killed by ${signal}`);
    }
  }
}
