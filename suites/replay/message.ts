import { UsageError } from "../../base/errors.ts";
import { VERSION } from "../../base/package-root.ts";
import { versionsWith } from "../../base/versions.ts";
import { build } from "../../generators/index.ts";
import { KernelParser, parseFmap } from "../../oracles/index.ts";
import { decodeMessage, hexOf, type Needs, type Profile } from "../../spec/index.ts";
import { SKIPPED } from "../../subjects/driver/answers.ts";
import { isBreakdown } from "../../subjects/driver/breakdown.ts";
import type { DetailedAnswer, ParserSubject, Question } from "../../subjects/driver/subject.ts";
import { sightText } from "../parser/asking/observe.ts";
import { checkAnswer } from "../parser/check.ts";
import { sameness } from "../parser/failures/ledger.ts";
import { Likeness, withMessage } from "../parser/failures/likeness.ts";
import { shrink } from "../parser/failures/shrink.ts";
import { shrinkBytes } from "../parser/failures/shrink-bytes.ts";
import { questionFromJson } from "../parser/stored.ts";
import type { Counterexample } from "../run/outcome.ts";
import { verdictToJson } from "../run/verdict-json.ts";
import { FIXED, type Replayed } from "./replayed.ts";

/** Whether something that goes wrong is what went wrong when the failure was stored. */
const like = (c: Counterexample) => (actual: string) => sameness(actual) === sameness(c.actual);

/** What a stored failure has become, by all that goes wrong now. */
export function replayedAs(c: Counterexample, now: readonly string[]): Replayed {
  if (now.length === 0) return FIXED;
  return { outcome: now.some(like(c)) ? "failed" : "different", now };
}

/** What the subject would need to fail in that way; null: nothing that it does not have. */
function lacking(
  { abilities }: ParserSubject,
  { kind, scene, failAllocation, answers }: Counterexample,
): string | null {
  const needs: [boolean, Needs, string][] = [
    [failAllocation !== undefined, "allocation", "whose allocations can fail: kernel source"],
    [scene !== undefined && scene !== "plain", "install", "with an inode: kernel source"],
    [kind === "finding", "observation", "that can be watched: kernel source"],
    [kind === "resolution", "resolution", "that resolves offsets"],
    [kind === "exchange" || answers !== undefined, "exchange", "that opens files: a live kernel"],
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
  c: Counterexample,
  profile: Profile,
  subject: ParserSubject,
  question: Question,
): Promise<string[]> {
  const answer = await subject.question(question);
  const { difference, anomalies } = checkAnswer(profile, new KernelParser(profile), question, answer);
  const telling = anomalies.filter((s) => c.kind === "finding" || s.rule === null);
  const found = await Promise.all(telling.map((s) => sightText(subject, s)));
  const left = isBreakdown(answer) ? [] : withheld(c, answer);
  return [...(difference === null ? [] : [difference.actual]), ...found, ...left];
}

/**
 * Starts the subject, asks the question of a stored failure once more, looks for a smaller one if it fails as it did and that is
 * asked for, and stops the subject. Throws UsageError for a subject that cannot show the failure, and SubjectError.
 */
export async function replayMessage(
  c: Counterexample,
  profile: Profile,
  subject: ParserSubject,
  toShrink: boolean,
): Promise<Replayed> {
  try {
    const need = lacking(subject, c);
    if (need !== null) throw new UsageError(`the failure needs a subject ${need}`);
    await subject.start();
    const replayed = replayedAs(c, await wrongNow(c, profile, subject, questionFromJson(c)));
    if (replayed.outcome !== "failed" || !toShrink) return replayed;
    const alike = async (q: Question) => {
      // What broke down, or may have, is started again.
      await subject.restart();
      return (await wrongNow(c, profile, subject, q)).find(like(c));
    };
    return { ...replayed, smaller: await shrunk(profile, { ...c, subject: subject.description }, alike) };
  } finally {
    await subject.stop();
  }
}

/**
 * The failure with a simpler message, from its recipe or, without one, from its bytes; null: none fails in that way.
 * `alike` asks a question and says how it fails, if it does in the same way.
 */
async function shrunk(
  profile: Profile,
  c: Counterexample,
  alike: (q: Question) => Promise<string | undefined>,
): Promise<Counterexample | null> {
  const question = questionFromJson(c);
  const likeness = new Likeness(profile, question);
  let { actual } = c;
  const shows = async (message: Uint8Array) => {
    const q = withMessage(profile, question, message);
    if (c.kind !== "finding" && !likeness.fits(q)) return false;
    const same = await alike(q);
    if (same === undefined) return false;
    likeness.settle(q);
    actual = same;
    return true;
  };
  const { recipe, repeats: _, ...rest } = c;
  const simplest = recipe === undefined ? null : await shrink(profile, recipe, shows);
  const message =
    simplest === null ? await shrinkBytes(question.message, shows) : build(simplest, profile).bytes;
  if (Buffer.compare(message, question.message) === 0) return null;
  const { resolve } = withMessage(profile, question, message);
  return {
    ...rest,
    message: hexOf(message),
    decoded: decodeMessage(message, profile.fmapSizeField),
    ...(resolve === undefined ? {} : { resolve: resolve.map(([o, w]) => [`${o}`, `${w}`] as const) }),
    expected: verdictToJson(
      parseFmap(profile, message, c.failAllocation === undefined ? {} : { failAllocation: c.failAllocation }),
    ),
    actual,
    ...(simplest === null ? {} : { recipe: simplest }),
    versions: versionsWith(VERSION),
  };
}
