import { KernelParser } from "../../../oracles/index.ts";
import type { Profile } from "../../../spec/index.ts";
import { isBreakdown } from "../../../subjects/driver/breakdown.ts";
import type { ParserSubject, Question } from "../../../subjects/driver/subject.ts";
import { sightText } from "../../parser/asking/observe.ts";
import { checkAnswer } from "../../parser/check.ts";
import type { Divergence } from "./outcome.ts";

/**
 * Runs the witness of each finding of the profile on kernel source, and adds the source's behaviour to its steps: whether it
 * is the same, and the reports of the sanitizers. Returns the findings, and how many of them the source contradicts.
 */
export async function confirm(
  divergences: readonly Divergence[],
  profile: Profile,
  subject: ParserSubject,
): Promise<{ readonly divergences: readonly Divergence[]; readonly contradicted: number }> {
  const oracle = new KernelParser(profile);
  const done: Divergence[] = [];
  let contradicted = 0;
  for (const d of divergences) {
    if (d.witness.profile !== profile.name) {
      done.push(d);
      continue;
    }
    const question = questionOf(d);
    const why =
      question === null
        ? "it is not the parser's doing"
        : question.scene === "evict"
          ? subject.exempt.get("install/meta-free")
          : undefined;
    if (question === null || why !== undefined) {
      done.push(withStep(d, `source: not tried, ${why}`));
      continue;
    }
    const answer = await subject.question(question);
    if (isBreakdown(answer)) await subject.restart();
    const { difference, anomalies } = checkAnswer(profile, oracle, question, answer);
    const sights = await Promise.all(anomalies.map((s) => sightText(subject, s)));
    if (difference !== null || anomalies.some((s) => s.rule === null)) contradicted++;
    const result = difference === null ? "does the same" : `differs: ${difference.actual}`;
    done.push(withStep(d, `source: ${[result, ...sights].join("; ")}`));
  }
  return { divergences: done, contradicted };
}

const withStep = (d: Divergence, step: string): Divergence => ({ ...d, steps: [...d.steps, step] });

/** The question for the source; null: the finding needs more than the parser and the installation. */
function questionOf({ witness }: Divergence): Question | null {
  const message = new Uint8Array(Buffer.from(witness.message, "hex"));
  if (witness.when === undefined) return { message };
  return witness.scene === undefined
    ? null
    : { message, scene: witness.scene as NonNullable<Question["scene"]> };
}
