import { type Counterexample, UsageError } from "../../suites/index.ts";
import { SCENES, type Scene } from "../../suites/kernel-source/observation.ts";
import { lacking, replayCounterexample } from "../../suites/parser/replay.ts";
import { misfit } from "../../suites/schema-check.ts";
import { subjectFor } from "../../suites/subjects/described.ts";
import type { SubjectDescription } from "../../suites/subjects/subject.ts";
import type { Command } from "../command.ts";
import type { Context } from "../context.ts";
import { DAEMON_OPTIONS } from "../daemon-subject.ts";
import { readJson } from "../files.ts";
import { type Parsed, profileOf, readOptions } from "../options.ts";
import { replayStored } from "../session-replay.ts";
import { SUBJECT_OPTIONS, subjectOf, timeoutOf } from "../subject.ts";

function counterexampleIn(path: string, json: unknown): Counterexample {
  const wrong = misfit("counterexample", json);
  if (wrong !== null) throw new UsageError(`${path} is no counterexample file: ${wrong}`);
  const c = json as Counterexample;
  if (c.scene !== undefined && (!Object.hasOwn(SCENES, c.scene) || (c.scene as Scene) === "sites"))
    throw new UsageError(`${path} is no counterexample file: /scene: there is no scene '${c.scene}'`);
  return c;
}

export const replay: Command = {
  summary: "run a stored counterexample or session again: FIXED, FAILED or DIFFERENT",
  help: `usage: fmapspec replay FILE [--kernel-source PATH | [--protocol WAY] -- CMD ARG...]
       fmapspec replay SESSION [--channel KIND] [--via WAY] [--user NAME] [-- CMD ARG... {mountpoint}]

Asks the subject that FILE names, or the one given here instead, the same question once more; of a session
with a daemon, everything in the same order.

  FIXED      it does what it has to: exit status 0
  FAILED     it fails in the same way: 1
  DIFFERENT  it fails in another way: 1
`,
  async run(args, context) {
    const { expect: _, ...daemonOptions } = DAEMON_OPTIONS;
    const options = readOptions(args, { ...SUBJECT_OPTIONS, ...daemonOptions });
    const [path, extra] = options.positionals;
    if (path === undefined || extra !== undefined)
      throw new UsageError("replay takes one counterexample file");
    const json = await readJson(path);
    const isSession = (json as { format?: unknown } | null)?.format === "fmapspec-session";
    const foreign = Object.keys(isSession ? SUBJECT_OPTIONS : daemonOptions).find(
      (name) => name !== "timeout" && name in options.values,
    );
    if (foreign !== undefined)
      throw new UsageError(`--${foreign} does not go with ${isSession ? "a session" : "a message"}: ${path}`);
    return isSession
      ? replayStored(path, json, options, context)
      : replayMessage(path, counterexampleIn(path, json), options, context);
  },
};

/** Asks the question of a counterexample once more. */
async function replayMessage(
  path: string,
  c: Counterexample,
  options: Parsed,
  { print, paint }: Context,
): Promise<number> {
  const profile = profileOf(c.profile);
  const subject =
    Object.keys(SUBJECT_OPTIONS).some((name) => name !== "timeout" && name in options.values) ||
    options.command !== null
      ? await subjectOf(options, profile)
      : await subjectFor(c.subject as SubjectDescription, profile, timeoutOf(options));
  const need = lacking(subject, c);
  if (need !== null) {
    await subject.stop();
    throw new UsageError(`${path} needs a subject ${need}`);
  }
  const { outcome, now } = await replayCounterexample(c, profile, subject);
  const word = outcome.toUpperCase();
  if (outcome === "fixed") {
    print(`${paint("green", word)} ${c.rule}\n`);
    return 0;
  }
  print(`${paint("red", word)} ${c.rule}: ${now.join("; ")}\n`);
  if (outcome === "different") print(`  when it was stored: ${c.actual}\n`);
  return 1;
}
