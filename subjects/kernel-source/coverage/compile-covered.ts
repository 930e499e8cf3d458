import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Ended, run } from "../../process/run-program.ts";
import { type Compiler, objectOf, runtimeOf } from "../compiler.ts";
import { HARNESS } from "../cut-parser.ts";
import { PROVER } from "./dead-conditions.ts";

/** Without optimization, which would join and drop conditions of the source. */
const COVERED = ["-O0", "-g", "-w", "-std=gnu11", "-fno-strict-aliasing", "-fno-pie", "--coverage"];
const TRACED = "-fsanitize-coverage=trace-pc,trace-cmp";

export interface CoveredJob {
  /** Folder of covered.c, marked.c and the program `covered`; the harness's objects are in its parent. */
  readonly folder: string;
  readonly harness: readonly string[];
  readonly includes: readonly string[];
}

/** The assembly of marked.c, and the command that reads the counts of covered.c. */
export interface Covered {
  readonly assembly: string;
  readonly gcov: readonly string[];
}

/** Compiles covered.c with the compiler's counters and callbacks, and links it with the harness and trace.c. */
export async function compileCovered(
  compiler: Compiler,
  { folder, harness, includes: folders }: CoveredJob,
): Promise<Covered | { readonly failed: Ended }> {
  const cc = (...args: string[]) => run([...compiler.command, ...args], folder);
  const includes = folders.map((f) => `-I${f}`);
  const reader = compiler.isClang ? "llvm-cov" : "gcov";
  const [covered, trace, marked, named, runtime] = await Promise.all([
    cc(...COVERED, TRACED, ...includes, "-c", "covered.c"),
    cc("-std=gnu11", "-O2", "-fno-pie", ...includes, "-c", join(HARNESS, "trace.c")),
    cc(...PROVER, ...includes, "marked.c", "-o", "marked.s"),
    cc(`-print-prog-name=${reader}`),
    runtimeOf(compiler, folder, "covered.c"),
  ]);
  const failed = [covered, trace, marked, named].find(({ status }) => status !== 0);
  if (failed) return { failed };
  const gcov = [named.stdout.trim(), ...(compiler.isClang ? ["gcov"] : [])];
  const runs = await run([...gcov, "--version"], folder);
  if (runs.status !== 0)
    return { failed: { ...runs, stderr: `${gcov.join(" ")} cannot be run: install it` } };
  const objects = harness.map((file) => join("..", objectOf(file)));
  const wrapped = "-Wl,--wrap=judge,--wrap=watch_survives";
  const linked = await cc(
    "-no-pie",
    ...runtime,
    "--coverage",
    wrapped,
    "covered.o",
    "trace.o",
    ...objects,
    "-o",
    "covered",
  );
  return linked.status === 0
    ? { assembly: await readFile(join(folder, "marked.s"), "utf8"), gcov }
    : { failed: linked };
}
