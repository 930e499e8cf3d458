import { existsSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../base/errors.ts";
import { shardText } from "../../suites/run/shard.ts";
import type { Journal, StoredDocument } from "../../suites/stored/document.ts";
import { otherRun } from "../../suites/stored/same-run.ts";
import { readStored } from "../../suites/stored/stored-document.ts";
import { readInput } from "./files.ts";
import { JOURNAL } from "./journal-file.ts";

/** What a run is before it begins. */
type Asked = Parameters<typeof otherRun>[0];

/** Of the kind of document that is asked for. */
type Of<F extends StoredDocument["format"]> = Extract<StoredDocument, { format: F }>;

/** The journal that an interrupted run of a suite has left in a folder; null: there is none. Throws UsageError. */
async function journalIn<S extends Journal["suite"]>(
  out: string,
  suite: S,
): Promise<Extract<Journal, { suite: S }> | null> {
  const path = join(out, JOURNAL);
  if (!existsSync(path)) return null;
  const document = readStored(await readInput(path), path);
  if (document.format !== "fmapspec-journal" || document.suite !== suite)
    throw new UsageError(`${path} is no journal of a ${suite} run`);
  return document as Extract<Journal, { suite: S }>;
}

/** The journals of a suite that `--resume` goes on with, by folder. Throws UsageError where there is none. */
export async function interruptedIn<S extends Journal["suite"]>(
  resume: boolean,
  outs: readonly string[],
  suite: S,
): Promise<Map<string, Extract<Journal, { suite: S }>>> {
  const found = new Map<string, Extract<Journal, { suite: S }>>();
  if (!resume) return found;
  for (const out of outs) {
    const journal = await journalIn(out, suite);
    if (journal !== null) found.set(out, journal);
  }
  if (found.size === 0) throw nothingToResume(outs.join(", "));
  return found;
}

const shardOrNone = ({ shard }: Journal["run"]): string => (shard === null ? "none" : shardText(shard));

/** Throws UsageError where the interrupted run was another one than the one that is to go on. */
export function refuseOther(journal: Journal, asked: Asked, out: string): void {
  const path = join(out, JOURNAL);
  const shards = [shardOrNone(journal.run), shardOrNone(asked.run)] as const;
  const other =
    otherRun(journal, asked) ?? (shards[0] === shards[1] ? null : { point: "shard", values: shards });
  if (other === null) return;
  const [was, is] = other.values;
  throw new UsageError(
    `--resume goes on with the same run only: ${other.point} was ${was} in ${path}, and is ${is} now`,
  );
}

/** The report of that name in a folder, if it is of the run that is asked for and came to its end; else null. */
export async function finishedIn<F extends StoredDocument["format"]>(
  path: string,
  format: F,
  asked: Asked,
): Promise<Of<F> | null> {
  if (!existsSync(path)) return null;
  const document = readStored(await readInput(path), path);
  const isSame =
    document.format === format &&
    "complete" in document &&
    document.complete &&
    otherRun(document, asked) === null &&
    shardOrNone(document.run) === shardOrNone(asked.run);
  return isSame ? (document as Of<F>) : null;
}

/** Said where there is nothing to go on with. */
const nothingToResume = (out: string): UsageError =>
  new UsageError(
    `there is no ${JOURNAL} in ${out}: no run was interrupted there, so that --resume has nothing to go on with`,
  );
