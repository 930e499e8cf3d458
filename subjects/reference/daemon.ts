import { DEFAULT_PROFILE, type Manifest, OPCODES, type Profile } from "../../spec/index.ts";
import { opendir, readdir, readdirplus, releasedir } from "./directory-requests.ts";
import type { Hooks, Variant, World } from "./fault.ts";
import { flush, open, read, release } from "./file-requests.ts";
import { getDaxdev, getFmap } from "./fmap-requests.ts";
import { init } from "./init.ts";
import { batchForget, forget, getattr, lookup, readlink, statfs } from "./node-requests.ts";
import { encodeReply, granted, Refusal, type Reply, refused } from "./reply.ts";
import { hasReply, type Request, readRequest } from "./request.ts";
import { Session } from "./session.ts";
import { REAL_WORLD } from "./world.ts";

/** Returns null for a request that has no reply; throws Refusal for one that gets an errno. */
type Handler = (session: Session, request: Request) => Reply | null;

const interrupt: Handler = () => {
  // Whatever it names was answered before it was read: there is one request at a time.
  return null;
};

const destroy: Handler = (session) => {
  session.ended = true;
  return granted();
};

const handlers = ({ opcodes }: Profile): ReadonlyMap<number, Handler> =>
  new Map<number, Handler>([
    [OPCODES.INIT, init],
    [OPCODES.LOOKUP, lookup],
    [OPCODES.GETATTR, getattr],
    [OPCODES.READLINK, readlink],
    [OPCODES.FORGET, forget],
    [OPCODES.BATCH_FORGET, batchForget],
    [OPCODES.STATFS, statfs],
    [OPCODES.OPENDIR, opendir],
    [OPCODES.READDIR, readdir],
    [OPCODES.READDIRPLUS, readdirplus],
    [OPCODES.RELEASEDIR, releasedir],
    [OPCODES.OPEN, open],
    [OPCODES.READ, read],
    [OPCODES.FLUSH, flush],
    [OPCODES.RELEASE, release],
    [OPCODES.INTERRUPT, interrupt],
    [OPCODES.DESTROY, destroy],
    [opcodes.getFmap, getFmap],
    ...(opcodes.getDaxdev === null ? [] : ([[opcodes.getDaxdev, getDaxdev]] as const)),
  ]);

/**
 * A famfs daemon that does all that the requirements ask of one: bytes of a request in, bytes of its replies out.
 * With a fault it does all but one, as a variant it does one in another way.
 */
export class ReferenceDaemon {
  readonly session: Session;
  readonly hooks: Hooks;
  private readonly handlers: ReadonlyMap<number, Handler>;

  constructor(
    manifest: Manifest,
    change: Variant | null = null,
    world: World = REAL_WORLD,
    profile: Profile = DEFAULT_PROFILE,
  ) {
    this.session = new Session(profile, change?.manifest?.(manifest) ?? manifest);
    this.handlers = handlers(profile);
    this.hooks = change?.plant?.(this.session, world) ?? {};
  }

  /** DESTROY was answered: nothing more will come. */
  get ended(): boolean {
    return this.session.ended;
  }

  /** Is asked before each request: the manifest to serve from now on, or null: the same as before. */
  changed: () => Manifest | null = () => null;

  /** The messages that go back to the kernel for one that came from it. */
  answer(message: Uint8Array): Uint8Array[] {
    const request = readRequest(message);
    if (request === null) return [];
    const manifest = this.changed();
    if (manifest !== null) this.session.follow(manifest);
    const own = (changed: Request = request) => this.guarded(changed, () => this.served(changed));
    const { reply: hook } = this.hooks;
    const reply = hook === undefined ? own() : this.guarded(request, () => hook(request, own));
    const replies = reply === null ? [] : [encodeReply(request.unique, reply)];
    return this.hooks.wire?.(replies, request) ?? replies;
  }

  private served(request: Request): Reply | null {
    if (!request.honest) throw new Refusal("EINVAL");
    const handler = this.handlers.get(request.opcode);
    if (handler === undefined) throw new Refusal("ENOSYS");
    if (!this.session.started && handler !== init) throw new Refusal("EIO");
    return handler(this.session, request);
  }

  /** The answer, where it may be a refusal, of a request that may want none. */
  private guarded(request: Request, answer: () => Reply | null): Reply | null {
    try {
      return answer();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return hasReply(request) ? refused(error.errno) : null;
    }
  }
}
