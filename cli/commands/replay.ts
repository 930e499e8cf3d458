import { UsageError } from "../../base/errors.ts";
import { isDeath } from "../../suites/daemon/stored-death.ts";
import type { StoredFailure } from "../../suites/stored/failure-name.ts";
import { storedFailure } from "../../suites/stored/stored-failure.ts";
import type { Command } from "../command.ts";
import { DAEMON_OPTIONS } from "../options/daemon-subject.ts";
import { flag, readOptions } from "../options/options.ts";
import { SUBJECT_OPTIONS } from "../options/subject.ts";
import { replayMessage } from "../replay/message-replay.ts";
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

export const replay: Command = {
  help: `usage: fmapspec replay [--shrink] FILE [--kernel-source PATH | [--protocol WAY] -- CMD ARG...]
       fmapspec replay [--shrink] FILE [--channel KIND] [--via WAY] [--user NAME] [-- CMD ARG... {mountpoint}]

Asks the subject that FILE names, or the one given here instead, the same question once more; of a session
with a daemon, everything in the same order; of a daemon that died or hung, what it was asked before, and if it
lives, like of any other requirement of daemons, the suite with the same seed.

  --shrink   if it fails, look for a smaller message, a shorter session or fewer requests that fail in the same
             way, and write that to a file beside FILE

  FIXED      it does what it has to: exit status 0
  FAILED     it fails in the same way: 1
  DIFFERENT  it fails in another way: 1
`,
  async run(args, context) {
    const { expect: _, ...daemonOptions } = DAEMON_OPTIONS;
    const options = readOptions(args, { ...SUBJECT_OPTIONS, ...daemonOptions, shrink: { type: "boolean" } });
    const [path, extra] = options.positionals;
    if (path === undefined || extra !== undefined) throw new UsageError("replay takes one failure file");
    const stored = storedFailure(await readJson(path), path);
    const { called, ofDaemon } = KINDS[stored.format];
    const foreign = Object.keys(ofDaemon ? SUBJECT_OPTIONS : daemonOptions).find(
      (name) => name !== "timeout" && name in options.values,
    );
    if (foreign !== undefined) throw new UsageError(`--${foreign} does not go with ${called}: ${path}`);
    if (flag(options, "shrink") && !shrinks(stored))
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
};
