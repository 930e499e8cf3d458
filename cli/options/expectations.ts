import { existsSync } from "node:fs";
import { UsageError } from "../../base/errors.ts";
import {
  type DaemonReport,
  type Expectations,
  type KnownFailure,
  type ParserReport,
  parseKnownFailures,
  renderKnownFailures,
} from "../../suites/index.ts";
import type { Context } from "../context.ts";
import { readInput, writeFile } from "../store/files.ts";
import { flag, type Parsed, text } from "./options.ts";

/** The options that say which failures do not count. */
export const EXPECTATION_OPTIONS = {
  "known-failing": { type: "string" },
  "update-known": { type: "boolean" },
  quarantine: { type: "string" },
} as const;

/** What `--help` says of them. */
export const EXPECTATION_HELP = `  --known-failing FILE  failures listed there do not count, and one that passes does;
                        a line each: pattern  # message prefix  # link-to-the-bug
  --update-known        write the run's failures to that file
  --quarantine FILE     such lines for failures that come and go: they do not count, nor does their passing`;

export interface Expected extends Expectations {
  /** Writes the failures of a report to the file of known ones, where that is asked for. Throws UsageError. */
  update(report: ParserReport | DaemonReport, context: Context): void;
}

/** Options that leave rules out, so that what a run shows is not all that fails. */
const NARROWING = ["filter", "shard"];

/** What the options expect to fail. Throws UsageError. */
export async function expectationsOf(options: Parsed): Promise<Expected> {
  const file = text(options, "known-failing");
  const update = flag(options, "update-known");
  if (update && (file === undefined || NARROWING.some((name) => name in options.values)))
    throw new UsageError(
      "--update-known rewrites the file of --known-failing, and only after a run without --filter and --shard",
    );
  // The first update makes the file.
  const old = file === undefined || (update && !existsSync(file)) ? [] : await listed(file, update);
  const isolated = text(options, "quarantine");
  return {
    // What is to be written is everything that fails.
    known: update ? [] : old,
    quarantined: isolated === undefined ? [] : await listed(isolated),
    update(report, { say }) {
      if (!update) return;
      if (report.complete) {
        writeFile(file as string, renderKnownFailures(report, old));
        say(`fmapspec: ${file} is written; where a failure is new, put the link to its bug there\n`);
      } else say(`fmapspec: ${file} stays as it is, the run did not come to its end\n`);
    },
  };
}

const listed = async (file: string, rewriting = false): Promise<KnownFailure[]> =>
  parseKnownFailures((await readInput(file)).toString("utf8"), file, rewriting);
