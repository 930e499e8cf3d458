/** FUSE programs of Debian that nobody here wrote: how they are attached, and that nothing untrue is said of them. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import { DEFAULT_PROFILE } from "../../spec/index.ts";
import { SubjectError } from "../failure.ts";
import { type Built, buildFolder, goFuseExample, libfuseExample, programOf } from "../fuse/test/built.ts";
import { exitStatus } from "../verdict.ts";
import { runDaemonSuite } from "./certification.ts";
import type { DaemonReport } from "./outcome.ts";
import type { DaemonScope } from "./scope.ts";
import { type Needed, PROGRAMS, UNATTACHABLE } from "./test/programs/table.ts";

const HERE = fileURLToPath(new URL("test/programs", import.meta.url));

const folder = buildFolder();
afterAll(folder.remove);
beforeAll(() => {
  execFileSync(`${HERE}/prepare.sh`, [folder.path], { stdio: ["ignore", "ignore", "inherit"] });
});

/** Fails in CI and skips elsewhere where something that the program needs is not installed. */
function expectInstalled({ from, needs }: Needed, context: TestContext): void {
  const missing = needs.filter((need) => !isThere(need));
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

function commandOf({ command }: Needed, context: TestContext): string[] {
  const [, how, name] = /^\{(example|go) (\w+)\}/.exec(command) ?? [];
  const words = command
    .replace(/^\{(example|go) \w+\}/, "")
    .trim()
    .split(" ");
  const filled = words.map((word) => word.replaceAll("FOLDER", folder.path).replaceAll("HERE", HERE));
  if (how === undefined || name === undefined) return filled;
  return [programOf((builds[how] as (typeof builds)[string])(folder.path, name), context), ...filled];
}

const judged = (command: readonly string[], scope: DaemonScope): Promise<DaemonReport> =>
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
    .filter((r) => r.outcome === outcome && !r.rule.startsWith("robustness/"))
    .map(({ rule }) => rule);

describe.concurrent("a program of Debian 12", () => {
  it.for(PROGRAMS.map((program) => [program.name, program] as const))("%s", async ([, program], context) => {
    expectInstalled(program, context);
    const command = commandOf(program, context);
    const { breaks = [], warnings = [] } = program;
    const report = await judged(command, "fuse");
    const details = report.failures.filter((f) => !f.rule.startsWith("robustness/"));
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
  });
});

describe.concurrent("a program that cannot be attached", () => {
  it.for(UNATTACHABLE.map((program) => [program.name, program] as const))(
    "%s",
    async ([, program], context) => {
      expectInstalled(program, context);
      const run = judged(commandOf(program, context), "fuse");
      await expect(run).rejects.toThrow(SubjectError);
      await expect(run).rejects.toThrow(program.says);
    },
  );
});
