import { INIT_BITS, type Profile } from "../../spec/index.ts";
import type { FuseConnection } from "../fuse/connection.ts";
import type { DaemonLedger } from "./ledger.ts";

/** Minor of FUSE 7 that is offered, and the least that max_write may be, in bytes. */
const OFFERED_MINOR = 38;
const MIN_WRITE = 4096;

/** What INIT came to: whether GET_FMAP and READDIRPLUS will be understood. */
export interface Negotiated {
  readonly fmap: boolean;
  readonly plus: boolean;
}

const bit = (n: number) => 1n << BigInt(n);

/** Sends INIT and holds its answer against the requirements; null where there is nobody to talk to. */
export async function negotiate(
  connection: FuseConnection,
  ledger: DaemonLedger,
  profile: Profile,
  offerFmap: boolean,
): Promise<Negotiated | null> {
  const init = await connection.init(profile, { offerFmap, minor: OFFERED_MINOR });
  if (init.kind === "failed") {
    ledger.check(init.rule, init.detail);
    return null;
  }
  const { offered, flags, flags2, minor } = init;
  ledger.check(
    "daemon/init/version",
    minor <= OFFERED_MINOR ? null : `it answers with minor ${minor}, ${OFFERED_MINOR} was offered`,
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
  if (!offerFmap && sets)
    ledger.check("daemon/init/fmap-only-if-offered", "it sets FUSE_DAX_FMAP, which was not offered");
  ledger.check("daemon/init/max-write", init.maxWrite >= MIN_WRITE ? null : `max_write is ${init.maxWrite}`);
  return { fmap: init.fmap && offerFmap, plus: (flags & bit(INIT_BITS.DO_READDIRPLUS)) !== 0n };
}
