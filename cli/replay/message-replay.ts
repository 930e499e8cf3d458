import { UsageError } from "../../base/errors.ts";
import { subjectFor } from "../../subjects/driver/described.ts";
import { SCENES, type Scene } from "../../subjects/kernel-source/observation.ts";
import type { Counterexample } from "../../suites/index.ts";
import { type FailsAlike, lacking, replayCounterexample } from "../../suites/parser/replay.ts";
import type { Context } from "../context.ts";
import { profileOf } from "../options/profiles.ts";
import { subjectOf } from "../options/subject.ts";
import { storeBeside } from "../store/output.ts";
import { replayOnKernel } from "./live-replay.ts";
import { shrunk, told } from "./message-shrinking.ts";
import { ONLY_PARSERS, type ReplayOptions } from "./options.ts";
import { tellReplayed } from "./replay-outcome.ts";

/** Refuses a scene that nobody knows. */
function checkScene(path: string, c: Counterexample): void {
  if (c.scene !== undefined && (!Object.hasOwn(SCENES, c.scene) || (c.scene as Scene) === "sites"))
    throw new UsageError(`${path} is no counterexample file: /scene: there is no scene '${c.scene}'`);
}

/** Asks the question of a counterexample once more, and looks for a smaller one if that is asked for. */
export async function replayMessage(
  path: string,
  c: Counterexample,
  options: ReplayOptions,
  context: Context,
): Promise<number> {
  checkScene(path, c);
  const profile = profileOf(c.profile);
  const other = ONLY_PARSERS.some((name) => options.given.has(name)) || options.program !== null;
  if (c.subject.kind === "kernel" && !other) {
    if (options.values.shrink)
      throw new UsageError("--shrink does not go with a message that a running kernel was asked");
    return replayOnKernel(c, profile, options.values.timeout, context);
  }
  const subject =
    other || c.subject.kind === "kernel"
      ? await subjectOf(options, profile)
      : await subjectFor(c.subject, profile, options.values.timeout);
  const need = lacking(subject, c);
  if (need !== null) {
    await subject.stop();
    throw new UsageError(`${path} needs a subject ${need}`);
  }
  let smaller = "";
  const shrinking = async (alike: FailsAlike) => {
    if (!options.values.shrink) return;
    const found = await shrunk(profile, { ...c, subject: subject.description }, alike);
    smaller =
      found === null ? "  nothing smaller fails\n" : told(found, storeBeside(path, found), context.paint);
  };
  return tellReplayed(await replayCounterexample(c, profile, subject, shrinking), c, context, smaller);
}
