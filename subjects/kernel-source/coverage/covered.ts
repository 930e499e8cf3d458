import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SubjectError } from "../../../base/errors.ts";
import { type Ended, run } from "../../process/run-program.ts";
import type { Compiler } from "../compiler.ts";
import { compileCovered } from "./compile-covered.ts";
import { type DeadCondition, deadConditions, MARKED, marks } from "./dead-conditions.ts";
import { parseGcov, type ReachedFile } from "./gcov.ts";
import type { SourceCoverage } from "./reached.ts";

/** Folder of the covered program and its counts in the folder of a build. */
const FOLDER = "covered";

/** A build that reports its coverage. It has no sanitizers, whose own conditions would be counted. */
export interface CoveredBuild {
  readonly executable: string;
  /** The coverage of all its processes that have written their counts. Throws SubjectError. */
  coverage(): Promise<SourceCoverage>;
}

/**
 * Renames the files in the #line directives of a translation unit to `0.source` and so on, because gcov prints lines only of
 * existing files, and the source's files may not exist here.
 */
function numbered(unit: string): { unit: string; files: string[]; texts: string[] } {
  const files: string[] = [];
  const lines: string[][] = [];
  let [file, line] = [-1, 0];
  const text = unit.split("\n").map((row) => {
    const [, at, name] = /^#line (\d+) "(.*)"$/.exec(row) ?? [];
    if (at === undefined || name === undefined) {
      if (file >= 0) (lines[file] as string[])[line++ - 1] = row;
      return row;
    }
    if (!files.includes(name)) lines[files.push(name) - 1] = [];
    [file, line] = [files.indexOf(name), Number(at)];
    return `#line ${at} "${file}.source"`;
  });
  return {
    unit: text.join("\n"),
    files,
    texts: lines.map((l) => `${Array.from(l, (row) => row ?? "").join("\n")}\n`),
  };
}

/**
 * Compiles a translation unit with the compiler's counters. `isTheirs`: whether a file is the source's and not ours.
 * Throws SubjectError.
 */
export async function buildCovered(
  compiler: Compiler,
  {
    folder,
    unit,
    harness,
    include,
  }: { folder: string; unit: string; harness: readonly string[]; include: string },
  isTheirs: (file: string) => boolean,
): Promise<CoveredBuild> {
  const here = join(folder, FOLDER);
  await mkdir(here, { recursive: true });
  const { unit: source, files, texts } = numbered(unit);
  await Promise.all([
    writeFile(join(here, "covered.c"), source),
    writeFile(join(here, "marked.c"), MARKED(source)),
    ...texts.map((text, i) => writeFile(join(here, `${i}.source`), text)),
  ]);
  const compiled = await compileCovered(compiler, { folder: here, harness, includes: [folder, include] });
  if ("failed" in compiled)
    throw new SubjectError(`the source cannot be compiled for coverage: ${why(compiled.failed)}`);
  const dead = deadConditions(marks(compiled.assembly), texts);
  return {
    executable: join(here, "covered"),
    async coverage() {
      const ended = await run([...compiled.gcov, "-b", "-c", "-t", "covered.gcda"], here);
      if (ended.status !== 0) throw new SubjectError(`${compiled.gcov.join(" ")}: ${why(ended)}`);
      const reached = parseGcov(ended.stdout).flatMap((f) => {
        const i = /(\d+)\.source$/.exec(f.file)?.[1];
        const file = i === undefined ? undefined : files[Number(i)];
        return file !== undefined && isTheirs(file) ? [{ ...f, file, dead: dead[Number(i)] ?? [] }] : [];
      });
      return conclude(reached, compiler.isClang ? "clang" : "gcc");
    },
  };
}

const why = ({ status, stderr }: Ended) => stderr.trim().split("\n")[0] || `exit status ${status}`;

type CoveredFile = ReachedFile & { readonly dead: readonly DeadCondition[] };

function conclude(files: readonly CoveredFile[], prover: string): SourceCoverage {
  const lines = files.flatMap((f) => f.lines);
  const branches = lines.flatMap((l) => l.branches);
  const count = (all: readonly boolean[]) => ({ reached: all.filter((x) => x).length, all: all.length });
  return {
    lines: count(lines.map((l) => l.reached)),
    branches: count(branches),
    missed: files.flatMap(({ file, lines, dead }) =>
      lines
        .filter((l) => !l.reached || l.branches.includes(false))
        .map(({ line, text, reached, branches }) => ({
          file,
          line,
          text,
          branches: reached ? count(branches) : null,
          reason: reasonOf(line, reached, dead, prover),
        })),
    ),
  };
}

/** Why the compiler proves the line unreachable; null: it does not. */
function reasonOf(
  line: number,
  reached: boolean,
  dead: readonly DeadCondition[],
  prover: string,
): string | null {
  const found = dead.find((d) =>
    reached ? d.explainsBranches && line >= d.from && line <= d.to : line >= d.bodyFrom && line <= d.bodyTo,
  );
  if (found === undefined) return null;
  const where = reached ? "the condition" : `the condition in line ${found.from}`;
  return `${where} is never ${found.never}: ${prover} proves it from the checks before it`;
}
