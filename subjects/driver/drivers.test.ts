/** The drivers that people copy are certified, every one of them. */
import { describe, expect, it } from "vitest";
import { DEFAULT_PROFILE, PROFILES, type Profile } from "../../spec/index.ts";
import { built } from "../../test/built-drivers.ts";
import { reportOn } from "../../test/runs.ts";
import { available } from "../../test/tools.ts";
import { ExecSubject } from "./exec.ts";
import { FramesSubject } from "./frames.ts";
import { NdjsonSubject } from "./ndjson.ts";
import type { ParserSubject } from "./subject.ts";

const { at, gcc, rustc, goBuild } = built();

const TIMEOUT = 10_000;
const frames = (...command: string[]): ParserSubject =>
  new FramesSubject({ kind: "driver", protocol: "frames", command }, command, TIMEOUT);
const ndjson = (profile: Profile, ...command: string[]): ParserSubject =>
  new NdjsonSubject({ kind: "driver", protocol: "ndjson", command }, command, profile.name, TIMEOUT);
const exec = (program: string): ParserSubject =>
  new ExecSubject({ kind: "driver", protocol: "exec", command: [program] }, [program], TIMEOUT);

const rust = (profile: Profile) => frames(rustc("rust/fmap_driver.rs", "rust"), profile.name);
const python = (profile: Profile) => ndjson(profile, "python3", at("python/fmap_driver.py"));
const go = (profile: Profile) => ndjson(profile, goBuild(".", "go"));

/** Name, the tool that it takes and the package of that, the subject, and messages to ask. */
const DRIVERS: [string, string, string, () => ParserSubject, number][] = [
  ["C, frames", "gcc", "gcc", () => frames(gcc("c/frames.c", "frames")), 50_000],
  ["C, exec", "gcc", "gcc", () => exec(gcc("c/exec.c", "exec")), 600],
  ["Rust, frames", "rustc", "rustc", () => rust(DEFAULT_PROFILE), 50_000],
  ["Python, NDJSON", "python3", "python3", () => python(DEFAULT_PROFILE), 22_000],
  ["Go, NDJSON", "go", "golang-go", () => go(DEFAULT_PROFILE), 22_000],
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

describe.each(PROFILES.filter((p) => p !== DEFAULT_PROFILE))("drivers/ as the kernel of $name", (profile) => {
  it.each([
    ["Rust", "rustc", "rustc", rust, 20_000],
    ["Python", "python3", "python3", python, 1500],
    ["Go", "go", "golang-go", go, 1500],
  ] as const)("%s is certified", async (_, tool, packages, subject, runs) => {
    if (!available(tool, packages)) return;
    const report = await reportOn(subject(profile), { profile, runs, seed: 7 });
    expect(report.counterexamples).toEqual([]);
    expect(report.passed).toBe(true);
  });
});
