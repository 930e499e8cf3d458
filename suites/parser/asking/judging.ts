import { blame, KernelParser } from "../../../oracles/index.ts";
import type { Profile, RuleId } from "../../../spec/index.ts";
import { type Answers, SKIPPED } from "../../../subjects/driver/answers.ts";
import type { Breakdown } from "../../../subjects/driver/breakdown.ts";
import type { DetailedAnswer } from "../../../subjects/driver/subject.ts";
import { OOPS } from "../../../subjects/kernel-source/observation.ts";
import { NO_RETURN } from "../check.ts";
import { agrees, difference } from "../failures/compare.ts";
import type { Failure, Ledger } from "../failures/ledger.ts";
import { type Anomaly, anomaliesIn, type Counters, countersAt, isQuiet } from "./observe.ts";
import type { Portion } from "./portion.ts";

/** What a subject says of a message, whichever way it was asked. */
interface CompactAnswer {
  readonly rc: number;
  readonly map: Uint8Array | null;
  readonly counters: Counters | null;
}

/** What an answer shows; `failure` null: it is right. */
export interface Judgement {
  readonly failure: Failure | null;
  readonly anomalies: readonly Anomaly[];
}

const NOTHING: Judgement = { failure: null, anomalies: [] };

/** The i-th answer to a batch, about a message of `size` bytes. */
export function answerInBatch(answers: Answers, i: number, size: number): CompactAnswer {
  const observed = answers.observationStarts[i] as number;
  const quiet = observed < 0 || isQuiet(answers.view, observed, size);
  return {
    rc: answers.rc[i] as number,
    map: (answers.mapLengths[i] as number) > 0 ? answers.map(i) : null,
    counters: quiet ? null : countersAt(answers.bytes, observed),
  };
}

export const answerAlone = ({ rc, map, observation }: DetailedAnswer): CompactAnswer => ({
  rc,
  map,
  counters: observation,
});

/** Holds answers to a run's messages against the oracle: the same in a batch and alone, or a shard would see other things. */
export class Judging {
  readonly oracle: KernelParser;

  constructor(profile: Profile) {
    this.oracle = new KernelParser(profile);
  }

  /** The rule that a difference on the message would be blamed on. */
  decides(portion: Portion, i: number): RuleId {
    this.judge(portion, i);
    return blame(this.oracle, portion.batch.message(i));
  }

  /** Counts the answer to a message in the ledger; what it shows is for the caller to keep. */
  take(ledger: Ledger, portion: Portion, i: number, { rc, map, counters }: CompactAnswer): Judgement {
    const { oracle } = this;
    const { batch } = portion;
    ledger.boundary(portion.recipe(i));
    if (rc === SKIPPED) {
      ledger.skip();
      return NOTHING;
    }
    this.judge(portion, i);
    ledger.judged(oracle, () => batch.message(i), portion.circumstances(i));
    if (rc === 0 && map === null) ledger.untold++;
    const anomalies =
      counters === null ? NOTHING.anomalies : anomaliesIn(oracle, batch.lengths[i] as number, counters);
    if (agrees(oracle, rc, map)) return anomalies.length === 0 ? NOTHING : { failure: null, anomalies };
    const kind = rc === OOPS ? "crash" : rc === oracle.rc ? "map" : "verdict";
    const actual = rc === OOPS ? NO_RETURN : difference(oracle, rc, map);
    return { failure: this.failure(portion, i, { kind, actual }), anomalies };
  }

  /** Counts a message that broke the subject down. */
  broken(ledger: Ledger, portion: Portion, i: number, { kind, detail }: Breakdown): Failure {
    ledger.boundary(portion.recipe(i));
    this.judge(portion, i);
    ledger.judged(this.oracle, () => portion.batch.message(i), portion.circumstances(i));
    return this.failure(portion, i, { kind, actual: detail });
  }

  /** A failure on a message that was judged last. */
  private failure(portion: Portion, i: number, how: Pick<Failure, "kind" | "actual">): Failure {
    const question = portion.question(i);
    return {
      ...how,
      rule: blame(this.oracle, question.message),
      question,
      recipe: [...portion.recipe(i)],
    };
  }

  private judge({ batch }: Portion, i: number): void {
    const start = batch.starts[i] as number;
    this.oracle.parse(batch.view, start, start + (batch.lengths[i] as number));
  }
}
