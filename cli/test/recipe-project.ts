import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../base/package-root.ts";

const MAIN = join(PACKAGE_ROOT, "dist/cli/main.js");

/** Messages of each part; a recipe itself takes the usual number. */
const RUNS = 1200;

/** `npx fmapspec` and `fmapspec` of somebody's project, with fewer messages. */
const COMMAND = `#!/bin/sh
case "$0" in */npx) shift;; esac
if [ "$1" = parser ]; then shift; set -- parser --runs ${RUNS} "$@"; fi
exec '${process.execPath}' '${MAIN}' "$@"
`;

const driver = (text: string) => `#!/bin/sh\nexec ${text}\n`;

/** The parsers that stand behind ./mydriver. */
export const DRIVERS = {
  right: driver(`'${process.execPath}' '${MAIN}' driver --protocol ndjson`),
  /** Takes what has no extents. */
  wrong: driver(
    `'${process.execPath}' '${MAIN}' driver --protocol ndjson | sed -u 's/"verdict":"reject","errno":"E2BIG"/"verdict":"accept"/'`,
  ),
} as const;

/** How a step ended. */
export interface Step {
  readonly status: number | null;
  readonly output: string;
}

/** A project with ./mydriver and fmapspec in which the steps of a recipe run. */
export interface RecipeProject {
  readonly folder: string;
  /** Runs a step as the CI would: GitHub with `bash -eo pipefail`, the others with `sh -e`. */
  step(script: string, variables?: Readonly<Record<string, string>>, shell?: "bash" | "sh"): Step;
  text(name: string): string;
  files(): string[];
}

/** Makes the project in an empty folder. */
export function recipeProject(folder: string, mydriver: string): RecipeProject {
  const bin = join(folder, ".bin");
  mkdirSync(bin, { recursive: true });
  const put = (path: string, text: string) => {
    writeFileSync(path, text);
    chmodSync(path, 0o755);
  };
  for (const name of ["npx", "fmapspec"]) put(join(bin, name), COMMAND);
  put(join(folder, "mydriver"), mydriver);
  return {
    folder,
    step(script, variables = {}, shell = "sh") {
      const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, NO_COLOR: "1", ...variables };
      const options = shell === "bash" ? ["--noprofile", "--norc", "-eo", "pipefail"] : ["-e"];
      const { status, stdout, stderr } = spawnSync(shell, [...options, "-c", script], {
        cwd: folder,
        env,
        encoding: "utf8",
      });
      return { status, output: `${stdout}${stderr}` };
    },
    text: (name) => readFileSync(join(folder, name), "utf8"),
    files: () => readdirSync(folder).filter((name) => !name.startsWith(".")),
  };
}
