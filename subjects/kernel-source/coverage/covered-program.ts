import { SubjectError } from "../../../base/errors.ts";
import type { Batch } from "../../../generators/index.ts";
import { Answers } from "../../driver/answers.ts";
import { isBreakdown } from "../../driver/breakdown.ts";
import type { DetailedAnswer, Question, SubjectDescription } from "../../driver/subject.ts";
import type { BuiltParser } from "../build.ts";
import { abilitiesOf, HarnessSubject } from "../harness-program.ts";
import { observation, SCENES } from "../observation.ts";
import type { CoveredBuild } from "./covered.ts";
import type { SourceCoverage } from "./reached.ts";

/** Bytes behind each observation: how much new code the message reached. */
const REACHED = 4;

/**
 * The same parser without sanitizers, which gets the same messages as the tested one. Its answers are ignored, its coverage
 * is reported. If it breaks down, the tested one breaks down on the same message, and is judged for it.
 */
export class CoveredProgram extends HarnessSubject {
  override readonly abilities;
  protected override readonly trailer = observation.size + REACHED;
  private readonly build: CoveredBuild;
  private answers = new Answers(1);

  constructor(description: SubjectDescription, built: BuiltParser, covered: CoveredBuild, timeout: number) {
    super(description, [covered.executable], timeout);
    this.abilities = abilitiesOf(built);
    this.build = covered;
  }

  /** Runs a batch; `reached` then gives the result. */
  async follow(batch: Batch): Promise<void> {
    if (this.answers.rc.length < batch.capacity) this.answers = new Answers(batch.capacity);
    await this.ask(batch, this.answers);
    if (this.answers.breakdown !== null) await this.restart();
  }

  /** Runs a question. */
  async followAlone(q: Question): Promise<void> {
    if (isBreakdown(await this.question(q))) await this.restart();
  }

  /** How much new code the i-th message of the last batch reached. */
  reached(i: number): number {
    const { answers } = this;
    if (i >= answers.count) return 0;
    const at = (answers.observationStarts[i] as number) + observation.size;
    return new DataView(answers.bytes.buffer, answers.bytes.byteOffset + at, REACHED).getUint32(0, true);
  }

  /** Ends the program and reads its counts. */
  async coverage(): Promise<SourceCoverage> {
    if ((await this.text(SCENES.coverage)) !== "written")
      throw new SubjectError("the program that tells what was reached broke down before it did");
    await this.stop();
    return this.build.coverage();
  }

  protected override decode(reply: Uint8Array, q: Question): DetailedAnswer {
    return super.decode(reply.subarray(0, -REACHED), q);
  }
}
