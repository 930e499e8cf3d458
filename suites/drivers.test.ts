/** The drivers that people copy are certified, every one of them. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { DEFAULT_PROFILE } from "../spec/index.ts";
import { PACKAGE_ROOT } from "./package-root.ts";
import { ExecSubject } from "./subjects/exec.ts";
import { FramesSubject } from "./subjects/frames.ts";
import { NdjsonSubject } from "./subjects/ndjson.ts";
import type { ParserSubject } from "./subjects/subject.ts";
import { reportOn } from "./test/runs.ts";
import { available } from "./test/tools.ts";

const folder = mkdtempSync(join(tmpdir(), "fmapspec-drivers-"));
afterAll(() => rmSync(folder, { recursive: true }));

const TIMEOUT = 10_000;
const at = (path: string) => join(PACKAGE_ROOT, "drivers", path);
const built = (name: string) => join(folder, name);

const frames = (program: string): ParserSubject =>
  new FramesSubject({ kind: "driver", protocol: "frames", command: [program] }, [program], TIMEOUT);
const ndjson = (...command: string[]): ParserSubject =>
  new NdjsonSubject({ kind: "driver", protocol: "ndjson", command }, command, DEFAULT_PROFILE.name, TIMEOUT);
const exec = (program: string): ParserSubject =>
  new ExecSubject({ kind: "driver", protocol: "exec", command: [program] }, [program], TIMEOUT);

/** Builds with gcc, and names what was built. */
function gcc(source: string, program: string): string {
  execFileSync("gcc", ["-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-o", built(program), at(source)]);
  return built(program);
}

function rustc(source: string, program: string): string {
  execFileSync("rustc", ["-O", "-o", built(program), at(source)]);
  return built(program);
}

function goBuild(program: string): string {
  const env = { ...process.env, GOCACHE: join(folder, "cache"), GOFLAGS: "-mod=mod" };
  execFileSync("go", ["build", "-o", built(program)], { cwd: at("go"), env });
  return built(program);
}

/** Name, the tool that it takes and the package of that, the subject, and messages to ask. */
const DRIVERS: [string, string, string, () => ParserSubject, number][] = [
  ["C, frames", "gcc", "gcc", () => frames(gcc("c/frames.c", "frames")), 50_000],
  ["C, exec", "gcc", "gcc", () => exec(gcc("c/exec.c", "exec")), 600],
  ["Rust, frames", "rustc", "rustc", () => frames(rustc("rust/fmap_driver.rs", "rust")), 50_000],
  ["Python, NDJSON", "python3", "python3", () => ndjson("python3", at("python/fmap_driver.py")), 22_000],
  ["Go, NDJSON", "go", "golang-go", () => ndjson(goBuild("go")), 22_000],
];

describe("drivers/", () => {
  for (const [name, tool, packages, subject, runs] of DRIVERS)
    it.skipIf(!available(tool, packages))(
      `${name} is certified`,
      async () => {
        const report = await reportOn(subject(), { runs, seed: 7 });
        expect(report.counterexamples).toEqual([]);
        expect(report.passed).toBe(true);
        expect(report.rules.filter((r) => r.outcome === "not-run")).toEqual([]);
      },
      240_000,
    );
});
