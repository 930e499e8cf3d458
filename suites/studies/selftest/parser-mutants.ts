import { execFile } from "node:child_process";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { applyPatch } from "diff";
import { SubjectError } from "../../../base/errors.ts";
import { PACKAGE_ROOT } from "../../../base/package-root.ts";
import { type Profile, ruleNamed } from "../../../spec/index.ts";
import { FramesSubject } from "../../../subjects/driver/frames.ts";
import { findCompiler } from "../../../subjects/kernel-source/compiler.ts";
import { temporaryFolder } from "../../../subjects/process/reaper.ts";
import { killOf, type RunFacts } from "./kill.ts";
import type { Mutant, Trial } from "./outcome.ts";
import { SmallWorldAnswers } from "./small-world-answers.ts";

const run = promisify(execFile);

const DRIVER = join(PACKAGE_ROOT, "drivers/c");

/** One planted bug: the C driver's parser with one line changed. */
export interface ParserMutant extends Mutant {
  readonly patch: string;
}

/** The mutants beside the C driver, in the order of their names. Throws SubjectError for a malformed header. */
export async function readMutants(): Promise<ParserMutant[]> {
  const folder = join(DRIVER, "mutants");
  const names = (await readdir(folder)).filter((f) => f.endsWith(".patch")).sort();
  return Promise.all(
    names.map(async (file) => {
      const patch = await readFile(join(folder, file), "utf8");
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(patch)?.[1] ?? null;
      const rule = ruleNamed(field("Rule") ?? "");
      if (rule === undefined) throw new SubjectError(`${join(folder, file)}: its Rule: line names no rule`);
      return {
        kind: "parser",
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
export class ParserMutants {
  private readonly profile: Profile;
  private readonly facts: RunFacts;
  private readonly folder: string;
  private readonly cc: readonly string[];
  private readonly original: string;
  private readonly loop: string;
  private worlds: Promise<SmallWorldAnswers> | null = null;

  private constructor(
    profile: Profile,
    facts: RunFacts,
    folder: string,
    cc: readonly string[],
    { original, loop }: { readonly original: string; readonly loop: string },
  ) {
    this.profile = profile;
    this.facts = facts;
    this.folder = folder;
    this.cc = cc;
    this.original = original;
    this.loop = loop;
  }

  /** Throws SubjectError if there is no compiler. */
  static async prepare(profile: Profile, facts: RunFacts): Promise<ParserMutants> {
    const { command } = await findCompiler();
    const folder = temporaryFolder();
    const original = await readFile(join(DRIVER, "fmap.h"), "utf8");
    const loop = await readFile(join(DRIVER, "frames.c"), "utf8");
    return new ParserMutants(profile, facts, folder, command, { original, loop });
  }

  async dispose(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  async try(mutant: ParserMutant): Promise<Trial> {
    const began = performance.now();
    const program = await this.build(mutant);
    const description = { kind: "driver", protocol: "frames", command: [program] } as const;
    const trial = await killOf(
      () => new FramesSubject(description, [program], 5000),
      this.profile,
      this.facts,
      began,
    );
    if (mutant.equivalent === null || trial.messages !== null) return trial;
    return { ...trial, ...(await this.provenBy(program)) };
  }

  /** Asks a mutant declared equivalent all messages of the small worlds. */
  private async provenBy(program: string): Promise<Pick<Trial, "worlds" | "contradiction">> {
    this.worlds ??= this.compile("original", this.original).then((original) =>
      SmallWorldAnswers.of(original, this.profile),
    );
    const worlds = await this.worlds;
    const different = await worlds.firstDifference(program);
    return different === null
      ? { worlds: worlds.messages.length }
      : { contradiction: `it answers ${different} otherwise, a message of the small worlds` };
  }

  /** Compiles the mutant; returns its program. */
  async build({ name, patch }: ParserMutant): Promise<string> {
    const mutated = applyPatch(this.original, patch);
    if (mutated === false) throw new SubjectError(`mutant ${name} does not apply to drivers/c/fmap.h`);
    return this.compile(name, mutated);
  }

  private async compile(name: string, header: string): Promise<string> {
    const program = join(this.folder, name);
    await writeFile(`${program}.h`, header);
    // The mutant replaces the header; the loop is unchanged.
    await writeFile(`${program}.c`, this.loop.replace('"fmap.h"', `"${name}.h"`));
    const [cc = "cc", ...flags] = this.cc;
    await run(cc, [...flags, "-std=gnu11", "-O1", "-w", "-o", program, `${program}.c`]).catch(
      (error: Error) => {
        throw new SubjectError(
          `mutant ${name} does not compile: ${error.message.split("\n")[1] ?? error.message}`,
        );
      },
    );
    return program;
  }
}
