import type { Manifest, RuleId } from "../../spec/index.ts";
import type { Reply } from "./reply.ts";
import type { Request } from "./request.ts";
import type { Session } from "./session.ts";

/** What a fault may do to the process that it lives in. */
export interface World {
  /** Dies by SIGSEGV. */
  crash(): void;
  /** Ends the process though nothing asked for that. */
  leave(): void;
  /** Does nothing at all for so many milliseconds. */
  sleep(ms: number): void;
  /** A number that another start of the daemon does not have. */
  readonly start: number;
}

/** Where a fault can reach into the daemon; what it leaves out stays as it is. */
export interface Hooks {
  /** The answer in place of the daemon's own one, which `own` makes, of the request or of another. */
  reply?(request: Request, own: (changed?: Request) => Reply | null): Reply | null;
  /** The messages that are written in place of `replies`. */
  wire?(replies: Uint8Array[], request: Request): Uint8Array[];
  /** Is called when nothing came for `ms` milliseconds after a request; what it returns is written. */
  readonly quiet?: { readonly ms: number; speak(): Uint8Array[] };
  /** Bytes of the buffer that requests are read with. */
  readonly room?: number;
  /** The last thing that the daemon does after DESTROY or at the end of the channel. */
  end?(): void;
}

/** The reference daemon with one thing done in another way, which is as right: every requirement still holds. */
export interface Variant {
  readonly name: string;
  /** What this daemon does. */
  readonly sentence: string;
  /** The files that it serves instead; throws UsageError where the manifest has nothing that it could do so to. */
  manifest?(manifest: Manifest): Manifest;
  /** Changes a fresh daemon; throws UsageError likewise. */
  plant?(session: Session, world: World): Hooks;
}

/** The reference daemon with one thing wrong. */
export interface Fault extends Variant {
  /** The requirement that it breaks. */
  readonly rule: RuleId;
  /** Requirements that cannot hold either once `rule` is broken this way. */
  readonly implies?: readonly RuleId[];
}
