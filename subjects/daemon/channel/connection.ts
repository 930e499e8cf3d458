import { setTimeout as sleep } from "node:timers/promises";
import { bytesOf, interruptIn, OPCODES, type Profile } from "../../../spec/index.ts";
import type { Agreed } from "../agreement.ts";
import { Daemon, type DaemonEnd, type DaemonOptions } from "../daemon.ts";
import { type Counts, Exchange } from "../exchange.ts";
import { type InitOptions, type InitResult, negotiate } from "../init.ts";
import type { Fault, Reply, RequestLabel } from "../reply.ts";
import { type Caller, encodeRequest, labelOf, self } from "../request.ts";
import { INTERRUPT_BIT } from "../uniques.ts";
import { Lockstep } from "./lockstep.ts";
import { PacketReassembly, type Reassembly, StreamReassembly } from "./reassembly.ts";
import { mayBeSpliced } from "./spliced.ts";

export interface ConnectionOptions {
  /** Milliseconds that a request has, unless it says otherwise. */
  readonly timeout?: number;
  /** On whose behalf requests are made; ourselves, unless they say otherwise. */
  readonly caller?: Caller;
}

export interface RequestOptions {
  /** Milliseconds from when the request is sent. */
  readonly timeout?: number;
  /** From `nextUnique`, for a request that shall be interrupted. */
  readonly unique?: bigint;
  readonly caller?: Caller;
}

export interface CloseOptions {
  /** Whether DESTROY is sent first. */
  readonly destroy?: boolean;
  /** Milliseconds that the daemon has to answer DESTROY, and again to end by itself. */
  readonly patience?: number;
}

/** How it all ended. */
export interface Closed extends DaemonEnd {
  /** Whether we had to kill it. */
  readonly killed: boolean;
  /** What DESTROY was answered with; null: it was not sent. */
  readonly destroyed: Reply | null;
  /** The end of what the daemon wrote to stdout and stderr. */
  readonly log: string;
}

export const TIMEOUT = 5000;

/** INIT is due after so many times as long: a daemon may read first what it shall serve. */
export const STARTING = 4;
const PATIENCE = 2000;

/** Milliseconds between a daemon's end and the end of its channel, in either order, before they count as two things. */
const GRACE = 500;

const NO_BODY = new Uint8Array(0);

export type Tap = (from: "kernel" | "daemon", bytes: Uint8Array) => void;

/** The kernel's side of one FUSE connection. */
export class FuseConnection {
  readonly daemon: Daemon;
  readonly command: readonly string[];
  /** What the daemon wrote that no kernel takes, in the order in which it came; at most 1000. */
  readonly faults: readonly Fault[];
  readonly counts: Readonly<Counts>;
  /** Whether we gave the daemon up because it wrote without end what nobody had asked for. */
  flooded = false;
  /** What INIT came to; null: it was not answered as it should be, or not asked yet. */
  agreed: Agreed | null = null;
  /** Opcodes that the daemon does without: the kernel does not send them again once they got ENOSYS. */
  readonly absent = new Set<number>();
  /** Hear every message to the daemon, and what the daemon writes as it comes. */
  readonly taps: Tap[] = [];
  /** True as soon as a request was made that no kernel makes: what follows is judged as robustness alone. */
  hostile = false;
  /** Resolves with half a sentence once the daemon does not answer any more. */
  readonly whenGone: Promise<string>;
  private readonly exchange: Exchange;
  private readonly reassembly: Reassembly;
  private readonly lockstep: Lockstep | null;
  private readonly timeout: number;
  private readonly caller: Caller;
  /** Resolves when the last holder of the daemon's end has closed it. */
  private readonly channelClosed: Promise<void>;
  private markGone: (how: string) => void = () => {};

  /** Starts the daemon; throws what Daemon.start throws. */
  static async start(
    command: readonly string[],
    options: DaemonOptions & ConnectionOptions = {},
  ): Promise<FuseConnection> {
    return new FuseConnection(await Daemon.start(command, options), command, options);
  }

  private constructor(daemon: Daemon, command: readonly string[], options: ConnectionOptions) {
    this.command = command;
    const { channel } = daemon;
    this.daemon = daemon;
    this.timeout = options.timeout ?? TIMEOUT;
    this.caller = options.caller ?? self();
    this.exchange = new Exchange(
      (how) => {
        this.flooded = true;
        this.leave(how);
        channel.close();
      },
      (pieces) => mayBeSpliced(pieces, daemon.socket),
    );
    this.faults = this.exchange.faults.list;
    this.counts = this.exchange.counts;
    const Assembler = channel.keepsBoundaries ? PacketReassembly : StreamReassembly;
    this.reassembly = new Assembler(this.exchange);
    const sending = {
      send: (bytes: Uint8Array) => this.send(bytes),
      delivered: (timeout: number) => channel.delivered(timeout),
    };
    this.lockstep = channel.keepsBoundaries ? null : new Lockstep(sending, this.exchange);
    this.whenGone = new Promise((resolve) => {
      this.markGone = resolve;
    });
    this.channelClosed = new Promise((onClosed) => {
      const onBytes = (bytes: Uint8Array) => {
        for (const tap of this.taps) tap("daemon", bytes);
        this.reassembly.accept(bytes);
        return this.exchange.inFlight > 0;
      };
      channel.listen({ onBytes, onClosed });
    });
    void this.watchEnd();
  }

  /** Whether several requests may be in flight; if not they queue up. */
  get pipelined(): boolean {
    return this.daemon.channel.keepsBoundaries;
  }

  /** Half a sentence once the daemon does not answer any more, null until then. */
  get gone(): string | null {
    return this.exchange.ended?.kind === "gone" ? this.exchange.ended.how : null;
  }

