import { type ErrnoName, type Fmap, type HazardId, type Profile, whyOpen } from "../spec/index.ts";

/** The connection's table of daxdevs: which slots are filled, and which are in error. */
export interface DaxdevTable {
  readonly valid: ReadonlySet<bigint>;
  readonly inError: ReadonlySet<bigint>;
}

export const EMPTY_TABLE: DaxdevTable = { valid: new Set(), inError: new Set() };

/** The device that the kernel finds behind a daxdev, by GET_DAXDEV's reply or by the ioctl's file descriptor. */
export type Device =
  /** The request, the path or the descriptor fails with that errno. */
  | { readonly kind: "unreachable"; readonly errno: ErrnoName }
  | { readonly kind: "not a character device" }
  /** may_open_dev() forbids it. */
  | { readonly kind: "forbidden" }
  | { readonly kind: "not a daxdev" }
  /** fs_dax_get() fails with that errno; `ours`: because the same connection has claimed the device. */
  | { readonly kind: "unclaimable"; readonly errno: ErrnoName; readonly ours?: boolean }
  | { readonly kind: "daxdev" };

/** The result of registering a daxdev. If the kernel pulls daxdevs, open(2) does not return this errno. */
export type Registration =
  | {
      readonly kind: "done";
      readonly errno: ErrnoName | null;
      readonly table: DaxdevTable;
      readonly hazards: readonly HazardId[];
    }
  | { readonly kind: "unspecified"; readonly reason: string };

/** The indexes that the map refers to, ascending. */
function referred({ devBitmap }: Fmap): bigint[] {
  const indexes: bigint[] = [];
  for (let n = 0n; devBitmap >> n > 0n; n++) if ((devBitmap >> n) & 1n) indexes.push(n);
  return indexes;
}

/** famfs_update_daxdev_table: the indexes for which the kernel sends GET_DAXDEV when it installs the map, in order. */
export function daxdevsToPull({ daxdevs }: Profile, map: Fmap, table: DaxdevTable): bigint[] {
  const { way, slots } = daxdevs;
  if (way === "push" || slots === null) return [];
  return referred(map).filter((n) => n < BigInt(slots) && !table.valid.has(n));
}

/** famfs_check_daxdev_table: whether the map refers to an unregistered daxdev; always false if the kernel pulls daxdevs. */
export const daxdevMissing = ({ daxdevs }: Profile, map: Fmap, table: DaxdevTable): boolean =>
  daxdevs.way === "push" && referred(map).some((n) => !table.valid.has(n) && !table.inError.has(n));

/**
 * famfs_fuse_get_daxdev after the reply arrived, or famfs_daxdev_open.
 *
 * `nameCopied`: the kernel has memory for a copy of the name.
 */
export function registerDaxdev(
  profile: Profile,
  table: DaxdevTable,
  index: bigint,
  device: Device,
  nameCopied = true,
): Registration {
  const { way, slots, known, nameCopyChecked, claimFailure } = profile.daxdevs;
  const done = (errno: ErrnoName | null, after = table, hazards: readonly HazardId[] = []): Registration => ({
    kind: "done",
    errno,
    table: after,
    hazards,
  });
  const filled = { ...table, valid: new Set([...table.valid, index]) };
  const failed = { ...table, inError: new Set([...table.inError, index]) };

  // The ioctl checks its descriptor before the index; a pull starts with an index and gets a name.
  const early = way === "push" ? unusable(device) : null;
  if (early !== null) return done(early);
  if (slots === null && index > 0n) return { kind: "unspecified", reason: whyOpen(profile, "daxdevs/slots") };
  if (slots !== null && index >= BigInt(slots)) return done("EINVAL");
  if (device.kind === "unreachable") return done(device.errno);
  if (table.valid.has(index)) return done(known);
  if (way === "push" && table.inError.has(index)) return done("EIO");
  const late = unusable(device);
  if (late !== null) return done(late);
  if (device.kind === "not a daxdev") return done("ENODEV");
  if (!nameCopied && nameCopyChecked) return done("ENOMEM");
  if (device.kind !== "unclaimable") return done(null, filled, nameCopied ? [] : ["hazard/unchecked-name"]);
  if (way === "push")
    return done(device.errno, device.errno === "EBUSY" && device.ours === true ? table : failed);
  // A pull that claims nothing stores the device unchecked.
  if (claimFailure === "not claimed") return done(null, filled);
  return done(null, { valid: filled.valid, inError: failed.inError });
}

function unusable(device: Device): ErrnoName | null {
  if (device.kind === "unreachable") return device.errno;
  if (device.kind === "not a character device") return "EINVAL";
  return device.kind === "forbidden" ? "EACCES" : null;
}
