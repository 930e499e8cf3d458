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
import { file as fileOption, flag } from "./kinds.ts";

export const KNOWN_FAILING = fileOption(
  "failures listed there do not count, and one that passes does;\n\
a line each: pattern  # message prefix  # link-to-the-bug",
);

export const QUARANTINE = fileOption(
  "such lines for failures that come and go: neither they nor their passing counts",
);

/** The options that say which failures do not count. */
export const EXPECTATION_OPTIONS = {
  "known-failing": KNOWN_FAILING,
  "update-known": flag("write the run's failures to the file of --known-failing"),
  quarantine: QUARANTINE,
};

export interface Expected extends Expectations {
  /** Writes the failures of a report to the file of known ones, where that is asked for. Throws UsageError. */
  update(report: ParserReport | DaemonReport, context: Context): void;
}

/** What the options say; a merge has no option to update the file. */
interface Expecting {
  readonly values: {
    readonly "known-failing": string | undefined;
    readonly "update-known"?: boolean;
    readonly quarantine: string | undefined;
  };
  readonly given: ReadonlySet<string>;
}

/** Options that leave rules out: what fails in such a run is not all that fails. */
const NARROWING = ["filter", "shard"];

/** What the options expect to fail. Throws UsageError. */
export async function expectationsOf({
  values: { "known-failing": file, "update-known": update = false, quarantine },
  given,
}: Expecting): Promise<Expected> {
  if (update && (file === undefined || NARROWING.some((name) => given.has(name))))
    throw new UsageError(
      "--update-known rewrites the file of --known-failing, and only after a run without --filter and --shard",
    );
  // The first update makes the file.
  const old = file === undefined || (update && !existsSync(file)) ? [] : await listed(file, update);
  return {
    // The update lists everything that fails.
    known: update ? [] : old,
    quarantined: quarantine === undefined ? [] : await listed(quarantine),
    update(report, { say }) {
      if (!update) return;
      if (report.complete) {
        writeFile(file as string, renderKnownFailures(report, old));
        say(`fmapspec: ${file} is written; where a failure is new, put the link to its bug there\n`);
      } else say(`fmapspec: ${file} stays as it is, because the run did not finish\n`);
    },
  };
}

const listed = async (file: string, rewriting = false): Promise<KnownFailure[]> =>
  parseKnownFailures((await readInput(file)).toString("utf8"), file, rewriting);
