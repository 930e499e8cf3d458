import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { applyPatch } from "diff";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import type { ParserMutant } from "../../suites/studies/selftest/parser-mutants.ts";
import { type Ended, ended } from "../ended.ts";

const SOURCES = join(PACKAGE_ROOT, "bench/contest");
const DRIVER = join(PACKAGE_ROOT, "drivers/c");

/** How the differential target is compiled and linked for who gives it its inputs. */
const KINDS = {
  unguided: { cc: ["gcc", "-O2"], link: [join(SOURCES, "unguided.c")] },
  libfuzzer: { cc: ["clang", "-O2", "-fsanitize=fuzzer-no-link"], link: ["-fsanitize=fuzzer"] },
  // Its -fsanitize=fuzzer is AFL++'s own driver: persistent mode, test cases in shared memory.
  afl: { cc: ["afl-clang-fast", "-O2"], link: ["-fsanitize=fuzzer"] },
} as const;

type Kind = keyof typeof KINDS;
export type Program = Kind | "frames";

/** Wall and processor time, seconds. */
type Time = Pick<Ended, "seconds" | "cpu">;

/** A mutant's programs, and what it took to compile each; without fuzzers the driver alone. */
export interface Target {
  readonly mutant: string;
  readonly fuzzed: boolean;
  readonly programs: Readonly<Record<Program, string>>;
  readonly compiled: Readonly<Record<Program, Time>>;
}

async function cc(compiler: readonly [string, ...string[]], ...args: string[]): Promise<Time> {
  const run = await ended([...compiler, "-w", `-I${SOURCES}`, ...args], 0, { AFL_QUIET: "1" });
  if (run.status !== 0) throw new Error(`${compiler[0]}: ${run.output.slice(-1000)}`);
  return run;
}

const compiling = (header: string, name: string, out: string) => [
  `-DHEADER="${header}"`,
  `-DSIDE=${name}`,
  "-c",
  "-o",
  out,
  join(SOURCES, "side.c"),
];

/** Builds targets in a folder: what does not depend on the mutant once. */
export class Workshop {
  private readonly folder: string;
  private readonly original: string;

  private constructor(folder: string, original: string) {
    this.folder = folder;
    this.original = original;
  }

  static async open(folder: string): Promise<Workshop> {
    const header = join(DRIVER, "fmap.h");
    for (const [kind, { cc: compiler }] of Object.entries(KINDS)) {
      await cc(compiler, ...compiling(header, "original", join(folder, `${kind}-original.o`)));
      const differential = join(SOURCES, "differential.c");
      await cc(compiler, "-c", "-o", join(folder, `${kind}-differential.o`), differential);
    }
    return new Workshop(folder, await readFile(header, "utf8"));
  }

  async build({ name, patch }: ParserMutant, fuzzed: boolean): Promise<Target> {
    const mutated = applyPatch(this.original, patch);
    if (mutated === false) throw new Error(`mutant ${name} does not apply to drivers/c/fmap.h`);
    const folder = join(this.folder, name);
    await mkdir(folder);
    await writeFile(join(folder, "fmap.h"), mutated);
    // A quoted include is looked for beside the file that has it.
    await copyFile(join(DRIVER, "frames.c"), join(folder, "frames.c"));
    const programs = { frames: join(folder, "frames") } as Record<Program, string>;
    const compiled = {
      frames: await cc(["gcc", "-O2"], "-o", programs.frames, join(folder, "frames.c")),
    } as Record<Program, Time>;
    for (const kind of fuzzed ? (Object.keys(KINDS) as Kind[]) : []) {
      programs[kind] = join(folder, kind);
      compiled[kind] = await this.link(kind, programs[kind]);
    }
    return { mutant: name, fuzzed, programs, compiled };
  }

  private async link(kind: Kind, program: string): Promise<Time> {
    const { cc: compiler, link } = KINDS[kind];
    const header = join(dirname(program), "fmap.h");
    const side = await cc(compiler, ...compiling(header, "mutant", `${program}.o`));
    const shared = ["differential", "original"].map((part) => join(this.folder, `${kind}-${part}.o`));
    const whole = await cc(compiler, "-o", program, `${program}.o`, ...shared, ...link);
    return { seconds: side.seconds + whole.seconds, cpu: side.cpu + whole.cpu };
  }
}
