import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SubjectError } from "../../base/errors.ts";
import type { Profile } from "../../spec/profiles/index.ts";
import { temporaryFolder } from "../process/reaper.ts";
import type { Ended } from "../process/run-program.ts";
import { compile, findCompiler } from "./compiler.ts";
import { buildCovered, type CoveredBuild } from "./coverage/covered.ts";
import { cutSource, HARNESS, notesOn, translationUnit } from "./cut-parser.ts";
import { protocolHeader } from "./observation.ts";

export interface BuildOptions {
  /** The compiler's command; by default $CC, gcc, clang or cc. */
  readonly cc?: string | undefined;
  /** Folder to build in, which is not removed; by default a temporary folder. */
  readonly workDir?: string | undefined;
  /** Also build a program that reports its coverage. */
  readonly covered?: boolean | undefined;
}

/** A kernel's parser as a program that speaks the protocol of observation.ts. */
export interface BuiltParser {
  /** Run it without ASAN_OPTIONS in its environment, which would overrule its own options. */
  readonly executable: string;
  /** The source of the parser: `famfs.c (patch, 8 files)`. */
  readonly origin: string;
  /** The source has a resolver; without one every resolution is -ENOSYS. */
  readonly hasResolver: boolean;
  /** Names of our definitions in place of those that the source lacks. Their behaviour is not the source's. */
  readonly standIns: readonly string[];
  /** Notes on the parts that are not from the source. */
  readonly notes: readonly string[];
  /** First line of the compiler's --version. */
  readonly compiler: string;
  /** The program that reports coverage; null: not requested. */
  readonly covered: CoveredBuild | null;
  /** Removes what was built. */
  dispose(): Promise<void>;
}

/**
 * Compiles the unchanged GET_FMAP parser at `path` with the harness.
 * Throws UsageError if there is none, SubjectError if it cannot be compiled.
 */
export async function buildKernelSource(
  path: string,
  profile: Profile,
  { cc, workDir, covered: wanted = false }: BuildOptions = {},
): Promise<BuiltParser> {
  const { origin, cut } = await cutSource(path, profile);
  const compiler = await findCompiler(cc);

  if (workDir !== undefined) await mkdir(workDir, { recursive: true });
  const folder = workDir ?? temporaryFolder();
  const dispose = async () => {
    if (workDir === undefined) await rm(folder, { recursive: true, force: true });
  };
  let covered: CoveredBuild | null = null;
  try {
    await writeFile(join(folder, "protocol.h"), protocolHeader(profile));
    const unit = translationUnit(cut);
    await writeFile(join(folder, "source.c"), unit);
    const harness = ["frames.c", "answer.c", "ledger.c", "sites.c", "watch.c"].map((name) =>
      join(HARNESS, name),
    );
    const failed = await compile(compiler, {
      folder,
      source: "source.c",
      harness,
      include: HARNESS,
      program: "parser",
    });
    if (failed)
      throw new SubjectError(`${origin} does not compile with ${compiler.version}: ${firstErrors(failed)}`);
    if (wanted)
      covered = await buildCovered(compiler, { folder, unit, harness, include: HARNESS }, (file) =>
        cut.files.includes(file),
      );
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    executable: join(folder, "parser"),
    origin,
    hasResolver: cut.hasResolver,
    standIns: cut.standIns,
    notes: notesOn(cut, profile),
    compiler: compiler.version,
    covered,
    dispose,
  };
}

/** The compiler's first errors, which name the source's own lines. */
function firstErrors({ status, stderr }: Ended): string {
  const errors = stderr.split("\n").filter((line) => /error:|undefined reference|cannot find/.test(line));
  const first = errors.slice(0, 3).map((line) => line.trim());
  if (first.some((line) => /cannot find .*asan|asan_interface\.h/.test(line)))
    first.push("install AddressSanitizer's runtime (libasan for gcc, compiler-rt for clang)");
  return first.length > 0 ? first.join("; ") : `exit status ${status}`;
}
