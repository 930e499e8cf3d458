import { word } from "../../reports/line.ts";
import type { DaemonReport, ParserReport } from "../../suites/index.ts";
import { shardText } from "../../suites/run/shard.ts";

/** The command line that goes on with an interrupted run in a folder. */
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
