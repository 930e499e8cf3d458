import { oddities, parseFmap, resolve } from "../../../oracles/index.ts";
import type { Profile, RuleId } from "../../../spec/index.ts";
import type { Question } from "../../../subjects/driver/subject.ts";

/** The ways in which an accepted message is odd; none of a refused one. */
export function odditiesOf(profile: Profile, message: Uint8Array): readonly RuleId[] {
  const verdict = parseFmap(profile, message);
  return verdict.verdict === "accept" ? oddities(profile, message, verdict.map) : [];
}

/** The question with another message: without the resolutions that would be undefined on it. */
export function withMessage(profile: Profile, question: Question, message: Uint8Array): Question {
  if (question.resolve === undefined) return { ...question, message };
  const verdict = parseFmap(profile, message);
  const pairs = question.resolve.filter(
    ([o, w]) => verdict.verdict === "accept" && resolve(profile, verdict.map, o, w).kind !== "unspecified",
  );
  return { ...question, message, resolve: pairs };
}

/** Which messages can stand for the one of a failure: those that the oracle judges as it does that one. */
export class Likeness {
  private readonly profile: Profile;
  private readonly verdict: string;
  private unusual: readonly RuleId[];

  constructor(profile: Profile, question: Question) {
    this.profile = profile;
    this.verdict = this.judged(question);
    this.unusual = odditiesOf(profile, question.message);
  }

  /** A message that is odd in one more way is not simpler, though it may be shorter. */
  fits(q: Question): boolean {
    return (
      this.judged(q) === this.verdict &&
      odditiesOf(this.profile, q.message).every((rule) => this.unusual.includes(rule))
    );
  }

  /** From now on the message of this question, which fits, is the one that is stood for. */
  settle(q: Question): void {
    this.unusual = odditiesOf(this.profile, q.message);
  }

  private judged({ message, failAllocation }: Question): string {
    const v = parseFmap(this.profile, message, failAllocation === undefined ? {} : { failAllocation });
    return v.verdict === "reject" ? v.errno : v.verdict;
  }
}
