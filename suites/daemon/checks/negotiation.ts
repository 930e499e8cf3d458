import { flagNames, INIT_BITS, type Profile, type RuleId } from "../../../spec/index.ts";
import type { FuseConnection } from "../../../subjects/daemon/channel/connection.ts";
import type { DaemonLedger } from "../ledger.ts";
import { lostFlags2 } from "./fmap-placement.ts";
import { readBufferAfterInit, readBufferBeforeInit } from "./read-buffer.ts";

/** The least that max_write may be, in bytes. */
const MIN_WRITE = 4096;

/** FUSE_REQUEST_TIMEOUT, which later kernels have at the bit that rfc-v1 and rfc-v2 take for FUSE_DAX_FMAP. */
export const { REQUEST_TIMEOUT } = INIT_BITS;

const bit = (n: number) => 1n << BigInt(n);

/**
 * As which kernel INIT is sent: one of the profile's revision; the same without famfs; or one that came later, has no
 * famfs, and offers FUSE_REQUEST_TIMEOUT (Linux 6.18 offers 7.45 and bit 42, and neither 41 nor 43).
 */
export type Asker = "famfs" | "no-famfs" | "newer";

/** Minor of FUSE 7 that Linux 6.18 offers. */
const NEWER_MINOR = 45;

/** What INIT came to; what both sides go by stands in the kernel's `agreed`. */
export interface Negotiated {
  /** Whether the daemon set FUSE_DAX_FMAP, or what else is at its bit. */
  readonly fmap: boolean;
  /** The 64 flags of INIT's answer. */
  readonly flags: bigint;
}

/** Why the kernel refuses the mount for FUSE_ALLOW_IDMAP; null: it does not. `command`: of the daemon, which may name its mount's options. */
function refusedIdmap(flags: bigint, command: readonly string[]): string | null {
  const has = (n: number) => (flags & bit(n)) !== 0n;
  if (!has(INIT_BITS.ALLOW_IDMAP) || has(INIT_BITS.POSIX_ACL)) return null;
  if (command.some((word) => word.includes("default_permissions"))) return null;
  return "it sets FUSE_ALLOW_IDMAP, which needs the mount option default_permissions, and its command does not name that";
}

/** Sends INIT and compares its answer with the requirements; null where no kernel would go on. */
export async function negotiate(
  connection: FuseConnection,
  ledger: DaemonLedger,
  profile: Profile,
  asker: Asker,
): Promise<Negotiated | null> {
  const offerFmap = asker === "famfs";
  const minor = asker === "newer" ? NEWER_MINOR : profile.minor;
  const before = await readBufferBeforeInit(connection, ledger);
  const init = await connection.init(profile, { offerFmap, minor });
  if (init.kind === "failed") {
    ledger.check(init.rule, init.detail, {}, init.evidence);
    return null;
  }
  const { offered, flags, flags2, agreed, evidence } = init;
  const check = (id: RuleId, fault: string | null) => ledger.check(id, fault, {}, evidence);
  ledger.check("daemon/init/version", null);
  await readBufferAfterInit(connection, ledger, before, agreed.maxWrite);
  const fmapBit = bit(profile.initBit);
  // The famfs bit has requirements of its own.
  const unasked = flags & ~offered & ~fmapBit;
  check(
    "daemon/init/only-offered",
    unasked === 0n ? null : `it sets ${flagNames(unasked)}, which was not offered`,
  );
  ledger.check("daemon/init/idmap", refusedIdmap(agreed.flags, connection.command));
  const sets = ((BigInt(flags2) << 32n) & fmapBit) !== 0n;
  if (offerFmap) check("daemon/init/fmap-bit-travels", lostFlags2(init, profile));
  if (asker === "no-famfs" && sets)
    check("daemon/init/fmap-only-if-offered", "it sets FUSE_DAX_FMAP, which was not offered");
  check("daemon/init/max-write", init.maxWrite >= MIN_WRITE ? null : `max_write is ${init.maxWrite}`);
  return { fmap: agreed.fmap, flags };
}
