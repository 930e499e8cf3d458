import { UsageError } from "../../suites/index.ts";
import type { Command } from "../command.ts";
import type { Context } from "../context.ts";
import { DAEMON_OPTIONS } from "../daemon-subject.ts";
import { readJson } from "../files.ts";
import { replayMessage } from "../message-replay.ts";
import { flag, type Parsed, readOptions } from "../options.ts";
import { replayRequirement } from "../requirement-replay.ts";
import { replayStored } from "../session-replay.ts";
import { SUBJECT_OPTIONS } from "../subject.ts";

type Replay = (path: string, json: unknown, options: Parsed, context: Context) => Promise<number>;

/** How each kind of stored failure is played again, what it is called, and whether there can be a smaller one. */
const REPLAYS: Readonly<
  Record<string, { called: string; ofDaemon: boolean; shrinks: boolean; replay: Replay }>
> = {
  "fmapspec-counterexample": { called: "a message", ofDaemon: false, shrinks: true, replay: replayMessage },
  "fmapspec-session": { called: "a session", ofDaemon: true, shrinks: true, replay: replayStored },
  "fmapspec-requirement-failure": {
    called: "a requirement",
    ofDaemon: true,
    shrinks: false,
    replay: replayRequirement,
  },
};

export const replay: Command = {
  help: `usage: fmapspec replay [--shrink] FILE [--kernel-source PATH | [--protocol WAY] -- CMD ARG...]
       fmapspec replay [--shrink] FILE [--channel KIND] [--via WAY] [--user NAME] [-- CMD ARG... {mountpoint}]

Asks the subject that FILE names, or the one given here instead, the same question once more; of a session
with a daemon, everything in the same order; of another requirement of daemons, the suite with the same seed.

  --shrink   if it fails, look for a smaller message or a shorter session that fails in the same way, and
             write it to a file beside FILE

  FIXED      it does what it has to: exit status 0
  FAILED     it fails in the same way: 1
  DIFFERENT  it fails in another way: 1
`,
  async run(args, context) {
    const { expect: _, ...daemonOptions } = DAEMON_OPTIONS;
    const options = readOptions(args, { ...SUBJECT_OPTIONS, ...daemonOptions, shrink: { type: "boolean" } });
    const [path, extra] = options.positionals;
    if (path === undefined || extra !== undefined) throw new UsageError("replay takes one failure file");
    const json = await readJson(path);
    const format = String((json as { format?: unknown } | null)?.format);
    const known = Object.hasOwn(REPLAYS, format) ? REPLAYS[format] : undefined;
    if (known === undefined)
      throw new UsageError(
        `${path} is no failure file: its format is none of ${Object.keys(REPLAYS).join(", ")}`,
      );
    const { called, ofDaemon, shrinks, replay } = known;
    const foreign = Object.keys(ofDaemon ? SUBJECT_OPTIONS : daemonOptions).find(
      (name) => name !== "timeout" && name in options.values,
    );
    if (foreign !== undefined) throw new UsageError(`--${foreign} does not go with ${called}: ${path}`);
    if (flag(options, "shrink") && !shrinks)
      throw new UsageError(`--shrink does not go with ${called}: ${path}`);
    return replay(path, json, options, context);
  },
};
