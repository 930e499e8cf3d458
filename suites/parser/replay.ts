import { KernelParser } from "../../oracles/index.ts";
import type { Needs, Profile } from "../../spec/index.ts";
import type { Counterexample } from "../outcome.ts";
import { SKIPPED } from "../subjects/answers.ts";
import { type DetailedAnswer, isBreakdown, type ParserSubject, type Question } from "../subjects/subject.ts";
import { checkAnswer } from "./check.ts";
import { sameness } from "./ledger.ts";
import { sightText } from "./observe.ts";

/** What came of a stored failure when it was run again. */
export interface Replayed {
  /** `fixed`: the subject does what it has to; `failed`: it fails as it did; `different`: in another way. */
  readonly outcome: "fixed" | "failed" | "different";
  /** How it fails now; nothing where it is fixed. */
  readonly now: readonly string[];
}

const questionOf = (c: Counterexample): Question => ({
  message: new Uint8Array(Buffer.from(c.message, "hex")),
  ...(c.failAllocation === undefined ? {} : { failAllocation: c.failAllocation }),
  ...(c.scene === undefined ? {} : { scene: c.scene }),
  ...(c.resolve === undefined ? {} : { resolve: c.resolve.map(([o, w]) => [BigInt(o), BigInt(w)] as const) }),
});

/** What the subject would need to fail in that way; null: nothing that it does not have. */
export function lacking(
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

/** Starts the subject, asks the question of a stored failure once more, and stops it. Throws SubjectError. */
export async function replayCounterexample(
  c: Counterexample,
  profile: Profile,
  subject: ParserSubject,
): Promise<Replayed> {
  const question = questionOf(c);
  try {
    await subject.start();
    const answer = await subject.question(question);
    const { difference, seen } = checkAnswer(profile, new KernelParser(profile), question, answer);
    const telling = seen.filter((s) => c.kind === "finding" || s.rule === null);
    const found = await Promise.all(telling.map((s) => sightText(subject, s)));
    const left = isBreakdown(answer) ? [] : withheld(c, answer);
    const now = [...(difference === null ? [] : [difference.actual]), ...found, ...left];
    if (now.length === 0) return { outcome: "fixed", now };
    const same = now.some((actual) => sameness(actual) === sameness(c.actual));
    return { outcome: same ? "failed" : "different", now };
  } finally {
    await subject.stop();
  }
}
