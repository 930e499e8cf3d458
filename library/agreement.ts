import { KernelParser } from "../oracles/index.ts";
import { SKIPPED } from "../subjects/driver/answers.ts";
import { isBreakdown } from "../subjects/driver/breakdown.ts";
import { type ParserAnswer, readAnswer } from "../subjects/driver/function.ts";
import { checkAnswer } from "../suites/parser/check.ts";
import type { Judged } from "./oracles.ts";

/**
 * How a parser's answer differs from what the kernel does with the message, in a sentence that names the rule; null: it does
 * not. Only what the answer tells is compared; where no source settles the verdict, either answer is right.
 */
export function disagreement(judged: Judged, answer: ParserAnswer): string | null {
  const { profile, message } = judged;
  const read = readAnswer(answer, undefined);
  if (!isBreakdown(read) && read.rc === SKIPPED) return null;
  const { difference } = checkAnswer(profile, new KernelParser(profile), { message }, read);
  if (difference === null) return null;
  const expected =
    judged.verdict === "reject"
      ? `${judged.errno} for byte ${judged.offset}`
      : judged.verdict === "accept"
        ? "accept"
        : "accept or EINVAL";
  return `${difference.rule}: ${profile.name} says ${expected}, the parser ${difference.actual}`;
}

/** Whether a parser's answer is what the kernel does with the message; {@link disagreement} says how it differs. */
export const agrees = (judged: Judged, answer: ParserAnswer): boolean =>
  disagreement(judged, answer) === null;
