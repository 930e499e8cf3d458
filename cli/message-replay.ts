import { KernelParser } from "../oracles/index.ts";
import type { Needs } from "../spec/index.ts";
import { type Counterexample, UsageError } from "../suites/index.ts";
import { SCENES, type Scene } from "../suites/kernel-source/observation.ts";
import { checkAnswer } from "../suites/parser/check.ts";
import { sameness } from "../suites/parser/ledger.ts";
import { sightText } from "../suites/parser/observe.ts";
import { misfit } from "../suites/schema-check.ts";
import { SKIPPED } from "../suites/subjects/answers.ts";
import {
  type DetailedAnswer,
  isBreakdown,
  type ParserSubject,
  type Question,
  type SubjectDescription,
} from "../suites/subjects/subject.ts";
import type { Context } from "./context.ts";
import { type Parsed, profileOf } from "./options.ts";
import { SUBJECT_OPTIONS, subjectFor, subjectOf, timeoutOf } from "./subject.ts";

function counterexampleIn(path: string, json: unknown): Counterexample {
  const wrong = misfit("counterexample", json);
  if (wrong !== null) throw new UsageError(`${path} is no counterexample file: ${wrong}`);
  const c = json as Counterexample;
  if (c.scene !== undefined && (!Object.hasOwn(SCENES, c.scene) || (c.scene as Scene) === "sites"))
    throw new UsageError(`${path} is no counterexample file: /scene: there is no scene '${c.scene}'`);
  return c;
}

const questionOf = (c: Counterexample): Question => ({
  message: new Uint8Array(Buffer.from(c.message, "hex")),
  ...(c.failAllocation === undefined ? {} : { failAllocation: c.failAllocation }),
  ...(c.scene === undefined ? {} : { scene: c.scene }),
  ...(c.resolve === undefined ? {} : { resolve: c.resolve.map(([o, w]) => [BigInt(o), BigInt(w)] as const) }),
});

/** What the subject would need to fail in that way; null: nothing that it does not have. */
function lacking(
  { abilities }: ParserSubject,
  { kind, scene, failAllocation }: Counterexample,
): string | null {
  const needs: [boolean, Needs, string][] = [
    [failAllocation !== undefined, "allocation", "whose allocations can fail: kernel source"],
    [scene !== undefined && scene !== "plain", "install", "with an inode: kernel source"],
    [kind === "finding", "observation", "that can be watched: kernel source"],
    [kind === "resolution", "resolution", "that resolves offsets"],
  ];
  return needs.find(([needed, ability]) => needed && !abilities.has(ability))?.[2] ?? null;
}

/** What the answer leaves out of that which failed when the file was stored. */
function withheld(c: Counterexample, { rc, map, resolved }: DetailedAnswer): string[] {
  if (rc === SKIPPED) return ["the message was skipped"];
  if (rc !== 0) return [];
  if (c.kind === "map" && map === null) return ["accepted, without telling the map"];
  return c.kind === "resolution" && resolved === null ? ["accepted, without resolving anything"] : [];
}

/** Asks the question of a counterexample once more. */
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
  const question = questionOf(c);
  try {
    const need = lacking(subject, c);
    if (need !== null) throw new UsageError(`${path} needs a subject ${need}`);
    await subject.start();
    const answer = await subject.question(question);
    const { difference, seen } = checkAnswer(profile, new KernelParser(profile), question, answer);
    const telling = seen.filter((s) => c.kind === "finding" || s.rule === null);
    const found = await Promise.all(telling.map((s) => sightText(subject, s)));
    const left = isBreakdown(answer) ? [] : withheld(c, answer);
    const now = [...(difference === null ? [] : [difference.actual]), ...found, ...left];
    if (now.length === 0) {
      print(`${paint("green", "FIXED")} ${c.rule}\n`);
      return 0;
    }
    const same = now.some((actual) => sameness(actual) === sameness(c.actual));
    const how = same ? "FAILED" : "DIFFERENT";
    print(`${paint("red", how)} ${c.rule}: ${now.join("; ")}\n`);
    if (!same) print(`  when it was stored: ${c.actual}\n`);
    return 1;
  } finally {
    await subject.stop();
  }
}
