import {
  FUSE_MAJOR,
  INIT_BITS,
  initIn,
  initOut,
  OPCODES,
  type Profile,
  type RuleId,
  renderRc,
} from "../../spec/index.ts";
import type { Reply } from "./reply.ts";

/** Minor of the protocol that is offered: what Debian 12's headers have. */
const MINOR = 38;

/** First minor whose fuse_init_in has flags2, and is 64 bytes; from the other on it has flags, and is 16. */
const MINOR_OF_FLAGS2 = 36;
const MINOR_OF_FLAGS = 6;
const SIZE_WITH_FLAGS = initIn.offsetOf("flags2");
const SIZE_OF_VERSION = initIn.offsetOf("max_readahead");

/** Pages of a request where MAX_PAGES is not agreed on (FUSE_DEFAULT_MAX_PAGES_PER_REQ). */
const DEFAULT_PAGES = 32;

const MAX_READAHEAD = 128 << 10;

/** All the bits that the suite knows: what a kernel offers and nothing of it disturbs a daemon without files. */
export const DEFAULT_FLAGS: bigint = Object.values(INIT_BITS).reduce(
  (flags, bit) => flags | (1n << BigInt(bit)),
  0n,
);

export interface InitOptions {
  /** Whether the profile's FUSE_DAX_FMAP bit is offered. */
  readonly offerFmap: boolean;
  readonly minor?: number;
  /** The 64 flags without FUSE_DAX_FMAP. */
  readonly flags?: bigint;
  /** Milliseconds. */
  readonly timeout?: number;
}

export type InitResult =
  | {
      readonly kind: "agreed";
      readonly minor: number;
      /** The 64 flags that we sent, and those that came back: 32 and on only if INIT_EXT came back too. */
      readonly offered: bigint;
      readonly flags: bigint;
      /** flags2 as it came, whether INIT_EXT goes with it or not. */
      readonly flags2: number;
      /** Whether FUSE_DAX_FMAP came back so that the kernel sees it. */
      readonly fmap: boolean;
      readonly maxReadahead: number;
      readonly maxBackground: number;
      readonly congestionThreshold: number;
      /** As the daemon said it; a kernel makes at least 4096 of it. */
      readonly maxWrite: number;
      readonly timeGran: number;
      readonly maxPages: number;
      /** Bytes of the answer: 8, 24 or 64, depending on the daemon's version. */
      readonly size: number;
    }
  | {
      readonly kind: "failed";
      /** The rule that the daemon has broken. */
      readonly rule: RuleId;
      readonly detail: string;
      readonly reply: Reply;
    };

/** What of a connection negotiate needs. */
interface Asker {
  request(
    opcode: number,
    nodeid: bigint,
    body: Uint8Array,
    options: { readonly timeout?: number },
  ): Promise<Reply>;
}

/** Why there is no answer to read. */
function noAnswer(reply: Exclude<Reply, { kind: "reply" }>): [RuleId, string] {
  switch (reply.kind) {
    case "silent":
      return ["daemon/reply/answered", "INIT was not answered"];
    case "gone":
      return ["daemon/life/stays", `INIT was not answered: ${reply.how}`];
    case "refused":
      return [reply.fault.rule, reply.fault.detail];
  }
}

/**
 * Sends INIT and reads the answer as process_init_reply does. A lower minor is legal, and another major ends the
 * connection: Linux never sends a second INIT.
 */
export async function negotiate(
  connection: Asker,
  profile: Profile,
  { offerFmap, minor = MINOR, flags = DEFAULT_FLAGS, timeout }: InitOptions,
): Promise<InitResult> {
  const fmapBit = 1n << BigInt(profile.initBit);
  const wanted = flags | (offerFmap ? fmapBit | (1n << BigInt(INIT_BITS.INIT_EXT)) : 0n);
  const offered = BigInt.asUintN(minor >= MINOR_OF_FLAGS2 ? 64 : 32, wanted);
  const body = encodeInit(minor, offered);
  const reply = await connection.request(OPCODES.INIT, 0n, body, timeout === undefined ? {} : { timeout });
  const failed = (rule: RuleId, detail: string): InitResult => ({ kind: "failed", rule, detail, reply });
  if (reply.kind !== "reply") return failed(...noAnswer(reply));
  if (reply.error !== 0)
    return failed("daemon/init/version", `INIT was answered with ${renderRc(reply.error)}`);
  const size = reply.body.length;
  if (size < SIZE_OF_VERSION || size > initOut.size)
    return failed("daemon/reply/body-size", `INIT was answered with a body of ${size} bytes`);
  const padded = new Uint8Array(initOut.size);
  padded.set(reply.body);
  const out = initOut.read(padded);
  if (out.major !== FUSE_MAJOR)
    return failed("daemon/init/version", `INIT was answered with protocol ${out.major}.${out.minor}`);
  const agreed = flagsOf(out);
  return {
    kind: "agreed",
    minor: out.minor,
    offered,
    flags: agreed,
    flags2: out.flags2,
    fmap: (agreed & fmapBit) !== 0n,
    maxReadahead: out.max_readahead,
    maxBackground: out.max_background,
    congestionThreshold: out.congestion_threshold,
    maxWrite: out.max_write,
    timeGran: out.time_gran,
    maxPages: (agreed & (1n << BigInt(INIT_BITS.MAX_PAGES))) === 0n ? DEFAULT_PAGES : out.max_pages,
    size,
  };
}

function flagsOf({ flags, flags2 }: { readonly flags: number; readonly flags2: number }): bigint {
  const low = BigInt(flags);
  return (low & (1n << BigInt(INIT_BITS.INIT_EXT))) === 0n ? low : low | (BigInt(flags2) << 32n);
}

function encodeInit(minor: number, offered: bigint): Uint8Array {
  const body = new Uint8Array(initIn.size);
  initIn.write(body, 0, {
    major: FUSE_MAJOR,
    minor,
    max_readahead: MAX_READAHEAD,
    flags: Number(BigInt.asUintN(32, offered)),
    flags2: Number(offered >> 32n),
    unused: new Uint8Array(44),
  });
  if (minor >= MINOR_OF_FLAGS2) return body;
  return body.subarray(0, minor >= MINOR_OF_FLAGS ? SIZE_WITH_FLAGS : SIZE_OF_VERSION);
}
