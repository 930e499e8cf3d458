import { getattrIn, OPCODES, type Profile, ROOT_NODEID } from "../../../spec/index.ts";
import type { FuseConnection } from "../../../subjects/daemon/channel/connection.ts";
import type { Reply } from "../../../subjects/daemon/reply.ts";
import { encodeRequest, self } from "../../../subjects/daemon/request.ts";
import { DaemonGone } from "./daemon-gone.ts";
import type { DeadlyRequests } from "./deadly-requests.ts";
import { Recording } from "./recording.ts";
import { type NamedRequest, Paths } from "./request-name.ts";

/** What became of a request that was made, while the daemon is there. */
type Answer = Exclude<Reply, { readonly kind: "gone" }>;

/**
 * Makes the requests of one start of a daemon: none that it is known to die of, and all that are in flight are known at
 * its end. One at a time where a death or a silence has to have one cause.
 */
export class Asking {
  /** Whether anything was answered behind INIT. */
  answeredAny = false;
  readonly paths: Paths;
  private readonly recording: Recording;
  private readonly connection: FuseConnection;
  private readonly deadly: DeadlyRequests;
  /** Whether a request waits for the reply to the one before. */
  oneAtATime: boolean;
  private readonly waiting = new Map<bigint, NamedRequest>();
  /** Requests without a reply since the last reply. */
  private posted: NamedRequest[] = [];
  private end: DaemonGone | null = null;
  private looking: Promise<boolean> | null = null;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(connection: FuseConnection, profile: Profile, deadly: DeadlyRequests, oneAtATime: boolean) {
    this.connection = connection;
    this.paths = new Paths(profile);
    this.recording = new Recording(profile, this.paths);
    this.deadly = deadly;
    this.oneAtATime = oneAtATime;
  }

  /** The reply to a request; null: it is not made. Throws DaemonGone. */
  async request(opcode: number, nodeid: bigint, body: Uint8Array, unique: bigint): Promise<Answer | null> {
    const request = this.paths.name(encodeRequest({ opcode, nodeid, unique }, self(), body));
    return this.inTurn(async () => {
      if (this.deadly.bars(request)) return null;
      this.refuseTheDead();
      this.waiting.set(unique, request);
      this.recording.note(opcode, nodeid, body);
      const reply = await this.connection.request(opcode, nodeid, body, { unique });
      if (reply.kind === "gone") throw this.ended(reply.how);
      if (reply.kind === "silent") await this.silent(request);
      else this.answered();
      this.waiting.delete(unique);
      return reply;
    });
  }

  /** Sends a request that has no reply, unless the daemon is known to die of it. */
  post(opcode: number, nodeid: bigint, body: Uint8Array): void {
    const unique = this.connection.nextUnique();
    const request = this.paths.name(encodeRequest({ opcode, nodeid, unique }, self(), body));
    if (this.deadly.bars(request)) return;
    if (!this.oneAtATime) {
      this.posted.push(request);
      this.recording.note(opcode, nodeid, body);
      void this.connection.post(opcode, nodeid, body);
      return;
    }
    // What dies of it shows before anything else is asked.
    void this.inTurn(async () => {
      if (this.connection.gone !== null) return;
      this.posted.push(request);
      this.recording.note(opcode, nodeid, body);
      await this.connection.post(opcode, nodeid, body);
      if (await this.answersRoot()) this.answered();
    });
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (!this.oneAtATime) return work();
    const before = this.turn;
    let done = () => {};
    this.turn = new Promise<void>((resolve) => {
      done = resolve;
    });
    await before;
    try {
      return await work();
    } finally {
      done();
    }
  }

  private answered(): void {
    this.answeredAny = true;
    this.posted = [];
  }

  private refuseTheDead(): void {
    if (this.end !== null) throw this.end;
    if (this.connection.gone !== null) throw this.ended(this.connection.gone);
  }

  /** How the daemon went, with what was in flight at that moment; everything that it leaves open hears the same. */
  private ended(how: string): DaemonGone {
    const inFlight = [...this.posted, ...this.waiting.values()];
    this.end ??= new DaemonGone(how, inFlight, this.recording.requests());
    return this.end;
  }

  /** A request got no reply: throws DaemonGone if nothing else gets one either. */
  private async silent(request: NamedRequest): Promise<void> {
    const inFlight = [...this.posted, ...this.waiting.values()];
    this.looking ??= this.answersRoot().finally(() => {
      this.looking = null;
    });
    if (await this.looking) {
      this.deadly.hung(request);
      return;
    }
    this.refuseTheDead();
    this.end ??= new DaemonGone("it does not answer any more", inFlight, this.recording.requests(), true);
    throw this.end;
  }

  /** Whether the daemon answers a question that every daemon can. */
  private async answersRoot(): Promise<boolean> {
    const { kind } = await this.connection.request(
      OPCODES.GETATTR,
      ROOT_NODEID,
      new Uint8Array(getattrIn.size),
    );
    return kind === "reply" || kind === "refused";
  }
}
