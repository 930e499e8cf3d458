import {
  bytesOf,
  FUSE_MAJOR,
  flagsOffered,
  INIT_BITS,
  initIn,
  initOut,
  OPCODES,
  type Profile,
  type RuleId,
  renderRc,
} from "../../spec/index.ts";
import { type Agreed, agreementOn, flagsOf } from "./agreement.ts";
import { type Evidence, evidenceOf } from "./evidence.ts";
import type { Reply } from "./reply.ts";

/** First minor whose fuse_init_in has flags2, and is 64 bytes; from the other on it has flags, and is 16. */
const MINOR_OF_FLAGS2 = 36;
const MINOR_OF_FLAGS = 6;
const SIZE_WITH_FLAGS = initIn.offsetOf("flags2");
const SIZE_OF_VERSION = initIn.offsetOf("max_readahead");

const MAX_READAHEAD = 128 << 10;

export interface InitOptions {
  /** Whether the profile's FUSE_DAX_FMAP bit is offered. */
  readonly offerFmap: boolean;
  /** The profile's own minor by default. */
  readonly minor?: number;
  /** Milliseconds. */
  readonly timeout?: number;
}

export type InitResult =
  | {
      readonly kind: "agreed";
      /** What both sides go by from now on. */
      readonly agreed: Agreed;
      /** As the daemon answered: its minor, its 64 flags as the kernel reads them, and flags2 with or without INIT_EXT. */
      readonly minor: number;
      readonly flags: bigint;
      readonly flags2: number;
      /** The 64 flags that we sent. */
      readonly offered: bigint;
      /** As the daemon answered; a kernel makes at least 4096 of it. */
      readonly maxWrite: number;
      /** Bytes of the answer: 8, 24 or 64, depending on the daemon's version. */
      readonly size: number;
      readonly evidence: () => Evidence;
    }
  | {
      readonly kind: "failed";
      /** The rule that the daemon has broken. */
      readonly rule: RuleId;
      readonly detail: string;
      readonly reply: Reply;
      readonly evidence: () => Evidence;
    };

/** What of a connection negotiate needs. */
interface Asker {
  nextUnique(): bigint;
  request(
    opcode: number,
    nodeid: bigint,
    body: Uint8Array,
    options: { readonly timeout?: number; readonly unique?: bigint },
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
 * Sends INIT and reads the answer as process_init_reply does. Any minor is legal, and another major ends the
 * connection: Linux never sends a second INIT.
 */
export async function negotiate(
  connection: Asker,
  profile: Profile,
  { offerFmap, minor = profile.minor, timeout }: InitOptions,
): Promise<InitResult> {
  const famfs = (1n << BigInt(profile.initBit)) | (1n << BigInt(INIT_BITS.INIT_EXT));
  const wanted = flagsOffered(minor) | (offerFmap ? famfs : 0n);
  const offered = BigInt.asUintN(minor >= MINOR_OF_FLAGS2 ? 64 : 32, wanted);
  const body = encodeInit(minor, offered);
  const unique = connection.nextUnique();
  const options = timeout === undefined ? { unique } : { unique, timeout };
  const reply = await connection.request(OPCODES.INIT, 0n, body, options);
  const evidence = () => evidenceOf({ opcode: OPCODES.INIT, nodeid: 0n, unique }, body, reply);
  const failed = (rule: RuleId, detail: string) =>
    ({ kind: "failed", rule, detail, reply, evidence }) as const;
  if (reply.kind !== "reply") return failed(...noAnswer(reply));
  if (reply.error !== 0)
    return failed("daemon/init/version", `INIT was answered with ${renderRc(reply.error)}`);
  const size = reply.body.length;
  // out_argvar: a shorter answer is one of an older protocol, and what it lacks is zero.
  if (size > initOut.size)
    return failed("daemon/reply/body-size", `INIT was answered with a body of ${size} bytes`);
  const padded = new Uint8Array(initOut.size);
  padded.set(reply.body);
  const out = initOut.read(padded);
  if (out.major !== FUSE_MAJOR)
    return failed(
      "daemon/init/version",
      `INIT was answered with protocol ${out.major}.${out.minor} in ${size} bytes`,
    );
  return {
    kind: "agreed",
    agreed: agreementOn({ minor, flags: offered, maxReadahead: MAX_READAHEAD }, out, profile),
    minor: out.minor,
    flags: flagsOf(out),
    flags2: out.flags2,
    offered,
    maxWrite: out.max_write,
    size,
    evidence,
  };
}

function encodeInit(minor: number, offered: bigint): Uint8Array {
  const body = bytesOf(initIn, {
    major: FUSE_MAJOR,
    minor,
    max_readahead: MAX_READAHEAD,
    flags: Number(BigInt.asUintN(32, offered)),
    flags2: Number(offered >> 32n),
  });
  if (minor >= MINOR_OF_FLAGS2) return body;
  return body.subarray(0, minor >= MINOR_OF_FLAGS ? SIZE_WITH_FLAGS : SIZE_OF_VERSION);
}
