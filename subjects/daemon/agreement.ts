import { flagsKnown, INIT_BITS, type initOut, type Profile } from "../../spec/index.ts";

/** First minor whose answer to INIT has max_write (fs/fuse/inode.c, process_init_reply). */
const MINOR_OF_MAX_WRITE = 5;
/** First minor whose answer to INIT has flags. */
const MINOR_OF_FLAGS = 6;

/** Least bytes of max_write: what the answer says below it is raised to it. */
const MIN_WRITE = 4096;

/** Pages of a request where MAX_PAGES is not agreed on (FUSE_DEFAULT_MAX_PAGES_PER_REQ), and at most (fc->max_pages_limit). */
const DEFAULT_PAGES = 32;
const PAGES_LIMIT = 256;

/** What both sides go by after INIT, as process_init_reply reads the answer. */
export interface Agreed {
  /** The smaller minor of both sides. */
  readonly minor: number;
  /** The 64 flags that the daemon set and a kernel of the offered minor knows, whether it offered them or not. */
  readonly flags: bigint;
  /** Whether the kernel asks for maps. */
  readonly fmap: boolean;
  /** Whether directories are read with READDIRPLUS, and whether the kernel then chooses between it and READDIR. */
  readonly plus: boolean;
  readonly plusAuto: boolean;
  /** Bytes. */
  readonly maxWrite: number;
  readonly maxReadahead: number;
  /** Pages of one request. */
  readonly maxPages: number;
}

export interface Offer {
  readonly minor: number;
  readonly flags: bigint;
  /** Bytes. */
  readonly maxReadahead: number;
}

/** Whether the page of a directory at `offset` is read with READDIRPLUS; `advised`: a name of it was looked up since its last page (fs/fuse/readdir.c, fuse_use_readdirplus). */
export const readsPlus = ({ plus, plusAuto }: Agreed, offset: bigint, advised: boolean): boolean =>
  plus && (!plusAuto || advised || offset === 0n);

/** The 64 flags of an answer: the kernel reads flags2 only where INIT_EXT is set. */
export function flagsOf({ flags, flags2 }: { readonly flags: number; readonly flags2: number }): bigint {
  const low = BigInt(flags);
  return (low & (1n << BigInt(INIT_BITS.INIT_EXT))) === 0n ? low : low | (BigInt(flags2) << 32n);
}

/** What a kernel of the profile's revision makes of an answer to its offer. */
export function agreementOn(
  offer: Offer,
  answer: ReturnType<typeof initOut.read>,
  { initBit, initGuarded }: Profile,
): Agreed {
  const set = answer.minor >= MINOR_OF_FLAGS ? flagsOf(answer) : 0n;
  const fmapBit = 1n << BigInt(initBit);
  // The later revisions look at their own offer first, the early ones at the answer alone.
  const fmapKnown = initGuarded ? offer.flags & fmapBit : fmapBit;
  const flags = set & (flagsKnown(offer.minor) | offer.flags | fmapKnown);
  const has = (bit: number) => (flags & (1n << BigInt(bit))) !== 0n;
  const maxWrite = answer.minor >= MINOR_OF_MAX_WRITE ? answer.max_write : 0;
  return {
    minor: Math.min(offer.minor, answer.minor),
    flags,
    fmap: has(initBit),
    plus: has(INIT_BITS.DO_READDIRPLUS),
    plusAuto: has(INIT_BITS.READDIRPLUS_AUTO),
    maxWrite: Math.max(maxWrite, MIN_WRITE),
    maxReadahead: Math.min(
      offer.maxReadahead,
      answer.minor >= MINOR_OF_FLAGS ? answer.max_readahead : offer.maxReadahead,
    ),
    maxPages: has(INIT_BITS.MAX_PAGES) ? Math.min(Math.max(answer.max_pages, 1), PAGES_LIMIT) : DEFAULT_PAGES,
  };
}