  /** An even number that was not used before. */
  nextUnique(): bigint {
    return this.exchange.uniques.next();
  }

  /** Asks the daemon; rejects with RangeError for a body that does not fit into the channel, and for nothing else. */
  request(
    opcode: number,
    nodeid: bigint,
    body: Uint8Array = NO_BODY,
    { timeout = this.timeout, unique = this.nextUnique(), caller = this.caller }: RequestOptions = {},
  ): Promise<Reply> {
    const label = { opcode, nodeid, unique };
    return this.ask(encodeRequest(label, caller, body), unique, label, timeout);
  }

  /** Sends bytes as they are and waits for a reply to this unique, which must not be in flight. */
  requestRaw(
    bytes: Uint8Array,
    unique: bigint,
    { timeout = this.timeout }: Pick<RequestOptions, "timeout"> = {},
  ): Promise<Reply> {
    return this.ask(bytes, unique, labelOf(bytes), timeout);
  }

  /** Sends FORGET or BATCH_FORGET; resolves when the next request may be sent. */
  post(opcode: number, nodeid: bigint, body: Uint8Array): Promise<void> {
    return this.postRaw(encodeRequest({ opcode, nodeid, unique: this.nextUnique() }, this.caller, body));
  }

  /** Sends bytes unchanged. A reply to them is a fault, except an error for an INTERRUPT. */
  async postRaw(bytes: Uint8Array): Promise<void> {
    this.check(bytes);
    if (this.exchange.ended !== null) return;
    const label = labelOf(bytes);
    if (label !== undefined) this.exchange.posted(label);
    if (this.lockstep !== null) {
      await this.lockstep.post(bytes, this.timeout);
      return;
    }
    this.send(bytes);
    await this.daemon.channel.delivered(this.timeout);
  }

  /** Sends INTERRUPT for the request of that unique, with the same unique and FUSE_INT_REQ_BIT, as the kernel does. */
  interrupt(unique: bigint): Promise<void> {
    const body = bytesOf(interruptIn, { unique });
    const label = { opcode: OPCODES.INTERRUPT, nodeid: 0n, unique: unique | INTERRUPT_BIT };
    return this.postRaw(encodeRequest(label, this.caller, body));
  }

  /** Negotiates as that profile's kernel does. */
  async init(profile: Profile, options: InitOptions): Promise<InitResult> {
    const init = await negotiate(this, profile, { timeout: STARTING * this.timeout, ...options });
    if (init.kind === "agreed") this.agreed = init.agreed;
    return init;
  }

  /** Ends the connection and the daemon, by force if it does not go, and returns how it went. */
  async close({ destroy = false, patience = PATIENCE }: CloseOptions = {}): Promise<Closed> {
    const destroyed = destroy
      ? await this.request(OPCODES.DESTROY, 0n, NO_BODY, { timeout: patience })
      : null;
    this.exchange.end(this.exchange.ended ?? { kind: "gone", how: "we have closed the channel" });
    this.daemon.channel.end();
    const cancel = new AbortController();
    const tooLong = sleep(patience, true, { signal: cancel.signal }).catch(() => false);
    const killed = await Promise.race([this.daemon.ended.then(() => false), tooLong]);
    cancel.abort();
    if (killed) this.daemon.kill();
    const ended = await this.daemon.ended;
    const log = this.daemon.logTail();
    await this.daemon.dispose(this.channelClosed);
    this.reassembly.giveUp();
    this.markGone(this.gone ?? "");
    return { ...ended, killed, destroyed, log };
  }

  private async ask(
    bytes: Uint8Array,
    unique: bigint,
    label: RequestLabel | undefined,
    timeout: number,
  ): Promise<Reply> {
    this.check(bytes);
    if (this.exchange.isWaiting(unique)) throw new RangeError(`unique ${unique} is in flight already`);
    if (this.exchange.ended !== null) return this.exchange.ended;
    if (this.lockstep !== null) return this.lockstep.ask(bytes, unique, label, timeout);
    this.send(bytes);
    return this.exchange.expect(unique, label, timeout);
  }

  private send(bytes: Uint8Array): void {
    for (const tap of this.taps) tap("kernel", bytes);
    this.daemon.channel.send(bytes);
  }

  private check(bytes: Uint8Array): void {
    const { maxMessage } = this.daemon.channel;
    if (bytes.length > maxMessage)
      throw new RangeError(`a request of ${bytes.length} bytes; this channel takes ${maxMessage}`);
  }

  /** A daemon's end shows twice, on its process and on its channel, and only both tell what happened. */
  private async watchEnd(): Promise<void> {
    const { ended } = this.daemon;
    await Promise.race([ended, this.channelClosed]);
    const grace = sleep(GRACE, null, { ref: false });
    const end = await Promise.race([ended, grace]);
    const closed = await Promise.race([this.channelClosed.then(() => true), grace]);
    this.leave(end === null ? "it closed the channel and runs on" : describe(end, closed === null));
  }

  /** Nothing more is expected of this daemon. */
  private leave(how: string): void {
    if (this.exchange.ended !== null) return;
    const tail = this.daemon.logTail();
    const described = tail === "" ? how : `${how}; output: ${tail}`;
    this.reassembly.giveUp();
    this.exchange.end({ kind: "gone", how: described });
    this.markGone(described);
  }
}

function describe({ code, signal, leftOthers, background }: DaemonEnd, keptOpen: boolean): string {
  if (background) return "it ended in the background, where nobody observes how";
  const how = signal === null ? `it ended with status ${code}` : `it was killed by ${signal}`;
  if (!leftOthers && !keptOpen) return how;
  return `${how} and left a process behind that went on: start it in the foreground (often with -f)`;
}
