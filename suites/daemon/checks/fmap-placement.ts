/** Where INIT's answer has FUSE_DAX_FMAP, if not where the kernel looks for it. */
import { INIT_BITS, initOut, type Profile } from "../../../spec/index.ts";

/** What of INIT's answer says where the bit is. */
export interface Placed {
  /** The 64 flags; 32 and on only where FUSE_INIT_EXT came too. */
  readonly flags: bigint;
  /** flags2 as it came, whether FUSE_INIT_EXT goes with it or not. */
  readonly flags2: number;
  /** Bytes of the answer. */
  readonly size: number;
}

const bit = (n: number) => 1n << BigInt(n);
/** Bits of `flags`; those of flags2 follow. */
const WORD = 32;
const FLAGS2 = initOut.offsetOf("flags2");
const END_OF_FLAGS2 = FLAGS2 + 4;

/**
 * Why the kernel does not find what the daemon put into flags2; null: it finds FUSE_DAX_FMAP, or the daemon declines.
 * process_init_reply pads a short answer with zeros, and reads flags2 only where flags has FUSE_INIT_EXT.
 */
export function lostFlags2({ flags, flags2, size }: Placed, { initBit }: Profile): string | null {
  if ((flags & bit(initBit)) !== 0n) return null;
  const announced = (flags & bit(INIT_BITS.INIT_EXT)) !== 0n;
  if (announced && size < END_OF_FLAGS2)
    return `the answer to INIT sets FUSE_INIT_EXT and has ${size} bytes; flags2, bytes ${FLAGS2} to ${
      END_OF_FLAGS2 - 1
    }, is not among them, and the kernel reads it as 0`;
  if (!announced && (BigInt(flags2) & bit(initBit - WORD)) !== 0n)
    return "the answer to INIT sets FUSE_DAX_FMAP in flags2 and not FUSE_INIT_EXT in flags: the kernel does not read flags2";
  return null;
}

/** Whether `flags` has the bit that is FUSE_DAX_FMAP in flags2. There it is FUSE_FLOCK_LOCKS or FUSE_HAS_IOCTL_DIR. */
export const hasTwin = ({ flags }: Pick<Placed, "flags">, { initBit }: Profile): boolean =>
  (flags & bit(initBit - WORD)) !== 0n;

/**
 * Why the kernel does not find a bit that the daemon put into flags in place of flags2; null: it did not. A daemon that
 * means the bit of flags sets it of a kernel without famfs, too.
 */
export function fmapInFlags(
  offered: Pick<Placed, "flags">,
  notOffered: Pick<Placed, "flags">,
  profile: Profile,
): string | null {
  if ((offered.flags & bit(profile.initBit)) !== 0n) return null;
  if (!hasTwin(offered, profile) || hasTwin(notOffered, profile)) return null;
  const n = profile.initBit - WORD;
  return `the answer to INIT sets bit ${n} of flags exactly where FUSE_DAX_FMAP, bit ${n} of flags2, is offered: the kernel looks for it in flags2`;
}
