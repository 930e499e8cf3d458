import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { applyPatch } from "diff";
import { type Profile, type RuleId, ruleNamed } from "../spec/index.ts";
import { SubjectError } from "./failure.ts";
import { findCompiler } from "./kernel-source/compiler.ts";
import type { ParserReport } from "./outcome.ts";
import { PACKAGE_ROOT } from "./package-root.ts";
import { Reporter } from "./parser/report.ts";
import { ParserRun, type RunOptions } from "./parser/run.ts";
import { FramesSubject } from "./subjects/frames.ts";

const run = promisify(execFile);

const DRIVER = join(PACKAGE_ROOT, "drivers/c");

/** One planted bug: the C driver's parser with one line changed. */
export interface Mutant {
  readonly name: string;
  readonly subject: string;
  /** The rule that the changed line serves. */
  readonly rule: RuleId;
  /** Why no message can tell it from the original; null: one can. */
  readonly equivalent: string | null;
  readonly patch: string;
}

/** What became of a mutant. */
export interface MutantResult {
  readonly mutant: Mutant;
  /** Messages until the first failure; null: it survived. */
  readonly messages: number | null;
  readonly seconds: number;
  /** The rules that its shrunk counterexamples break, and the longest of these in bytes. */
  readonly rules: readonly RuleId[];
  readonly longest: number;
}

/** The mutants beside the C driver, in the order of their names. Throws SubjectError for one whose header is odd. */
export async function readMutants(): Promise<Mutant[]> {
  const folder = join(DRIVER, "mutants");
  const names = (await readdir(folder)).filter((f) => f.endsWith(".patch")).sort();
  return Promise.all(
    names.map(async (file) => {
      const patch = await readFile(join(folder, file), "utf8");
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(patch)?.[1] ?? null;
      const rule = ruleNamed(field("Rule") ?? "");
      if (rule === undefined) throw new SubjectError(`${join(folder, file)}: its Rule: line names no rule`);
      return {
        name: file.replace(/\.patch$/, ""),
        subject: field("Subject") ?? "",
        rule: rule.id,
        equivalent: field("Equivalent"),
        patch,
      };
    }),
  );
}

/** Builds each mutant and runs the parser suite on it until it fails. */
export class Selftest {
  private readonly profile: Profile;
  private readonly options: Pick<RunOptions, "seed" | "signal">;
  private readonly folder: string;
  private readonly cc: readonly string[];
  private readonly original: string;

  private constructor(
    profile: Profile,
    options: Pick<RunOptions, "seed" | "signal">,
    folder: string,
    cc: readonly string[],
    original: string,
  ) {
    this.profile = profile;
    this.options = options;
    this.folder = folder;
    this.cc = cc;
    this.original = original;
  }

  static async prepare(profile: Profile, options: Pick<RunOptions, "seed" | "signal">): Promise<Selftest> {
    const { command } = await findCompiler();
    const folder = await mkdtemp(join(tmpdir(), "fmapspec-selftest-"));
    const original = await readFile(join(DRIVER, "fmap.h"), "utf8");
    return new Selftest(profile, options, folder, command, original);
  }

  async dispose(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  async try(mutant: Mutant): Promise<MutantResult> {
    const program = await this.build(mutant);
    const began = performance.now();
    const { messages } = await this.run(program, { failFast: true });
    const seconds = (performance.now() - began) / 1000;
    if (messages === null) return { mutant, messages, seconds, rules: [], longest: 0 };
    // Once more without stopping, to see everything that the fixed table finds.
    const { report } = await this.run(program, { failFast: false, runs: Math.max(TABLE, messages) });
    return {
      mutant,
      messages,
      seconds,
      rules: [...new Set(report.counterexamples.map((c) => c.rule))],
      longest: Math.max(...report.counterexamples.map((c) => c.message.length / 2)),
    };
  }

  /** Compiles the mutant; returns its program. */
  async build({ name, patch }: Mutant): Promise<string> {
    const mutated = applyPatch(this.original, patch);
    if (mutated === false) throw new SubjectError(`mutant ${name} does not apply to drivers/c/fmap.h`);
    const folder = join(this.folder, name);
    await writeFile(`${folder}.h`, mutated);
    // The mutant takes the header's place; the loop stays as it is.
    const loop = (await readFile(join(DRIVER, "frames.c"), "utf8")).replace('"fmap.h"', `"${name}.h"`);
    await writeFile(`${folder}.c`, loop);
    const [cc = "cc", ...flags] = this.cc;
    await run(cc, [...flags, "-std=gnu11", "-O1", "-w", "-o", folder, `${folder}.c`]).catch(
      (error: Error) => {
        throw new SubjectError(
          `mutant ${name} does not compile: ${error.message.split("\n")[1] ?? error.message}`,
        );
      },
    );
    return folder;
  }

  private async run(
    program: string,
    how: Pick<RunOptions, "failFast" | "runs">,
  ): Promise<{ messages: number | null; report: ParserReport }> {
    const subject = new FramesSubject(
      { kind: "driver", protocol: "frames", command: [program] },
      [program],
      5000,
    );
    const options = {
      profile: this.profile,
      level: "quick",
      progress: () => {},
      version: "",
      strict: false,
      repeats: false,
      filters: [],
      timeout: 5000,
      ...this.options,
      ...how,
    } as const;
    const parserRun = new ParserRun(subject, options);
    const implementation = await subject.start();
    try {
      await parserRun.go();
      const messages = parserRun.ledger.firstFailure;
      return { messages, report: await new Reporter(parserRun, subject, options).report(implementation, 0) };
    } finally {
      await subject.stop();
    }
  }
}

/** About as many messages as the fixed table has. */
const TABLE = 21_000;
