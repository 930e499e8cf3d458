import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { SubjectError } from "../../../base/errors.ts";

/** Programs for a build or a boot, each with its Debian package. */
const PACKAGES = {
  make: "make",
  gcc: "gcc",
  ld: "binutils",
  flex: "flex",
  bison: "bison",
  bc: "bc",
  perl: "perl",
  tar: "tar",
  xz: "xz-utils",
  insmod: "kmod",
  mount: "mount",
  taskset: "util-linux",
} as const;

export type Tool = keyof typeof PACKAGES;

/** PATH, and the folders of administrators' programs, which are not on every user's PATH. */
const FOLDERS = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];

const isThere = async (tool: string): Promise<boolean> => {
  const found = await Promise.all(
    FOLDERS.map((folder) =>
      access(join(folder, tool), constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
};

/** Throws SubjectError that names all missing tools and how to install them. */
export async function requireTools(tools: readonly Tool[]): Promise<void> {
  const missing: Tool[] = [];
  for (const tool of tools) if (!(await isThere(tool))) missing.push(tool);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((tool) => PACKAGES[tool]))].join(" ");
  throw new SubjectError(
    `a User Mode Linux needs ${missing.join(", ")}, which ${missing.length === 1 ? "is" : "are"} not here: apt-get install ${packages}`,
  );
}

/** Runs a build step. Throws SubjectError with the first lines that report an error. */
export function step(
  [program = "", ...args]: readonly string[],
  { what, cwd, signal }: { what: string; cwd?: string; signal: AbortSignal },
): Promise<string> {
  const env = { ...process.env, LC_ALL: "C" };
  return new Promise((done, fail) => {
    execFile(program, args, { cwd, env, signal, maxBuffer: 256 << 20 }, (error, stdout, stderr) => {
      if (error === null) done(stdout);
      else if (signal.aborted) fail(new SubjectError(`${what} was interrupted`));
      else fail(new SubjectError(`${what} fails: ${complaints(stderr) || error.message}`));
    });
  });
}

const complaints = (stderr: string): string =>
  stderr
    .split("\n")
    .filter((line) => /error|undefined|No such file|\*\*\*/i.test(line))
    .slice(0, 3)
    .map((line) => line.trim())
    .join("; ");
