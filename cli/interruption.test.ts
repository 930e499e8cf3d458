/** Signals: a run ends in good order with its report, everything else at once, and nothing stays behind. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { misfit } from "../base/schema-check.ts";
import { badDriver } from "../test/bad-driver.ts";
import { scratch } from "./test/command.ts";
import { fmapspecProcess, until } from "./test/process.ts";

const folder = scratch();

/** Arguments of a run that goes on for minutes over a driver; a path for what it leaves. */
function longRun(name: string, deed: string) {
  const { command, left, isThere } = badDriver("frames", deed);
  const out = join(folder, name);
  const args = ["parser", "--level", "full", "--out", out, "--protocol", "frames", "--", ...command];
  return { out, args, left, isThere };
}

describe("a run", () => {
  it.each([
    ["SIGHUP", 129],
    ["SIGTERM", 143],
  ] as const)(
    "that gets %s ends with status %i, what it has found written, its driver gone",
    async (signal, status) => {
      const { out, args, left, isThere } = longRun(signal, "accept");
      const ran = await fmapspecProcess(args, {
        async meanwhile(child) {
          await until(isThere);
          await setTimeout(1000);
          child.kill(signal);
        },
      });
      expect(ran).toMatchObject({ status, stderr: "" });
      expect(ran.stdout).toContain("NOT CONFORMING as far as the run went");
      const report = JSON.parse(readFileSync(join(out, "report.json"), "utf8"));
      expect(misfit("report", report)).toBeNull();
      expect(report).toMatchObject({
        complete: false,
        passed: false,
        notes: expect.arrayContaining(["interrupted"]),
      });
      const written = readdirSync(out, { recursive: true }).map(String);
      expect(
        written.filter((name) => !/^((report|journal)\.json|failures(\/[\w-]+\.json)?)$/.test(name)),
      ).toEqual([]);
      expect(await left()).toEqual([]);
    },
  );

  it("that gets a second signal ends at once, even while its driver hangs", async () => {
    const { args, left, isThere } = longRun("twice", "hang");
    const ran = await fmapspecProcess(args, {
      async meanwhile(child) {
        await until(isThere);
        await setTimeout(500);
        child.kill("SIGINT");
        await setTimeout(200);
        child.kill("SIGINT");
      },
    });
    expect(ran).toEqual({ status: 130, stdout: "", stderr: "" });
    expect(await left()).toEqual([]);
  });
});

describe("a command that waits for input", () => {
  it.each([
    [["judge", "-"], "SIGINT", 130],
    [["driver"], "SIGINT", 130],
    [["driver", "--protocol", "frames"], "SIGTERM", 143],
  ] as const)("%j ends at %s", async (args, signal, status) => {
    const ran = await fmapspecProcess(args, {
      async meanwhile(child) {
        await setTimeout(1000);
        child.kill(signal);
      },
    });
    expect(ran).toEqual({ status, stdout: "", stderr: "" });
  });
});
