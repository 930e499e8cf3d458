import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { SubjectError, UsageError } from "../../../base/errors.ts";
import { PACKAGE_ROOT } from "../../../base/package-root.ts";
import { findCompiler } from "../../kernel-source/compiler.ts";
import { fragment, refused } from "./config.ts";
import { requireTools, step } from "./tools.ts";

/** The surroundings of a build. */
export interface Surroundings {
  /** Folder for sources, kernels and modules. */
  readonly cache: string;
  readonly cc: string | undefined;
  /** Reports the progress. */
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/** A User Mode Linux, ready to boot. */
export interface UmlKernel {
  /** Digest of everything that it was built from. */
  readonly key: string;
  /** Folder of the source, and folder of the build. */
  readonly source: string;
  readonly build: string;
  /** The kernel's program, and a library to load into it (harness/xstate.c). */
  readonly image: string;
  readonly preload: string;
  /** `7.3.0-rc7`. */
  readonly release: string;
  readonly compiler: string;
  /** The checkers that this kernel lacks. */
  readonly without: readonly string[];
}

const XSTATE = join(PACKAGE_ROOT, "subjects/in-kernel/harness/xstate.c");

const EXPECTED = "expected the folder of a Linux kernel's source, or its tar archive";

/**
 * Builds the kernel, or reuses a build of the same source, configuration and compiler.
 * Throws UsageError if `path` is not a kernel's source, SubjectError if the kernel cannot be built.
 */
export async function buildUml(path: string, { cache, cc, say, signal }: Surroundings): Promise<UmlKernel> {
  await requireTools([
    "make",
    "ld",
    "flex",
    "bison",
    "bc",
    "perl",
    "tar",
    "xz",
    "insmod",
    "mount",
    "taskset",
  ]);
  const compiler = await findCompiler(cc);
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${path} cannot be read (${error.code}): ${EXPECTED}`);
  });
  const source = found.isDirectory() ? resolve(path) : await unpacked(path, cache, say, signal);
  // A tree may change between two runs, so make runs again; an archive does not change.
  const isTree = found.isDirectory();
  const key = digest([source, fragment(), await readFile(XSTATE, "utf8"), compiler.version]);
  const build = join(cache, `kernel-${key}`);
  const preload = join(build, "fmapspec-xstate.so");
  const stamp = join(build, "fmapspec-built");
  if (isTree || !existsSync(stamp)) {
    await rm(stamp, { force: true });
    await mkdir(build, { recursive: true });
    await requireKernel(source, path);
    say(`building User Mode Linux in ${build}: minutes, the first time`);
    await make(source, build, compiler.command, signal);
    await step([...compiler.command, "-O2", "-shared", "-fPIC", "-o", preload, XSTATE, "-ldl"], {
      what: "the build of the library for the kernel's ptrace(2)",
      signal,
    });
    await writeFile(stamp, "");
  }
  const image = join(build, "linux");
  const { checkers } = refused(await readFile(join(build, ".config"), "utf8"));
  return {
    key: isTree ? digest([key, `${(await stat(image)).mtimeMs}`]) : key,
    source,
    build,
    image,
    preload,
    release: (await readFile(join(build, "include/config/kernel.release"), "utf8")).trim(),
    compiler: compiler.version,
    without: checkers,
  };
}

const digest = (parts: readonly string[]): string =>
  createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, 16);

/** Unpacks the archive into a folder named after its digest. */
async function unpacked(
  path: string,
  cache: string,
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<string> {
  if (!/\.tar(\.\w+)?$|\.t[gx]z$/.test(path))
    throw new UsageError(`${path} is no folder and no .tar: ${EXPECTED}`);
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  const folder = join(cache, `source-${hash.digest("hex").slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  say(`unpacking ${path}`);
  const partial = `${folder}.${process.pid}.tmp`;
  await mkdir(partial, { recursive: true });
  try {
    await step(["tar", "-xf", resolve(path), "-C", partial, "--strip-components=1"], {
      what: `unpacking ${path}`,
      signal,
    });
    await rename(partial, folder);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return folder;
}

async function requireKernel(source: string, path: string): Promise<void> {
  const makefile = await readFile(join(source, "Makefile"), "utf8").catch(() => "");
  if (!/^VERSION = \d+$/m.test(makefile) || !existsSync(join(source, "arch/um")))
    throw new UsageError(`${path} is not the source of a kernel: ${EXPECTED}`);
  if (existsSync(join(source, ".config")))
    throw new UsageError(
      `${path} was built in place, so it cannot be built elsewhere: make -C ${path} ARCH=um mrproper`,
    );
}

async function make(
  source: string,
  build: string,
  cc: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const options = join(build, "fmapspec.config");
  await writeFile(options, fragment());
  const what = "the build of the kernel";
  const run = (...args: string[]) =>
    step(["make", "-s", "-C", source, "ARCH=um", `O=${build}`, `CC=${cc.join(" ")}`, ...args], {
      what,
      signal,
    });
  await run(`KCONFIG_ALLCONFIG=${options}`, "allnoconfig");
  const { needed } = refused(await readFile(join(build, ".config"), "utf8"));
  if (needed.length > 0)
    throw new SubjectError(
      `that kernel cannot be configured with ${needed.join(", ")}: it is too old, or not whole`,
    );
  await run(`-j${availableParallelism()}`, "linux", "modules");
}
