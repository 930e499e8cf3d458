import type { Needs, Profile, RuleId } from "../../spec/index.ts";
import { type BuiltParser, buildKernelSource } from "../kernel-source/build.ts";
import { abilitiesOf, exemptions, HarnessSubject } from "./harness.ts";

/** A kernel's own parser, compiled under sanitizers. */
export class KernelSourceSubject extends HarnessSubject {
  override readonly abilities: ReadonlySet<Needs>;
  override readonly exempt: ReadonlyMap<RuleId, string>;
  override readonly notes: readonly string[];
  private readonly built: BuiltParser;

  private constructor(built: BuiltParser, path: string, cc: string | undefined, timeout: number) {
    super({ kind: "kernel-source", path, ...(cc === undefined ? {} : { cc }) }, [built.executable], timeout);
    this.built = built;
    this.notes = built.notes;
    this.exempt = exemptions(built);
    this.abilities = abilitiesOf(built);
  }

  /** Compiles the source; throws UsageError or SubjectError where that cannot be done. */
  static async build(
    path: string,
    profile: Profile,
    cc: string | undefined,
    timeout: number,
  ): Promise<KernelSourceSubject> {
    return new KernelSourceSubject(await buildKernelSource(path, profile, { cc }), path, cc, timeout);
  }

  override async start(): Promise<string> {
    await super.start();
    return `${this.built.origin}, compiled with ${this.built.compiler}`;
  }

  override async stop(): Promise<void> {
    await super.stop();
    await this.built.dispose();
  }
}
