import { execFile } from "node:child_process";
import { basename } from "node:path";
import { SubjectError } from "../failure.ts";

/** A C compiler that was found. */
export interface Compiler {
  readonly command: readonly string[];
  /** First line of its --version. */
  readonly version: string;
  readonly isClang: boolean;
}

export interface Ended {
  /** Exit status, or the error's name if the program could not be started. */
  readonly status: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end; never rejects. */
function runProgram([program = "", ...args]: readonly string[], cwd?: string): Promise<Ended> {
  return new Promise((resolve) => {
    // Messages are read for "error:" and files are told by their names: both have to be in English and plain.
    const env = { ...process.env, LC_ALL: "C" };
    execFile(program, args, { cwd, env, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      resolve({ status: error ? (error.code ?? "killed") : 0, stdout, stderr });
    });
  });
}

/** The compiler asked for: `cc` or $CC; without either the first of gcc, clang and cc that is there. */
export async function findCompiler(cc = process.env.CC): Promise<Compiler> {
  const wanted = cc?.trim();
  for (const candidate of wanted ? [wanted] : ["gcc", "clang", "cc"]) {
    const command = candidate.split(/\s+/);
    const { status, stdout } = await runProgram([...command, "--version"]);
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
  /** Where the source is and the program will be. */
  readonly folder: string;
  /** File to watch with the sanitizers, in the folder. */
  readonly source: string;
  /** C files that go with it unwatched, and the folder of the headers. */
  readonly harness: readonly string[];
  readonly include: string;
  /** Name of the program. */
  readonly program: string;
}

/**
 * Compiles the source with the sanitizers, the harness without, and links them. Reports go to handlers in the harness,
 * which come before the runtime's as long as that is a shared library; UBSan's runtime is not needed at all.
 *
 * @returns what went wrong, undefined for success
 */
export async function compile(
  { command, isClang }: Compiler,
  { folder, source, harness, include, program }: CompileJob,
): Promise<Ended | undefined> {
  const run = (...args: string[]) => runProgram([...command, ...args], folder);
  const includes = [`-I${folder}`, `-I${include}`];
  const shared = isClang ? ["-fsanitize=address", "-shared-libasan"] : ["-fsanitize=address"];
  const steps = await Promise.all([
    run(...WATCHED, ...includes, "-c", source, "-o", "source.o"),
    run("-std=gnu11", "-O2", "-fno-pie", ...includes, "-c", ...harness),
    run("-###", ...shared, source),
  ]);
  const failed = steps.find(({ status }) => status !== 0);
  if (failed) return failed;

  // clang knows where its runtime is, but the program would look for it elsewhere.
  const runtime = /"([^"]+)\/libclang_rt\.asan[^"/]*\.so"/.exec(steps[2].stderr)?.[1];
  const objects = harness.map((file) => basename(file).replace(/c$/, "o"));
  const search = runtime === undefined ? [] : [`-Wl,-rpath,${runtime}`];
  const linked = await run("-no-pie", ...shared, ...search, "source.o", ...objects, "-o", program);
  return linked.status === 0 ? undefined : linked;
}
