import { UsageError } from "../../base/errors.ts";
import { isDeath } from "../../suites/daemon/stored-death.ts";
import type { StoredFailure } from "../../suites/stored/failure-name.ts";
import { storedFailure } from "../../suites/stored/stored-failure.ts";
import { DAEMON_OPTIONS } from "../options/daemon-subject.ts";
import { SUBJECT_OPTIONS } from "../options/subject.ts";
import { command } from "../options/table.ts";
import { replayMessage } from "../replay/message-replay.ts";
import { ONLY_DAEMONS, ONLY_PARSERS, SHRINK } from "../replay/options.ts";
import { replayRequirement } from "../replay/requirement-replay.ts";
import { replayStored } from "../replay/session-replay.ts";
import { readJson } from "../store/files.ts";

/** What each kind of stored failure is called, and whether there can be a smaller one. */
const KINDS: Readonly<Record<StoredFailure["format"], { called: string; ofDaemon: boolean }>> = {
  "fmapspec-counterexample": { called: "a message", ofDaemon: false },
  "fmapspec-session": { called: "a session", ofDaemon: true },
  "fmapspec-requirement-failure": { called: "a requirement", ofDaemon: true },
};

/** Whether there can be a smaller one; of requirements only of those that a daemon died or hung of. */
const shrinks = (stored: StoredFailure): boolean =>
  stored.format !== "fmapspec-requirement-failure" || isDeath(stored);

export const replay = command({
  about: `Asks the subject that FILE names, or the one given here instead, the same question once more; of a session with
a daemon, everything in the same order; of a daemon that died or hung, the requests before that, and if it
lives, like of any other requirement of daemons, the suite with the same seed.`,
  options: {
    options: { shrink: SHRINK },
    "another parser": SUBJECT_OPTIONS,
    "another daemon": DAEMON_OPTIONS,
  },
  operand: { takes: "FILE", noun: "failure file", count: "one", offers: "paths" },
  program: "CMD ARG...",
  closing: `FIXED      it does what it has to: exit status 0
FAILED     it fails in the same way: 1
DIFFERENT  it fails in another way: 1`,
  async run(options, context) {
    const [path = ""] = options.operands;
    const stored = storedFailure(await readJson(path), path);
    const { called, ofDaemon } = KINDS[stored.format];
    const foreign = (ofDaemon ? ONLY_PARSERS : ONLY_DAEMONS).find((name) => options.given.has(name));
    if (foreign !== undefined) throw new UsageError(`--${foreign} does not go with ${called}: ${path}`);
    if (options.values.shrink && !shrinks(stored))
      throw new UsageError(`--shrink does not go with ${called}: ${path}`);
    switch (stored.format) {
      case "fmapspec-counterexample":
        return replayMessage(path, stored, options, context);
      case "fmapspec-session":
        return replayStored(path, stored, options, context);
      case "fmapspec-requirement-failure":
        return replayRequirement(path, stored, options, context);
    }
  },
});
