import { KernelParser } from "../../oracles/index.ts";
import type { Needs, Profile } from "../../spec/index.ts";
import { SKIPPED } from "../../subjects/driver/answers.ts";
import { isBreakdown } from "../../subjects/driver/breakdown.ts";
import type { DetailedAnswer, ParserSubject, Question } from "../../subjects/driver/subject.ts";
import type { Counterexample } from "../run/outcome.ts";
import { sightText } from "./asking/observe.ts";
import { checkAnswer } from "./check.ts";
import { sameness } from "./failures/ledger.ts";
import { questionFromJson } from "./stored.ts";

/** What came of a stored failure when it was run again. */
export interface Replayed {
  /** `fixed`: the subject does what it has to; `failed`: it fails as it did; `different`: in another way. */
  readonly outcome: "fixed" | "failed" | "different";
  /** How it fails now; nothing where it is fixed. */
  readonly now: readonly string[];
}

/** Whether something that goes wrong is what went wrong when the failure was stored. */
const like = (c: Counterexample) => (actual: string) => sameness(actual) === sameness(c.actual);

/** What a stored failure has become, by all that goes wrong now. */
export function replayedAs(c: Counterexample, now: readonly string[]): Replayed {
  if (now.length === 0) return { outcome: "fixed", now };
  return { outcome: now.some(like(c)) ? "failed" : "different", now };
}

/** What the subject would need to fail in that way; null: nothing that it does not have. */
export function lacking(
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

/** Asks another question; how it fails, if that is in the same way. */
export type FailsAlike = (q: Question) => Promise<string | undefined>;

/**
 * Starts the subject, asks the question of a stored failure once more, and stops it. `onFailed` has the subject meanwhile if
 * it fails as it did. Throws SubjectError.
 */
export async function replayCounterexample(
  c: Counterexample,
  profile: Profile,
  subject: ParserSubject,
  onFailed: (alike: FailsAlike) => Promise<void> = async () => {},
): Promise<Replayed> {
  try {
    await subject.start();
    const replayed = replayedAs(c, await wrongNow(c, profile, subject, questionFromJson(c)));
    if (replayed.outcome === "failed")
      await onFailed(async (q) => {
        // What broke down, or may have, is started again.
        await subject.restart();
        return (await wrongNow(c, profile, subject, q)).find(like(c));
      });
    return replayed;
  } finally {
    await subject.stop();
  }
}
