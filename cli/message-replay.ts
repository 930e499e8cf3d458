import { KernelParser } from "../oracles/index.ts";
import type { Needs, Profile } from "../spec/index.ts";
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
import { shrunk, told } from "./message-shrinking.ts";
import { flag, type Parsed, profileOf } from "./options.ts";
import { storeBeside } from "./output.ts";
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

/** What goes wrong when the question is asked: the difference from the oracle, and what is seen of the subject's inside. */
async function wrongNow(
  profile: Profile,
  subject: ParserSubject,
  c: Counterexample,
  question: Question,
): Promise<string[]> {
  const answer = await subject.question(question);
  const { difference, seen } = checkAnswer(profile, new KernelParser(profile), question, answer);
  const telling = seen.filter((s) => c.kind === "finding" || s.rule === null);
  const found = await Promise.all(telling.map((s) => sightText(subject, s)));
  const left = isBreakdown(answer) ? [] : withheld(c, answer);
  return [...(difference === null ? [] : [difference.actual]), ...found, ...left];
}

const alikeIn = (now: readonly string[], c: Counterexample): string | undefined =>
  now.find((actual) => sameness(actual) === sameness(c.actual));

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
  try {
    const need = lacking(subject, c);
    if (need !== null) throw new UsageError(`${path} needs a subject ${need}`);
    await subject.start();
    const now = await wrongNow(profile, subject, c, questionOf(c));
    if (now.length === 0) {
      print(`${paint("green", "FIXED")} ${c.rule}\n`);
      return 0;
    }
    const same = alikeIn(now, c) !== undefined;
    const how = same ? "FAILED" : "DIFFERENT";
    print(`${paint("red", how)} ${c.rule}: ${now.join("; ")}\n`);
    if (!same) print(`  when it was stored: ${c.actual}\n`);
    else if (flag(options, "shrink")) {
      const own = { ...c, subject: subject.description };
      const smaller = await shrunk(profile, own, questionOf(c), async (q) => {
        // What broke down, or may have, is started again.
        await subject.restart();
        return alikeIn(await wrongNow(profile, subject, c, q), c);
      });
      print(
        smaller === null ? "  nothing smaller fails\n" : told(smaller, storeBeside(path, smaller), paint),
      );
    }
    return 1;
  } finally {
    await subject.stop();
  }
}
