/** Daemons that nobody here wrote: Debian's libfuse and go-fuse examples. They know nothing of GET_FMAP. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_PROFILE } from "../../spec/index.ts";
import { PACKAGE_ROOT } from "../package-root.ts";
import { misfit } from "../schema-check.ts";
import { obstacle } from "./certificate.ts";
import { runDaemonSuite } from "./certification.ts";
import type { DaemonDescription, DaemonReport } from "./outcome.ts";

const LIBFUSE = "/usr/share/doc/libfuse3-dev/examples";
const GO_FUSE = "/usr/share/gocode/src/github.com/hanwen/go-fuse";
const folder = mkdtempSync(join(tmpdir(), "fmapspec-real-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** In CI a missing package fails the tests that need it; elsewhere they are skipped, saying why. */
function available(path: string, packages: string): boolean {
  if (existsSync(path)) return true;
  if (process.env.CI !== undefined) throw new Error(`install ${packages}: ${path} is not there`);
  process.stderr.write(`NOT TESTED: ${path} is not there (install ${packages})\n`);
  return false;
}

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
  const failed = report.failures.filter((f) => !f.rule.startsWith("robustness/"));
  expect(failed).toEqual([]);
  expect(report.rules.filter((r) => r.outcome === "not-run")).toEqual([]);
  expect(report.notes).toContain("not applicable: the daemon does not offer FUSE_DAX_FMAP");
  expect(report.rules.find((r) => r.rule === "daemon/fmap/accepted")?.outcome).toBe("not-applicable");
  expect(obstacle(report)).toMatch(/serves no map/);
  expect(misfit("daemon-report", report)).toBeNull();
}

describe.skipIf(!available(LIBFUSE, "libfuse3-dev pkg-config gcc"))("libfuse's examples", () => {
  const source = join(folder, "source");

  beforeAll(() => {
    mkdirSync(join(source, "folder"), { recursive: true });
    writeFileSync(join(source, "file"), "some bytes");
    writeFileSync(join(source, "folder/other"), "");
    symlinkSync("file", join(source, "link"));
    const flags = execFileSync("pkg-config", ["--cflags", "--libs", "fuse3"], { encoding: "utf8" })
      .trim()
      .split(/\s+/);
    for (const name of ["hello_ll", "passthrough_ll"]) {
      const file = readdirSync(LIBFUSE).find((f) => f.startsWith(`${name}.c`)) as string;
      writeFileSync(join(folder, `${name}.c`), execFileSync("zcat", ["-f", join(LIBFUSE, file)]));
      if (existsSync(join(LIBFUSE, "passthrough_helpers.h")))
        writeFileSync(
          join(folder, "passthrough_helpers.h"),
          execFileSync("zcat", ["-f", join(LIBFUSE, "passthrough_helpers.h")]),
        );
      execFileSync("gcc", ["-O2", "-w", "-o", join(folder, name), join(folder, `${name}.c`), ...flags]);
    }
  });

  it.each<[string, readonly string[], Partial<DaemonDescription>]>([
    ["hello_ll, one thread, packets", ["hello_ll", "-f", "-s"], { channel: "seqpacket" }],
    ["hello_ll, many threads, packets", ["hello_ll", "-f"], { channel: "seqpacket" }],
    ["hello_ll, one thread, stream", ["hello_ll", "-f", "-s"], { channel: "stream" }],
    ["hello_ll, many threads, stream", ["hello_ll", "-f"], { channel: "stream" }],
    ["hello_ll, mounting", ["hello_ll", "-f", "-o", "auto_unmount"], { via: "fusermount" }],
    ["passthrough_ll, packets", ["passthrough_ll", "-f", "-o", `source=${source}`], { channel: "seqpacket" }],
    ["passthrough_ll, stream", ["passthrough_ll", "-f", "-o", `source=${source}`], { channel: "stream" }],
  ])("%s", async (_name, [program = "", ...args], how) => {
    expectConforming(await certify([join(folder, program), ...args], how));
  });
});

describe.skipIf(!available(GO_FUSE, "golang-go golang-github-hanwen-go-fuse-dev"))(
  "go-fuse's example",
  () => {
    const program = join(folder, "go-hello");

    beforeAll(() => {
      const main = "/usr/share/doc/golang-github-hanwen-go-fuse-dev/examples/hello/main.go";
      execFileSync("go", ["build", "-o", program, main], {
        env: {
          ...process.env,
          GO111MODULE: "off",
          GOPATH: "/usr/share/gocode",
          GOCACHE: join(folder, "cache"),
        },
      });
    }, 180_000);

    it.each<[string, Partial<DaemonDescription>]>([
      ["packets", { channel: "seqpacket" }],
      ["stream", { channel: "stream" }],
      ["mounting", { via: "fusermount" }],
    ])("hello, %s", async (_name, how) => {
      expectConforming(await certify([program], how));
    });
  },
);

describe("the C daemon of drivers/", () => {
  const program = join(folder, "famfsd");

  beforeAll(() => {
    const source = join(PACKAGE_ROOT, "drivers/fuse-c/famfsd.c");
    execFileSync("gcc", ["-O2", "-Wall", "-Wextra", "-Werror", "-o", program, source]);
  });

  it.each(["seqpacket", "stream"] as const)("fulfils every requirement over %s", async (channel) => {
    const report = await certify([program], { channel });
    expect(report.failures).toEqual([]);
    expect(obstacle(report)).toBeNull();
    const reasons = report.rules.filter((r) => r.outcome !== "passed").map((r) => r.reason);
    for (const reason of reasons) expect(reason).toMatch(/--expect MANIFEST/);
  });
});
