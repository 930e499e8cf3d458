/** Whether a map's offsets can be those of a device at all. */
import { readFileSync, type Stats, statSync } from "node:fs";
import {
  type DaxRange,
  hexOf,
  misreadings,
  type Profile,
  rangesOf,
  renderMisreading,
} from "../../../spec/index.ts";
import type { DaemonLedger } from "../ledger.ts";
import type { ServedFile } from "./map-checks.ts";

/** Bytes that no device has: x86-64 and arm64 address 2^52 bytes of memory at most. */
const ADDRESSABLE = 1n << 52n;

/** The numbers of a device, as glibc's gnu_dev_major and gnu_dev_minor read st_rdev. */
export function deviceNumbers(rdev: number): { readonly major: number; readonly minor: number } {
  const n = BigInt(rdev);
  const major = ((n >> 8n) & 0xfffn) | ((n >> 32n) & 0xfffff000n);
  const minor = (n & 0xffn) | ((n >> 12n) & 0xffffff00n);
  return { major: Number(major), minor: Number(minor) };
}

/** Bytes of the dax device at a path, as sysfs has them; null: it is none, or none of this machine. */
export function deviceSize(path: string, sysfs = "/sys"): bigint | null {
  try {
    const found: Stats = statSync(path);
    if (!found.isCharacterDevice()) return null;
    const { major, minor } = deviceNumbers(found.rdev);
    const size = readFileSync(`${sysfs}/dev/char/${major}:${minor}/size`, "latin1").trim();
    return /^[1-9]\d*$/.test(size) ? BigInt(size) : null;
  } catch {
    return null;
  }
}

/** What is implausible about a range of a device of so many bytes; null: nothing. */
function implausible(range: DaxRange, limit: bigint, alignment: bigint): string | null {
  const { offset, length, devindex } = range;
  if (offset + length <= limit) return null;
  const fits = (at: bigint) => at % alignment === 0n && at + length <= limit;
  const what = limit === ADDRESSABLE ? "no device has" : `daxdev ${devindex} has`;
  return `the range at offset ${offset} ends behind the ${limit} bytes that ${what}${
    fits(0n) ? renderMisreading(misreadings(offset, 64, fits)) : ""
  }`;
}

/** Compares every range with the size of its device; `names`: the path of each daxdev that the daemon has named. */
export function checkPlausible(
  ledger: DaemonLedger,
  { limits }: Pick<Profile, "limits">,
  served: readonly ServedFile[],
  names: ReadonlyMap<bigint, string>,
  sizeOf: (path: string) => bigint | null = deviceSize,
): void {
  const sizes = new Map([...names].map(([index, path]) => [index, sizeOf(path)]));
  const alignment = BigInt(limits.alignment);
  for (const { node, message, map } of served) {
    let wrong: string | null = null;
    for (const range of rangesOf(map))
      wrong ??= implausible(range, sizes.get(range.devindex) ?? ADDRESSABLE, alignment);
    const evidence = { path: node.path, reply: hexOf(message) };
    ledger.check("daemon/fmap/plausible-offset", wrong, wrong === null ? {} : evidence);
  }
}
