import type { Batch } from "../../generators/index.ts";
import type { Needs, Profile, RuleId } from "../../spec/index.ts";
import type { Answers } from "../driver/answers.ts";
import type { Breakdown } from "../driver/breakdown.ts";
import type { DetailedAnswer, Question } from "../driver/subject.ts";
import { type BuiltParser, buildKernelSource } from "./build.ts";
import { CoveredProgram } from "./coverage/covered-program.ts";
import type { SourceCoverage } from "./coverage/reached.ts";
import { abilitiesOf, exemptions, HarnessSubject } from "./harness-program.ts";

/** A kernel's own parser, compiled under sanitizers. */
export class KernelSourceSubject extends HarnessSubject {
  override readonly abilities: ReadonlySet<Needs>;
  override readonly exempt: ReadonlyMap<RuleId, string>;
  override readonly notes: readonly string[];
  /** How much new code the i-th message of the last batch reached. */
  readonly reached?: (i: number) => number;
  readonly coverage?: () => Promise<SourceCoverage>;
  private readonly built: BuiltParser;
  private covered: CoveredProgram | null = null;

  private constructor(built: BuiltParser, path: string, cc: string | undefined, timeout: number) {
    super({ kind: "kernel-source", path, ...(cc === undefined ? {} : { cc }) }, [built.executable], timeout);
    if (built.covered !== null) {
      const covered = new CoveredProgram(this.description, built, built.covered, timeout);
      this.covered = covered;
      this.reached = (i) => covered.reached(i);
      this.coverage = async () => {
        // Later questions shrink failures, and do not count for the run's coverage.
        this.covered = null;
        try {
          return await covered.coverage();
        } finally {
          await covered.stop();
        }
      };
    }
    this.built = built;
    this.notes = built.notes;
    this.exempt = exemptions(built);
    this.abilities = abilitiesOf(built);
  }

  /** Compiles the source; throws UsageError or SubjectError if it cannot. */
  static async build(
    path: string,
    profile: Profile,
    cc: string | undefined,
    timeout: number,
    covered = false,
  ): Promise<KernelSourceSubject> {
    return new KernelSourceSubject(
      await buildKernelSource(path, profile, { cc, covered }),
      path,
      cc,
      timeout,
    );
  }

  override async start(): Promise<string> {
    await super.start();
    await this.covered?.start();
    return `${this.built.origin}, compiled with ${this.built.compiler}`;
  }

  override async ask(batch: Batch, answers: Answers): Promise<void> {
    await Promise.all([super.ask(batch, answers), this.covered?.follow(batch)]);
  }

  override async question(q: Question): Promise<DetailedAnswer | Breakdown> {
    const [answer] = await Promise.all([super.question(q), this.covered?.followAlone(q)]);
    return answer;
  }

  override async stop(): Promise<void> {
    await super.stop();
    await this.covered?.stop();
    await this.built.dispose();
  }
}
