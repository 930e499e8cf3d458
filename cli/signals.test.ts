/** What only a process of its own shows: signals, a reader that leaves, a disk that is full. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import { misfit } from "../base/schema-check.ts";
import { available } from "../test/tools.ts";
import { scratch } from "./test/command.ts";
import { running } from "./test/process.ts";

const folder = scratch();
const main = join(PACKAGE_ROOT, "dist/cli/main.js");

const ended = (child: ChildProcess) =>
  new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));

describe("a run that is interrupted", () => {
  it.each<[NodeJS.Signals, number]>([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ])("by %s ends with %i, with a report, and leaves no process behind", async (signal, status) => {
    const driver = join(folder, `driver-${signal}`);
    const started = join(folder, `started-${signal}`);
    // A driver that hangs on its first message, in a process that carries its name.
    writeFileSync(driver, `#!/bin/sh\n: > ${started}\nwhile read -r never; do :; done\n`, { mode: 0o755 });
    const out = join(folder, `out-${signal}`);
    const child = spawn(process.execPath, [
      main,
      "parser",
      "--protocol",
      "frames",
      "--out",
      out,
      "--timeout",
      "500",
      "--",
      driver,
    ]);
    while (!existsSync(started)) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill(signal);
    expect(await ended(child)).toBe(status);
    const report = JSON.parse(readFileSync(join(out, "report.json"), "utf8"));
    expect(misfit("report", report)).toBeNull();
    expect(report).toMatchObject({ complete: false, notes: expect.arrayContaining(["interrupted"]) });
    expect(running(driver)).toEqual([]);
  });
});

describe("output that cannot be written", () => {
  it.skipIf(!available("head", "coreutils"))("is no error where the reader has seen enough", () => {
    const ran = spawnSync("sh", ["-c", `"$0" "$1" list | head -n 1`, process.execPath, main], {
      encoding: "utf8",
    });
    expect(ran.stderr).toBe("");
    expect(ran.stdout.split("\n")).toHaveLength(2);
  });

  it("is a clear one where the disk is full", () => {
    const ran = spawnSync(
      process.execPath,
      [main, "parser", "--runs", "10", "--out", join(folder, "full"), "--report", "json=/dev/full"],
      { encoding: "utf8" },
    );
    expect(ran.stderr).toMatch(/^fmapspec: cannot write \/dev\/full: the disk is full\n$/);
    expect(ran.status).toBe(2);
  });
});
