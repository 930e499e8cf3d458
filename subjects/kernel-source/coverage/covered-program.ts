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

/** Behind each observation: how much the message reached that none before it had. */
const REACHED = 4;

/**
 * The same parser without sanitizers, asked the same beside the one that is judged. What it answers is nobody's business; what
 * it reaches is. Where it breaks down, so does the other one, by what it is judged for.
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

  /** Has a batch looked at; how far, `reached` says. */
  async follow(batch: Batch): Promise<void> {
    if (this.answers.rc.length < batch.capacity) this.answers = new Answers(batch.capacity);
    await this.ask(batch, this.answers);
    if (this.answers.breakdown !== null) await this.restart();
  }

  /** Has a question looked at. */
  async followAlone(q: Question): Promise<void> {
    if (isBreakdown(await this.question(q))) await this.restart();
  }

  /** How much the i-th message of the last batch reached that none before had. */
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
