/** Daemons that nobody here wrote, through the whole suite: they know nothing of GET_FMAP. And the one in C that does. */
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import { misfit } from "../../base/schema-check.ts";
import { DEFAULT_PROFILE, isRobustness } from "../../spec/index.ts";
import {
  type Built,
  buildFolder,
  goFuseHello,
  libfuseExample,
  programOf,
} from "../../subjects/daemon/test/built.ts";
import { available } from "../../test/tools.ts";
import { obstacle } from "./certificate.ts";
import { runDaemonSuite } from "./certification.ts";
import type { DaemonDescription, DaemonReport } from "./outcome.ts";

const folder = buildFolder();
afterAll(folder.remove);

function certify(command: readonly string[], how: Partial<DaemonDescription> = {}): Promise<DaemonReport> {
  return runDaemonSuite(
    { command: [...command, "{mountpoint}"], channel: "auto", via: "direct", ...how },
    {
      profile: DEFAULT_PROFILE,
      level: "quick",
      seed: 1,
      timeout: 10_000,
      expect: null,
      signal: new AbortController().signal,
      version: "test",
    },
  );
}

/** The daemon fulfils what applies to it, and the report says in one line what does not. */
function expectConforming(report: DaemonReport): void {
  expect(report.failures.filter((f) => !isRobustness(f.rule))).toEqual([]);
  expect(report.rules.filter((r) => r.outcome === "not-run")).toEqual([]);
  expect(report).toMatchObject({ verdict: "inconclusive", passed: false, famfs: "declined" });
  expect(report.notes).toContain("not applicable: the daemon does not offer FUSE_DAX_FMAP");
  expect(report.rules.find((r) => r.rule === "daemon/fmap/accepted")?.outcome).toBe("not-applicable");
  expect(obstacle(report)).toMatch(/^not checked: famfs: the daemon declined FUSE_DAX_FMAP/);
  expect(misfit("daemon-report", report)).toBeNull();
}

describe("daemons without maps", () => {
  const source = join(folder.path, "source");
  const programs: Record<string, Built> = {};

  beforeAll(() => {
    mkdirSync(join(source, "folder"), { recursive: true });
    writeFileSync(join(source, "file"), "some bytes");
    writeFileSync(join(source, "folder/other"), "");
    symlinkSync("file", join(source, "link"));
    for (const name of ["hello_ll", "passthrough_ll"]) programs[name] = libfuseExample(folder.path, name);
    programs["go-fuse"] = goFuseHello(folder.path);
  }, 240_000);

  const CASES: [string, string, readonly string[], Partial<DaemonDescription>][] = [
    ["one thread, packets", "hello_ll", ["-f", "-s"], { channel: "seqpacket" }],
    ["many threads, packets", "hello_ll", ["-f"], { channel: "seqpacket" }],
    ["one thread, stream", "hello_ll", ["-f", "-s"], { channel: "stream" }],
    ["many threads, stream", "hello_ll", ["-f"], { channel: "stream" }],
    ["packets", "passthrough_ll", ["-f", "-o", `source=${source}`], { channel: "seqpacket" }],
    ["stream", "passthrough_ll", ["-f", "-o", `source=${source}`], { channel: "stream" }],
    ["packets", "go-fuse", [], { channel: "seqpacket" }],
    ["stream", "go-fuse", [], { channel: "stream" }],
    ["mounting", "go-fuse", [], { via: "fusermount" }],
  ];
  for (const [how, name, args, channel] of CASES)
    it(`${name}, ${how}`, async (context) => {
      const program = programOf(programs[name] as Built, context);
      expectConforming(await certify([program, ...args], channel));
    });
});

describe.skipIf(!available("gcc", "gcc"))("the C daemon of drivers/", () => {
  const program = join(folder.path, "famfsd");

  beforeAll(() => {
    const source = join(PACKAGE_ROOT, "drivers/fuse-c/famfsd.c");
    execFileSync("gcc", ["-O2", "-Wall", "-Wextra", "-Werror", "-o", program, source]);
  });

  it.each(["seqpacket", "stream"] as const)("fulfils every requirement over %s", async (channel) => {
    const report = await certify([program], { channel });
    expect(report.failures).toEqual([]);
    expect(obstacle(report)).toBeNull();
    const reasons = report.rules.filter((r) => r.outcome !== "passed").map((r) => r.reason);
    for (const reason of reasons)
      expect(reason).toMatch(/--expect MANIFEST|--mutate CMD|over a stream|a stream does not show/);
  });
});
