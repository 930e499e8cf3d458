import { UsageError } from "../../base/errors.ts";
import { subjectFor } from "../../subjects/driver/described.ts";
import { SCENES, type Scene } from "../../subjects/kernel-source/observation.ts";
import type { Counterexample } from "../../suites/index.ts";
import { type FailsAlike, lacking, replayCounterexample } from "../../suites/parser/replay.ts";
import type { Context } from "../context.ts";
import { flag, type Parsed, profileOf } from "../options/options.ts";
import { SUBJECT_OPTIONS, subjectOf, timeoutOf } from "../options/subject.ts";
import { storeBeside } from "../store/output.ts";
import { replayOnKernel } from "./live-replay.ts";
import { shrunk, told } from "./message-shrinking.ts";
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
  options: Parsed,
  context: Context,
): Promise<number> {
  checkScene(path, c);
  const profile = profileOf(c.profile);
  const other =
    Object.keys(SUBJECT_OPTIONS).some((name) => name !== "timeout" && name in options.values) ||
    options.command !== null;
  if (c.subject.kind === "kernel" && !other) {
    if (flag(options, "shrink"))
      throw new UsageError("--shrink does not go with a message that a running kernel was asked");
    return replayOnKernel(c, profile, timeoutOf(options), context);
  }
  const subject =
    other || c.subject.kind === "kernel"
      ? await subjectOf(options, profile)
      : await subjectFor(c.subject, profile, timeoutOf(options));
  const need = lacking(subject, c);
  if (need !== null) {
    await subject.stop();
    throw new UsageError(`${path} needs a subject ${need}`);
  }
  let smaller = "";
  const shrinking = async (alike: FailsAlike) => {
    if (!flag(options, "shrink")) return;
    const found = await shrunk(profile, { ...c, subject: subject.description }, alike);
    smaller =
      found === null ? "  nothing smaller fails\n" : told(found, storeBeside(path, found), context.paint);
  };
  return tellReplayed(await replayCounterexample(c, profile, subject, shrinking), c, context, smaller);
}
