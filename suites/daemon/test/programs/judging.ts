/** How a program of a table is started, and what has to be said of it. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, type TestContext } from "vitest";
import { DEFAULT_PROFILE, isRobustness } from "../../../../spec/index.ts";
import {
  type Built,
  goFuseExample,
  libfuseExample,
  programOf,
} from "../../../../subjects/daemon/test/built.ts";
import { exitStatus } from "../../../run/verdict.ts";
import { runDaemonSuite } from "../../certification.ts";
import type { DaemonReport } from "../../outcome.ts";
import type { DaemonScope } from "../../scope.ts";
import type { Needed, Program } from "./table.ts";

/** The folder of prepare.sh and of the small daemons. */
export const HERE = dirname(fileURLToPath(import.meta.url));

/** Fails in CI and skips elsewhere where something that the program needs is not installed. */
export function expectInstalled({ from, needs }: Needed, context: TestContext): void {
  // Without the last two a daemon that insists on mounting would do so in earnest.
  const missing = [...needs, "unshare", "setpriv"].filter((need) => !isThere(need));
  programOf(missing.length === 0 ? { program: "" } : { missing: `${from} (${missing.join(", ")})` }, context);
}

function isThere(need: string): boolean {
  if (need.startsWith("/")) return existsSync(need);
  const module = /^python3:(\w+)$/.exec(need)?.[1];
  try {
    if (module !== undefined)
      execFileSync("/usr/bin/python3", ["-c", `import ${module}`], { stdio: "ignore" });
    else execFileSync("/bin/sh", ["-c", `command -v ${need}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const builds: Record<string, (path: string, name: string) => Built> = {
  example: libfuseExample,
  go: goFuseExample,
};

/** The command with the folder filled in, and what it starts with built. */
export function commandOf({ command }: Needed, folder: string, context: TestContext): string[] {
  const [, how, name] = /^\{(example|go) (\w+)\}/.exec(command) ?? [];
  const words = command
    .replace(/^\{(example|go) \w+\}/, "")
    .trim()
    .split(" ");
  const filled = words.map((word) => word.replaceAll("FOLDER", folder).replaceAll("HERE", HERE));
  if (how === undefined || name === undefined) return filled;
  return [programOf((builds[how] as (typeof builds)[string])(folder, name), context), ...filled];
}

/** What a run says of the command. */
export const judged = (command: readonly string[], scope: DaemonScope): Promise<DaemonReport> =>
  runDaemonSuite(
    { command, channel: "auto", via: "auto" },
    {
      profile: DEFAULT_PROFILE,
      level: "quick",
      seed: 1,
      timeout: 10_000,
      expect: null,
      scope,
      signal: new AbortController().signal,
      version: "test",
    },
  );

/** What the report says of the requirements, each once, with what it says of the first breach. */
const found = (report: DaemonReport, outcome: "failed" | "warning") =>
  report.rules
    .filter((r) => r.outcome === outcome && !isRobustness(r.rule))
    // A program with a thread that notifies may end by a signal or not: it is a matter of luck.
    .filter((r) => outcome === "failed" || r.rule !== "daemon/life/destroy")
    .map(({ rule }) => rule);

/** Fails unless the program is attached as it should be and is judged right. */
export async function expectJudged(program: Program, command: readonly string[]): Promise<void> {
  const { breaks = [], warnings = [] } = program;
  const report = await judged(command, "fuse");
  const details = report.failures.filter((f) => !isRobustness(f.rule));
  expect({
    verdict: report.verdict,
    failed: found(report, "failed"),
    warnings: found(report, "warning"),
    via: report.subject.via,
    details,
  }).toEqual({
    verdict: breaks.length === 0 ? "conforming" : "not conforming",
    failed: breaks,
    warnings,
    via: program.via,
    details: expect.anything(),
  });
  // It knows nothing of famfs, and so nothing is certified.
  const famfs = await judged(command, "famfs");
  expect(famfs.famfs).toBe("declined");
  expect(exitStatus([famfs.verdict])).toBe(breaks.length === 0 ? 4 : 1);
}
