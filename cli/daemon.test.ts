/** Daemons through the command line: certificates, and daemons that do not even begin well. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import { misfit } from "../base/schema-check.ts";
import { available } from "../test/tools.ts";
import { fmapspec, scratch } from "./test/command.ts";
import { running } from "./test/process.ts";

const folder = scratch();
const main = join(PACKAGE_ROOT, "dist/cli/main.js");
const famfsd = join(folder, "famfsd");
const read = (path: string) => JSON.parse(readFileSync(path, "utf8"));

const gcc = available("gcc", "gcc");
beforeAll(() => {
  if (gcc) execFileSync("gcc", ["-O2", "-o", famfsd, join(PACKAGE_ROOT, "drivers/fuse-c/famfsd.c")]);
});

describe.skipIf(!gcc)("a certificate", () => {
  const out = join(folder, "good");
  const certificate = join(out, "certificate.json");

  it("is written for a daemon that conforms, and holds", async () => {
    const ran = await fmapspec("daemon", "--seed", "1", "-v", "--out", out, "--", famfsd);
    expect(ran.stderr).toBe("");
    expect(ran.status).toBe(0);
    expect(ran.stdout).toMatch(/CONFORMING: \d+ requirements passed, 0 failed/);
    expect(misfit("certificate", read(certificate))).toBeNull();
    expect(misfit("daemon-report", read(join(out, "daemon-report.json")))).toBeNull();
    const again = await fmapspec("verify", certificate);
    expect(again).toMatchObject({ status: 0, stdout: expect.stringMatching(/^HOLDS /) });
  });

  it("does not hold for another daemon", async () => {
    const { status, stdout } = await fmapspec(
      "verify",
      certificate,
      "--",
      process.execPath,
      main,
      "reference-daemon",
    );
    expect(status).toBe(1);
    expect(stdout).toMatch(/DOES NOT HOLD[\s\S]*the executable is another one/);
  });

  it("is not written, and an old one is taken away, when a requirement fails", async () => {
    const ran = await fmapspec(
      "daemon",
      "--seed",
      "1",
      "--out",
      out,
      "--",
      process.execPath,
      main,
      "reference-daemon",
      "--fault",
      "overlap-in-file",
      "{mountpoint}",
    );
    expect(ran.status).toBe(1);
    expect(ran.stdout).toMatch(/FAILED daemon\/fmap\/no-overlap-in-file/);
    expect(ran.stderr).toMatch(/^no certificate: failed: daemon\/fmap\/no-overlap-in-file\n/);
    expect(existsSync(certificate)).toBe(false);
  });
});

describe("verify", () => {
  const certificate = join(folder, "verified", "certificate.json");
  const changed = (name: string, overrides: object) => {
    const path = join(folder, `${name}.json`);
    writeFileSync(path, JSON.stringify({ ...read(certificate), ...overrides }));
    return path;
  };

  beforeAll(async () => {
    const manifest = join(folder, "served.json");
    writeFileSync(manifest, (await fmapspec("reference-daemon", "--print-manifest")).stdout);
    const out = join(folder, "verified");
    const ran = await fmapspec("daemon", "--profile", "rfc-v2", "--expect", manifest, "--out", out);
    expect(ran.status).toBe(0);
  }, 60_000);

  it("takes the manifest that was meant once more", async () => {
    const manifest = join(folder, "served.json");
    expect(await fmapspec("verify", certificate, "--expect", manifest)).toMatchObject({ status: 0 });
    const without = await fmapspec("verify", certificate);
    expect(without.status).toBe(1);
    expect(without.stdout).toMatch(/daemon\/intent\/extents was passed and is not-applicable/);
  });

  it("says what a daemon fails now", async () => {
    const subject = { ...read(certificate).subject };
    subject.command = [
      process.execPath,
      main,
      "reference-daemon",
      "--fault",
      "overlap-in-file",
      "{mountpoint}",
    ];
    const ran = await fmapspec("verify", changed("worse", { subject }));
    expect(ran.status).toBe(1);
    expect(ran.stdout).toMatch(/DOES NOT HOLD.*\n {2}failed: daemon\/fmap\/no-overlap-in-file\n/);
  });

  it.each<[string, () => string[], RegExp]>([
    ["nothing", () => [], /verify takes one certificate file/],
    ["two files", () => [certificate, certificate], /verify takes one certificate file; .* is one too many/],
    ["no such file", () => [join(folder, "none")], /there is no such file/],
    ["another document", () => [join(folder, "served.json")], /is no certificate: /],
    ["another version's profile", () => [changed("v99", { profile: "v99" })], /is for profile v99/],
  ])("refuses %s", async (_, args, message) => {
    const ran = await fmapspec("verify", ...args());
    expect(ran).toMatchObject({ status: 2, stdout: "", stderr: expect.stringMatching(message) });
  });
});

describe.skipIf(!available("sleep", "coreutils"))("a daemon that does not begin well", () => {
  const script = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    return path;
  };

  it.each<[string, string, RegExp]>([
    [
      "answers garbage",
      'cat "$1" >/dev/null & printf nonsense-nonsense >&3; sleep 100',
      /FAILED daemon\/reply\//,
    ],
  ])("%s", async (name, text, expected) => {
    const path = script(name.replaceAll(" ", "-"), text);
    const out = join(folder, "bad");
    const ran = await fmapspec("daemon", "--timeout", "700", "--out", out, "--", path);
    expect(ran.stdout).toMatch(expected);
    expect(ran.stdout).toMatch(/NOT CONFORMING/);
    expect(ran.status).toBe(1);
    expect(ran.stderr).toMatch(/^no certificate: /);
    expect(misfit("daemon-report", read(join(out, "daemon-report.json")))).toBeNull();
    // Whoever carries the script's name would be a process left behind.
    expect(running(path)).toEqual([]);
  });
});

describe("a daemon that cannot be attached", () => {
  it("ends the run with exit status 3, what it printed, and what to try", async () => {
    const out = join(folder, "unattached");
    const ran = await fmapspec("daemon", "--out", out, "--", "sh", "-c", "echo no such place; exit 1");
    expect(ran).toMatchObject({ status: 3, stdout: "" });
    expect(ran.stderr).toMatch(/could not be attached:[\s\S]*output: no such place[\s\S]*what to try:/);
    expect(existsSync(join(out, "daemon-report.json"))).toBe(false);
  });
});

describe("reference-daemon", () => {
  it("lists its faults and prints its manifest", async () => {
    const faults = (await fmapspec("reference-daemon", "--list-faults")).stdout.trim().split("\n");
    expect(faults.length).toBeGreaterThanOrEqual(40);
    const manifest = JSON.parse((await fmapspec("reference-daemon", "--print-manifest")).stdout);
    expect(misfit("manifest", manifest)).toBeNull();
    expect(manifest.files).toHaveLength(20);
  });

  it("refuses a mountpoint that is no open channel", async () => {
    const { status, stderr } = await fmapspec("reference-daemon", "/mnt");
    expect(status).toBe(2);
    expect(stderr).toMatch(/the mountpoint has to be \/dev\/fd\/N/);
  });
});
