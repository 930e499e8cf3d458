import { UsageError } from "../../base/errors.ts";
import type { StoredDocument } from "./document.ts";
import { otherRun } from "./same-run.ts";

/** A stored document and where it was read. */
export interface Read<D extends StoredDocument = StoredDocument> {
  readonly path: string;
  readonly document: D;
}

/** The shards of one run, in their order, each once. */
export interface ShardSet<D extends StoredDocument> {
  readonly shards: readonly Read<D>[];
  /** Which are not there, as a sentence; null: all are. */
  readonly missing: string | null;
}

/** Those of one run, profile by profile. Throws UsageError where two are of different runs, or of one shard and not the same. */
export function shardSets<D extends StoredDocument>(read: readonly Read<D>[]): ShardSet<D>[] {
  const byProfile = new Map<string, Read<D>[]>();
  for (const r of read) byProfile.set(r.document.profile, [...(byProfile.get(r.document.profile) ?? []), r]);
  const [[, first = []] = []] = byProfile;
  for (const [, others] of byProfile) refuseOthers([...first.slice(0, 1), ...others], "profile");
  return [...byProfile.values()].map((of) => {
    refuseOthers(of);
    return inOrder(of);
  });
}

function refuseOthers(read: readonly Read[], but?: string): void {
  const [one, ...others] = read as readonly [Read, ...Read[]];
  for (const other of others) {
    if (one.document.format !== other.document.format)
      throw new UsageError(`${one.path} and ${other.path} are of different suites: they cannot be merged`);
    const profile = but === undefined ? {} : { profile: "" };
    const found = otherRun({ ...one.document, ...profile }, { ...other.document, ...profile });
    if (found === null) continue;
    const [a, b] = found.values;
    throw new UsageError(
      `${one.path} and ${other.path} are of different runs: their ${found.point} is ${a} and ${b}`,
    );
  }
}

function inOrder<D extends StoredDocument>(read: readonly Read<D>[]): ShardSet<D> {
  const byIndex = new Map<number, Read<D>>();
  let n = 1;
  for (const r of read) {
    const { shard } = r.document.run;
    if (shard === null) throw new UsageError(`${r.path} is the report of a whole run, not of a shard`);
    n = shard.n;
    const same = byIndex.get(shard.i) ?? r;
    if (same.document.digest !== r.document.digest)
      throw new UsageError(
        `${same.path} and ${r.path} are both shard ${shard.i} of ${n}, and are not the same`,
      );
    byIndex.set(shard.i, same);
  }
  const absent = Array.from({ length: n }, (_, k) => k + 1).filter((i) => !byIndex.has(i));
  const shards = [...byIndex].sort(([a], [b]) => a - b).map(([, r]) => r);
  return { shards, missing: absent.length === 0 ? null : missingText(absent, n) };
}

/** `shards 2 and 4 of 4 are missing`; of many the first. */
function missingText(absent: readonly number[], n: number): string {
  const named = absent.slice(0, NAMED).map(String);
  const more = absent.length > NAMED ? [`${absent.length - NAMED} more`] : [];
  const list = new Intl.ListFormat("en-GB").format([...named, ...more]);
  return absent.length === 1 ? `shard ${list} of ${n} is missing` : `shards ${list} of ${n} are missing`;
}

/** Missing shards that are named one by one. */
const NAMED = 10;
