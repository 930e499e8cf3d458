import { INIT_BITS, type Profile } from "../../spec/index.ts";
import type { FuseConnection } from "../fuse/connection.ts";
import { DEFAULT_FLAGS } from "../fuse/init.ts";
import type { DaemonLedger } from "./ledger.ts";

/** The least that max_write may be, in bytes. */
const MIN_WRITE = 4096;

/** FUSE_REQUEST_TIMEOUT, which later kernels have at the bit that rfc-v2 takes for FUSE_DAX_FMAP. */
export const REQUEST_TIMEOUT = 42;

const bit = (n: number) => 1n << BigInt(n);

/**
 * As which kernel INIT is sent: one of the profile's revision; the same without famfs; or one that came later, has no
 * famfs, and offers FUSE_REQUEST_TIMEOUT (Linux 6.18 offers 7.45 and bit 42, and neither 41 nor 43).
 */
export type Asker = "famfs" | "no-famfs" | "newer";

/** Minor of FUSE 7 that is offered. */
const MINOR = { famfs: 38, "no-famfs": 38, newer: 45 } as const satisfies Record<Asker, number>;

const NEWER_FLAGS = DEFAULT_FLAGS | bit(INIT_BITS.INIT_EXT) | bit(REQUEST_TIMEOUT);

/** What INIT came to: whether the daemon set FUSE_DAX_FMAP (or what else is at its bit), and whether it has READDIRPLUS. */
export interface Negotiated {
  readonly fmap: boolean;
  readonly plus: boolean;
}

/** Sends INIT and holds its answer against the requirements; null where there is nobody to talk to. */
export async function negotiate(
  connection: FuseConnection,
  ledger: DaemonLedger,
  profile: Profile,
  asker: Asker,
): Promise<Negotiated | null> {
  const offerFmap = asker === "famfs";
  const offeredMinor = MINOR[asker];
  const init = await connection.init(profile, {
    offerFmap,
    minor: offeredMinor,
    ...(asker === "newer" ? { flags: NEWER_FLAGS } : {}),
  });
  if (init.kind === "failed") {
    ledger.check(init.rule, init.detail);
    return null;
  }
  const { offered, flags, flags2, minor } = init;
  ledger.check(
    "daemon/init/version",
    minor <= offeredMinor ? null : `it answers with minor ${minor}, ${offeredMinor} was offered`,
  );
  const fmapBit = bit(profile.initBit);
  // The famfs bit has requirements of its own.
  const unasked = flags & ~offered & ~fmapBit;
  ledger.check(
    "daemon/init/only-offered",
    unasked === 0n ? null : `it sets 0x${unasked.toString(16)}, which was not offered`,
  );
  const sets = ((BigInt(flags2) << 32n) & fmapBit) !== 0n;
  if (offerFmap && sets)
    ledger.check(
      "daemon/init/fmap-bit-travels",
      init.fmap ? null : "it sets the bit in flags2 and not FUSE_INIT_EXT",
    );
  if (asker === "no-famfs" && sets)
    ledger.check("daemon/init/fmap-only-if-offered", "it sets FUSE_DAX_FMAP, which was not offered");
  ledger.check("daemon/init/max-write", init.maxWrite >= MIN_WRITE ? null : `max_write is ${init.maxWrite}`);
  return { fmap: init.fmap, plus: (flags & bit(INIT_BITS.DO_READDIRPLUS)) !== 0n };
}
