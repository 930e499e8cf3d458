import type { Answer } from "../../oracles/index.ts";
import { hexOf, type Profile } from "../../spec/index.ts";
import type { LiveQuestion } from "../../subjects/live-kernel/question.ts";
import type { Counterexample } from "../run/outcome.ts";
import { ordinary } from "./detection.ts";

const answerText = (a: Answer): string => ("errno" in a ? a.errno : hexOf(a.payload));

/** A question as JSON. */
export const questionText = ({ plan, daxdev, opens }: LiveQuestion) => ({
  answers: plan.map(answerText),
  daxdev: answerText(daxdev),
  opens,
});

/** The circumstances of a question, for its counterexample. */
export function circumstances(
  profile: Profile,
  message: Uint8Array,
  question: LiveQuestion = ordinary(profile, message),
): Pick<Counterexample, "answers" | "daxdev" | "opens"> {
  const usual = ordinary(profile, message);
  const answers = question.plan.map(answerText);
  const daxdev = answerText(question.daxdev);
  return {
    ...(String(answers) === String(usual.plan.map(answerText)) ? {} : { answers }),
    ...(daxdev === answerText(usual.daxdev) ? {} : { daxdev }),
    ...(question.opens === 1 ? {} : { opens: question.opens }),
  };
}

const answerOf = (text: string): Answer =>
  /^E[A-Z]/.test(text)
    ? { errno: text as Extract<Answer, { errno: unknown }>["errno"] }
    : { payload: new Uint8Array(Buffer.from(text, "hex")) };

/** The question of a stored counterexample. */
export function questionOf(profile: Profile, c: Counterexample): LiveQuestion {
  const usual = ordinary(profile, new Uint8Array(Buffer.from(c.message, "hex")));
  return {
    plan: c.answers === undefined ? usual.plan : (c.answers.map(answerOf) as unknown as LiveQuestion["plan"]),
    daxdev: c.daxdev === undefined ? usual.daxdev : answerOf(c.daxdev),
    opens: c.opens ?? 1,
  };
}
