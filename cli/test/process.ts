import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import type { Ran } from "./command.ts";

export const MAIN = join(PACKAGE_ROOT, "dist/cli/main.js");

export interface Surroundings {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** All of standard input; it is left open without it. */
  readonly stdin?: string;
  /** Called when it has begun; what it does to the process is the point of the test. */
  readonly meanwhile?: (child: ChildProcess) => void | Promise<void>;
}

/** Runs the compiled program in a process of its own. A signal that ended it counts as its status. */
export async function fmapspecProcess(
  args: readonly string[],
  { env, cwd, stdin, meanwhile }: Surroundings = {},
): Promise<Omit<Ran, "status"> & { readonly status: number | string | null }> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...process.env, FORCE_COLOR: "0", CI: "true", ...env },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => (stdout += chunk));
  child.stderr.on("data", (chunk) => (stderr += chunk));
  child.stdin.on("error", () => {});
  if (stdin !== undefined) child.stdin.end(stdin);
  const ended = new Promise<number | string | null>((resolve) =>
    child.once("close", (code, signal) => resolve(code ?? signal)),
  );
  await meanwhile?.(child);
  return { status: await ended, stdout, stderr };
}

/** Waits until it holds; fails the test when it does not within half a minute. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; !(await holds()); await setTimeout(20))
    if (Date.now() > end) throw new Error("what was waited for did not happen");
}

/** Command lines of processes that hold the text. */
export const running = (text: string): string[] =>
  readdirSync("/proc").flatMap((pid) => {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, "latin1");
      return /^\d+$/.test(pid) && line.includes(text) ? [line.replaceAll("\0", " ")] : [];
    } catch {
      return []; // gone meanwhile
    }
  });
