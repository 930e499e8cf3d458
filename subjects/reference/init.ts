import { bytesOf, FUSE_MAJOR, INIT_BITS, initIn, initOut, PAGE } from "../../spec/index.ts";
import { granted, Refusal, type Reply } from "./reply.ts";
import type { Request } from "./request.ts";
import type { Session } from "./session.ts";

/**
 * The newest minor whose messages the daemon knows: the one that rfc-v2 names. A kernel of 7.45 means
 * FUSE_REQUEST_TIMEOUT by the bit that is FUSE_DAX_FMAP in rfc-v1 and rfc-v2, so a newer one has no famfs for a daemon of
 * these.
 */
const NEWEST_MINOR = 43;
const REQUEST_TIMEOUT = 42;
/** The first minor whose struct fuse_init_out has 64 bytes. */
const OLDEST_MINOR = 23;
/** The first minor whose struct fuse_init_in has 64 bytes. */
const WIDE_MINOR = 36;
/** Bytes of struct fuse_init_in before that. */
const NARROW = 16;

/** Bytes. */
export const MAX_WRITE = 128 << 10;

const bit = (n: number) => 1n << BigInt(n);
const INIT_EXT = bit(INIT_BITS.INIT_EXT);
const MAX_PAGES = bit(INIT_BITS.MAX_PAGES);

/** What the daemon makes use of where the kernel offers it. */
const WANTED =
  bit(INIT_BITS.ASYNC_READ) |
  bit(INIT_BITS.BIG_WRITES) |
  bit(INIT_BITS.DO_READDIRPLUS) |
  bit(INIT_BITS.READDIRPLUS_AUTO) |
  bit(INIT_BITS.PARALLEL_DIROPS) |
  MAX_PAGES;

/** The 64 flags of INIT; the upper half counts only if INIT_EXT says that it is there. */
const flagsOf = ({ flags, flags2 }: { flags: number; flags2: number }): bigint =>
  BigInt(flags) & INIT_EXT ? BigInt(flags) | (BigInt(flags2) << 32n) : BigInt(flags);

function readInit({ body }: Request) {
  if (body.length < NARROW) throw new Refusal("EINVAL");
  const whole = new Uint8Array(initIn.size);
  whole.set(body.subarray(0, initIn.size));
  const offer = initIn.read(whole);
  if (offer.minor >= WIDE_MINOR && body.length < initIn.size) throw new Refusal("EINVAL");
  return offer;
}

/** Agrees with the kernel on what both will speak. */
export function init(session: Session, request: Request): Reply {
  if (session.started) throw new Refusal("EINVAL");
  const offer = readInit(request);
  const answer = {
    major: FUSE_MAJOR,
    minor: NEWEST_MINOR,
    max_write: MAX_WRITE,
    time_gran: 1,
  };
  // A newer kernel learns our version from this and asks again in it.
  if (offer.major > FUSE_MAJOR) return granted(bytesOf(initOut, answer));
  if (offer.major < FUSE_MAJOR || offer.minor < OLDEST_MINOR) throw new Refusal("EPROTO");

  const offered = flagsOf(offer);
  const fmap = bit(session.profile.initBit);
  session.started = true;
  session.fmapAgreed =
    (offered & fmap) !== 0n && (offer.minor <= NEWEST_MINOR || session.profile.initBit !== REQUEST_TIMEOUT);
  const agreed = (offered & WANTED) | (session.fmapAgreed ? fmap | INIT_EXT : 0n);
  return granted(
    bytesOf(initOut, {
      ...answer,
      minor: Math.min(offer.minor, NEWEST_MINOR),
      max_readahead: Math.min(offer.max_readahead, MAX_WRITE),
      flags: Number(agreed & 0xffff_ffffn),
      flags2: Number(agreed >> 32n),
      max_pages: agreed & MAX_PAGES ? MAX_WRITE / PAGE : 0,
    }),
  );
}
