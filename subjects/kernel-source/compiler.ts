import { basename } from "node:path";
import { SubjectError } from "../../base/errors.ts";
import { type Ended, run } from "../process/run-program.ts";
import { cacheEntry, keep, restore } from "./build-cache.ts";

/** An installed C compiler. */
export interface Compiler {
  readonly command: readonly string[];
  /** First line of its --version. */
  readonly version: string;
  readonly isClang: boolean;
}

/** The requested compiler, `cc` or $CC; otherwise the first of gcc, clang and cc that is installed. */
export async function findCompiler(cc = process.env.CC): Promise<Compiler> {
  const wanted = cc?.trim();
  for (const candidate of wanted ? [wanted] : ["gcc", "clang", "cc"]) {
    const command = candidate.split(/\s+/);
    const { status, stdout } = await run([...command, "--version"]);
    const [version = ""] = stdout.split("\n");
    if (status === 0) return { command, version, isClang: version.includes("clang") };
  }
  throw new SubjectError(
    wanted
      ? `the C compiler "${wanted}" cannot be run: install it, or name another one with CC`
      : "no C compiler was found: install gcc, or clang with its compiler-rt, or name one with CC",
  );
}

const WATCHED = [
  "-std=gnu11",
  "-O1",
  "-g",
  "-fno-strict-aliasing",
  // A call in tail position would hide its caller from a report.
  "-fno-optimize-sibling-calls",
  "-fno-pie",
  "-fsanitize=address,undefined",
  "-fsanitize-recover=address,undefined",
  "-Werror=implicit-function-declaration",
  // The kernel's u64 is not libc's uint64_t.
  "-Wno-incompatible-pointer-types",
];

export interface CompileJob {
  /** Folder of the source and of the program. */
  readonly folder: string;
  /** File in the folder to compile with sanitizers. */
  readonly source: string;
  /** C files to compile without sanitizers. */
  readonly harness: readonly string[];
  readonly include: string;
  /** Name of the program. */
  readonly program: string;
}

const UNWATCHED = ["-std=gnu11", "-O2", "-fno-pie"];

/**
 * Compiles the source with sanitizers and the harness without, and links them. The handlers of the harness get the reports,
 * because they precede the runtime's as long as that is a shared library. UBSan's runtime is not needed.
 * What was compiled before comes out of the cache.
 *
 * @returns the failed step, undefined for success
 */
export async function compile(
  { command, version, isClang }: Compiler,
  { folder, source, harness, include, program }: CompileJob,
): Promise<Ended | undefined> {
  const cc = (...args: string[]) => run([...command, ...args], folder);
  // The folder by a name that is the same in every run: the preprocessor prints it, and with -g the full one.
  const theirs = [...WATCHED, "-I.", `-I${include}`, source];
  const ours = [...UNWATCHED, "-I.", `-I${include}`, ...harness];
  const runtime = await runtimeOf({ command, isClang }, folder, source);
  const read = await Promise.all([cc(...theirs, "-E", "-g0"), cc(...ours, "-E")]);
  const entry = cacheEntry(
    version,
    program,
    ...command,
    ...theirs,
    ...ours,
    ...runtime,
    ...read.map((r) => r.stdout),
  );
  const isKnown = read.every(({ status }) => status === 0);
  if (isKnown && (await restore(entry, folder))) return undefined;
  const compiled = await Promise.all([cc(...theirs, "-c", "-o", "source.o"), cc(...ours, "-c")]);
  const failed = compiled.find(({ status }) => status !== 0);
  if (failed) return failed;
  const objects = harness.map(objectOf);
  const linked = await cc("-no-pie", ...runtime, "source.o", ...objects, "-o", program);
  if (linked.status !== 0) return linked;
  if (isKnown) await keep(entry, folder, [program, ...objects]);
  return undefined;
}

/** Name of the object file of a C file of the harness. */
export const objectOf = (file: string) => basename(file).replace(/c$/, "o");

/** Options that link AddressSanitizer's runtime as a shared library. `file`: any C file of the folder. */
export async function runtimeOf(
  { command, isClang }: Pick<Compiler, "command" | "isClang">,
  folder: string,
  file: string,
) {
  const shared = isClang ? ["-fsanitize=address", "-shared-libasan"] : ["-fsanitize=address"];
  const { stderr } = await run([...command, "-###", ...shared, file], folder);
  // clang knows where its runtime is, but the program would look for it elsewhere.
  const found = /"([^"]+)\/libclang_rt\.asan[^"/]*\.so"/.exec(stderr)?.[1];
  return [...shared, ...(found === undefined ? [] : [`-Wl,-rpath,${found}`])];
}
