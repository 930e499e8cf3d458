import { existsSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../base/errors.ts";
import { word } from "../../reports/line.ts";
import type { DaemonReport, ParserReport } from "../../suites/index.ts";
import { shardText } from "../../suites/run/shard.ts";
import type { Journal, StoredDocument } from "../../suites/stored/document.ts";
import { otherRun } from "../../suites/stored/same-run.ts";
import { readStored } from "../../suites/stored/stored-document.ts";
import { readInput } from "./files.ts";
import { JOURNAL } from "./journal-file.ts";

/** The facts of a run before it begins. */
type Asked = Parameters<typeof otherRun>[0];

/** The document of a format. */
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

/** The journals of a suite that `--resume` continues, by folder. Throws UsageError where there is none. */
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

/** Throws UsageError where the interrupted run differs from the one that is to continue it. */
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

/** The report of that name in a folder, if it is of this run and the run finished; else null. */
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

/** The error where no run was interrupted. */
const nothingToResume = (out: string): UsageError =>
  new UsageError(
    `there is no ${JOURNAL} in ${out}: no run was interrupted there, so that --resume has nothing to go on with`,
  );

/** The command line that resumes an interrupted run in a folder. */
export function resumingParser(
  {
    profile,
    level,
    seed,
    run,
    subject,
  }: Pick<ParserReport, "profile" | "level" | "seed" | "run" | "subject">,
  out: string,
): string {
  const options = [
    `--profile ${profile} --level ${level} --seed ${seed}`,
    ...(run.runs === null ? [] : [`--runs ${run.runs}`]),
    ...run.filter.map((glob) => `--filter ${word(glob)}`),
    ...(run.strict ? ["--strict"] : []),
    ...(run.failFast ? ["--fail-fast"] : []),
    ...(run.shard === null ? [] : [`--shard ${shardText(run.shard)}`]),
    `--timeout ${run.timeout}`,
    `--out ${word(out)} --resume`,
  ];
  if (subject.kind === "kernel-source") {
    options.push(`--kernel-source ${word(subject.path)}`);
    if (subject.cc !== undefined) options.push(`--cc ${word(subject.cc)}`);
  }
  if (subject.kind === "device") options.push(`--device ${word(subject.path)}`);
  if (subject.kind === "driver")
    options.push(`--protocol ${subject.protocol}`, "--", ...subject.command.map((w) => word(w)));
  return `fmapspec parser ${options.join(" ")}`;
}

/** Likewise of a run over a daemon; the manifest of `--expect` is known by its digest only. */
export function resumingDaemon(
  {
    profile,
    level,
    seed,
    run,
    subject,
  }: Pick<DaemonReport, "profile" | "level" | "seed" | "run" | "subject">,
  out: string,
): string {
  const options = [
    `--profile ${profile} --level ${level} --seed ${seed}`,
    ...(run.shard === null ? [] : [`--shard ${shardText(run.shard)}`]),
    `--channel ${subject.channel} --via ${subject.via} --timeout ${run.timeout}`,
    ...(subject.user === undefined ? [] : [`--user ${word(subject.user)}`]),
    ...(run.expect === null ? [] : ["--expect MANIFEST"]),
    `--out ${word(out)} --resume --`,
    ...subject.command.map((w) => word(w)),
  ];
  return `fmapspec daemon ${options.join(" ")}`;
}
