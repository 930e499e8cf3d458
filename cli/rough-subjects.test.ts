/** Subjects that do the suite harm as far as they can: it has a verdict, keeps its memory, and leaves nobody behind. */
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import { badDriver } from "../test/bad-driver.ts";
import { scratch } from "./test/command.ts";
import { fmapspecProcess, running } from "./test/process.ts";

const folder = scratch();
const misbehaving = join(folder, "misbehaving.mjs");
copyFileSync(join(PACKAGE_ROOT, "subjects/daemon/test/misbehaving.mjs"), misbehaving);

/** MiB that the process has had in memory at once until now; 0: it is gone. */
function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Runs the suite in a process of its own; `peak`: MiB that it had in memory at once. */
async function measured(args: readonly string[]) {
  let peak = 0;
  const ran = await fmapspecProcess(args, {
    async meanwhile(child) {
      while (child.exitCode === null && child.signalCode === null) {
        peak = Math.max(peak, peakOf(child.pid as number));
        await setTimeout(20);
      }
    },
  });
  return { ...ran, peak };
}

/** MiB beside what a quiet subject takes: some for a garbage collector that is late, far from what is written. */
const SLACK = 200;

const parser = (deed: string, trigger: string, ...options: readonly string[]) => {
  const driver = badDriver("frames", deed, trigger);
  const how = ["--seed", "1", "--out", join(folder, deed), "--protocol", "frames", ...options];
  return { left: driver.left, args: ["parser", ...how, "--", ...driver.command] };
};
const daemon = (fault: string) => {
  const out = join(folder, `daemon-${fault}`);
  return ["daemon", "--timeout", "1000", "--out", out, "--", process.execPath, misbehaving, fault];
};

describe("a driver that", () => {
  const quiet = measured(parser("none", "all", "--runs", "300").args);
  /** Each breakdown of these costs three times as much as an answer may take. */
  const first = ["--runs", "6", "--fail-fast", "--timeout", "500"];

  it.each([
    ["crashes on every third message", "crash", "every=3", 1, first],
    ["hangs on every third message", "hang", "every=3", 1, first],
    ["closes its stdin", "close-stdin", "every=3", 1, first],
    ["closes its stdout", "close-stdout", "every=3", 1, first],
    ["answers a thousand times", "thousandfold", "every=3", 1, first],
    ["writes a gigabyte to stderr", "loud", "every=150", 0, ["--runs", "300", "--timeout", "60000"]],
  ] as const)("%s", async (_, deed, trigger, status, options) => {
    const { args, left } = parser(deed, trigger, ...options);
    const ran = await measured(args);
    expect(ran).toMatchObject({ status, stderr: "" });
    expect(ran.stdout).toMatch(status === 0 ? /\nCONFORMING: / : /\nNOT CONFORMING/);
    expect(ran.peak).toBeLessThan((await quiet).peak + SLACK);
    expect(await left()).toEqual([]);
  });
});

describe("a daemon that", () => {
  const quiet = measured(daemon("none"));

  it.each([
    ["crashes at every third request", "crash-each-third", /daemon\/life\/stays[\s\S]*SIGSEGV/],
    ["answers a thousand times", "thousandfold", /daemon\/reply\/once/],
    ["writes a gigabyte to stderr", "loud", /CONFORMING/],
  ])("%s", async (_, fault, said) => {
    const ran = await measured(daemon(fault));
    expect(ran.status).toBe(1);
    expect(ran.stderr).toMatch(/^no certificate: .*\n$/);
    expect(ran.stdout).toMatch(said);
    expect(ran.peak).toBeLessThan((await quiet).peak + SLACK);
    await vi.waitFor(() => expect(running(misbehaving)).toEqual([]), 10_000);
  });
});
