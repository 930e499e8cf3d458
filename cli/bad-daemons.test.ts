/** Daemons that misbehave as processes: each has its message, a report of what was found until then, and leaves nobody behind. */
import { spawn } from "node:child_process";
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import { misfit } from "../base/schema-check.ts";
import type { DaemonReport } from "../suites/index.ts";
import { available } from "../test/tools.ts";
import { fmapspec, scratch } from "./test/command.ts";
import { MAIN, until } from "./test/process.ts";

const folder = scratch();
const script = join(folder, "misbehaving.mjs");
copyFileSync(join(PACKAGE_ROOT, "subjects/daemon/test/misbehaving.mjs"), script);
const misbehaving = (fault: string) => ["--", process.execPath, script, fault];
const reference = (fault: string) => ["--", process.execPath, MAIN, "reference-daemon", "--fault", fault];

/** Processes that have the text among their arguments. */
const running = (text: string): string[] =>
  readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(text);
    } catch {
      return false;
    }
  });

const reportIn = (out: string): DaemonReport => {
  const report = JSON.parse(readFileSync(join(out, "daemon-report.json"), "utf8"));
  expect(misfit("daemon-report", report)).toBeNull();
  return report;
};

const outcomes = (report: DaemonReport, outcome: string) =>
  report.rules.filter((r) => r.outcome === outcome).map((r) => r.rule);

describe("a daemon that", () => {
  it.each<[string, string[], string, RegExp, string[]]>([
    [
      "never answers INIT",
      misbehaving("init-silent"),
      "daemon/reply/answered",
      /INIT was not answered/,
      ["--timeout", "300"],
    ],
    [
      "answers INIT with garbage",
      misbehaving("init-garbage"),
      "daemon/reply/length",
      /the header says 2779096485 bytes and 64 were written/,
      [],
    ],
    [
      "answers INIT too shortly",
      misbehaving("init-short"),
      "daemon/init/version",
      /protocol 0.0 in 4 bytes/,
      [],
    ],
    ["dies at INIT", misbehaving("init-crash"), "daemon/life/stays", /it was killed by SIGSEGV/, []],
    [
      "floods",
      misbehaving("flood"),
      "daemon/reply/unique",
      /note: the daemon was given up: it wrote \d+ bytes that nobody asked for/,
      [],
    ],
    [
      "floods with noise",
      misbehaving("flood-noise"),
      "daemon/reply/length",
      /note: the daemon was given up: it wrote \d+ bytes that nobody asked for/,
      [],
    ],
    [
      "forks and leaves",
      misbehaving("leave"),
      "daemon/life/stays",
      /it ended with status 0 and left a process behind that went on: start it in the foreground \(often with -f\)/,
      [],
    ],
    [
      "closes the channel",
      misbehaving("close"),
      "daemon/life/stays",
      /it closed the channel and runs on/,
      [],
    ],
    ["ends in between", misbehaving("exit"), "daemon/life/stays", /it ended with status 3/, []],
    ["dies while idle", reference("exits-when-idle"), "daemon/life/stays", /it was killed by SIGTERM/, []],
  ])("%s", async (name, command, rule, message, options) => {
    const out = join(folder, name.replaceAll(" ", "-"));
    const { status, stdout, stderr } = await fmapspec("daemon", "--out", out, ...options, ...command);
    const failed = name === "floods" ? "warning" : "failed";
    expect({ status, stderr }).toEqual({
      status: failed === "failed" ? 1 : 4,
      stderr: expect.stringMatching(/^no certificate: (failed|not checked): .*\n$/),
    });
    expect(stdout).toMatch(message);
    expect(stdout).toMatch(failed === "failed" ? /^NOT CONFORMING/m : /^INCONCLUSIVE/m);
    const report = reportIn(out);
    expect(outcomes(report, failed)).toContain(rule);
    // What was established before is in the report, what could not be is not reported as right.
    if (!name.includes("INIT")) expect(outcomes(report, "passed")).toContain("daemon/init/version");
    // One that dies of having nothing to do may do so before all was asked, or behind it.
    if (name !== "dies while idle") expect(report.unchecked).not.toEqual([]);
    const left = /left (\d+)/.exec(stdout)?.[1];
    await vi.waitFor(() => {
      expect(running(script)).toEqual([]);
      if (left !== undefined) expect(existsSync(`/proc/${left}`)).toBe(false);
    }, 10_000);
  });
});

describe("what cannot be started", () => {
  const write = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const manifest = { format: "fmapspec-manifest", version: 1, daxdevs: [], files: [] };

  it.each<[string, string[], number, RegExp]>([
    ["no command", ["--"], 2, /^fmapspec: there is no command behind --: daemon takes .*\n$/],
    ["no such program", ["--", "/nowhere/daemon"], 3, /^fmapspec: .*no such program.*\n$/],
    ["not a program", ["--", script], 3, /^fmapspec: .*not executable.*\n$/],
    ["a channel that is none", ["--channel", "pipe", ...misbehaving("none")], 2, /--channel takes auto, /],
    [
      "an odd argument",
      ["mydaemon"],
      2,
      /'mydaemon' is not an option, and daemon takes no arguments; a program to start goes behind --/,
    ],
    ["no such user", ["--user", "no such user", ...misbehaving("none")], 3, /there is no such user/],
    ["no manifest", ["--expect", join(folder, "none.json")], 2, /there is no such file/],
    ["a manifest of no JSON", ["--expect", write("text.json", "files:")], 2, /is not JSON: /],
    [
      "a manifest of another form",
      ["--expect", write("form.json", JSON.stringify({ ...manifest, files: [{ path: "/a" }] }))],
      2,
      /is no manifest: \/files\/0/,
    ],
    [
      "a manifest that no tree is like",
      ["--expect", write("tree.json", JSON.stringify({ ...manifest, directories: ["/a", "/a"] }))],
      2,
      /'\/a' is taken by the directory of \/directories\/0/,
    ],
  ])("for %s", async (_, args, status, message) => {
    const ran = await fmapspec("daemon", "--out", join(folder, "not-started"), ...args);
    expect(ran).toMatchObject({ status, stdout: "", stderr: expect.stringMatching(message) });
    expect(ran.stderr).not.toMatch(/\n {4}at /);
    expect(existsSync(join(folder, "not-started"))).toBe(false);
  });

  it.skipIf(!available("id", "coreutils"))("for want of permission to be another user", async () => {
    const getuid = vi.spyOn(process, "getuid").mockReturnValue(12_345);
    const ran = await fmapspec("daemon", "--user", "nobody", ...misbehaving("none"));
    getuid.mockRestore();
    expect(ran).toMatchObject({
      status: 3,
      stdout: "",
      stderr: "fmapspec: cannot start the daemon as 'nobody': no permission; only root may\n",
    });
  });
});

it("a run that is interrupted reports what it found until then, and takes the daemon with it", async () => {
  const out = join(folder, "interrupted");
  const child = spawn(process.execPath, [MAIN, "daemon", "--out", out, ...misbehaving("silent")]);
  const ended = new Promise((resolve) => child.once("exit", (code) => resolve(code)));
  await until(() => running(script).length > 1);
  child.kill("SIGINT");
  expect(await ended).toBe(130);
  expect(reportIn(out)).toMatchObject({ complete: false });
  await vi.waitFor(() => expect(running(script)).toEqual([]), 10_000);
});
