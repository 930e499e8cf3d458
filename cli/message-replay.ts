import { type Counterexample, UsageError } from "../suites/index.ts";
import { SCENES, type Scene } from "../suites/kernel-source/observation.ts";
import { type FailsAlike, lacking, replayCounterexample } from "../suites/parser/replay.ts";
import { misfit } from "../suites/schema-check.ts";
import { subjectFor } from "../suites/subjects/described.ts";
import type { SubjectDescription } from "../suites/subjects/subject.ts";
import type { Context } from "./context.ts";
import { shrunk, told } from "./message-shrinking.ts";
import { flag, type Parsed, profileOf } from "./options.ts";
import { storeBeside } from "./output.ts";
import { SUBJECT_OPTIONS, subjectOf, timeoutOf } from "./subject.ts";

function counterexampleIn(path: string, json: unknown): Counterexample {
  const wrong = misfit("counterexample", json);
  if (wrong !== null) throw new UsageError(`${path} is no counterexample file: ${wrong}`);
  const c = json as Counterexample;
  if (c.scene !== undefined && (!Object.hasOwn(SCENES, c.scene) || (c.scene as Scene) === "sites"))
    throw new UsageError(`${path} is no counterexample file: /scene: there is no scene '${c.scene}'`);
  return c;
}

/** Asks the question of a counterexample once more, and looks for a smaller one if that is asked for. */
export async function replayMessage(
  path: string,
  json: unknown,
  options: Parsed,
  { print, paint }: Context,
): Promise<number> {
  const c = counterexampleIn(path, json);
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
  let smaller = "";
  const shrinking = async (alike: FailsAlike) => {
    if (!flag(options, "shrink")) return;
    const found = await shrunk(profile, { ...c, subject: subject.description }, alike);
    smaller = found === null ? "  nothing smaller fails\n" : told(found, storeBeside(path, found), paint);
  };
  const { outcome, now } = await replayCounterexample(c, profile, subject, shrinking);
  const word = outcome.toUpperCase();
  if (outcome === "fixed") {
    print(`${paint("green", word)} ${c.rule}\n`);
    return 0;
  }
  print(`${paint("red", word)} ${c.rule}: ${now.join("; ")}\n${smaller}`);
  if (outcome === "different") print(`  when it was stored: ${c.actual}\n`);
  return 1;
}
