/** A run that processes share reports what one process would have reported, and ends as well as it does. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { badDriver, TABLE } from "../test/bad-driver.ts";
import { fmapspec, scratch } from "./test/command.ts";
import { fmapspecProcess, until } from "./test/process.ts";

const folder = scratch();

const args = (out: string, runs: number, command: readonly string[], ...more: string[]) => {
  const run = ["--runs", `${runs}`, "--seed", "7", "--protocol", "frames", "--out", join(folder, out)];
  return ["parser", ...run, ...more, "--", ...command];
};

/** All of a report but what no two runs share; of a shard's state also where it has stopped looking. */
function said(out: string): object {
  const report = JSON.parse(readFileSync(join(folder, out, "report.json"), "utf8"));
  const { seconds: _, digest: __, state, ...rest } = report;
  return { ...rest, ledger: state?.ledger };
}

describe("two processes report what one reports of a driver that", () => {
  it.each([
    ["conforms", 70_000, ["none", "all"]],
    ["accepts everything", 70_000, ["accept", "all"]],
    ["crashes on one message", 3000, ["crash", TABLE[5] as string]],
  ] as const)("%s", async (name, runs, [deed, trigger]) => {
    const { command, left } = badDriver("frames", deed, trigger);
    const one = await fmapspec(...args(`${name} 1`, runs, command));
    const two = await fmapspec(...args(`${name} 2`, runs, command, "--jobs", "2"));
    expect(two.status).toBe(one.status);
    expect(said(`${name} 2`)).toEqual(said(`${name} 1`));
    expect(await left()).toEqual([]);
  });

  it("accepts everything, of one shard of two and of some rules", async () => {
    const { command } = badDriver("frames", "accept", "all");
    const some = ["--shard", "2/2", "--filter", "fmap/simple/*"];
    await fmapspec(...args("some 1", 140_000, command, ...some));
    await fmapspec(...args("some 2", 140_000, command, ...some, "--jobs", "2"));
    expect(said("some 2")).toEqual(said("some 1"));
  });
});

it("ends at the first failure with --fail-fast", async () => {
  const { command } = badDriver("frames", "accept", "all");
  await fmapspec(...args("fast", 500_000, command, "--fail-fast", "--jobs", "2"));
  expect(said("fast")).toMatchObject({ complete: false, passed: false });
  expect((said("fast") as { messages: number }).messages).toBeLessThan(512);
});

it.each([
  ["in two is gone on with in one", ["--jobs", "2"], []],
  ["in one is gone on with in two", [], ["--jobs", "2"]],
] as const)("what was interrupted %s", async (name, before, after) => {
  const { command, left, isThere } = badDriver("frames", "none", "all");
  const more = (...jobs: string[]) => args(name, 150_000, command, "--level", "full", ...jobs);
  const begun = await fmapspecProcess(more(...before), {
    async meanwhile(child) {
      await until(isThere);
      await setTimeout(800);
      child.kill("SIGINT");
    },
  });
  expect(begun).toMatchObject({ status: 130, stderr: "" });
  expect(await left()).toEqual([]);
  expect(said(name)).toMatchObject({ complete: false });
  const resumed = await fmapspec(...more(...after, "--resume"));
  expect(resumed).toMatchObject({ status: 0, stderr: "" });
  await fmapspec(...args("uninterrupted", 150_000, command, "--level", "full"));
  expect(said(name)).toEqual(said("uninterrupted"));
});

it("says why a process's subject does not start, and leaves nothing behind", async () => {
  // The first start is the run's own, the others are the processes'.
  const once = `if [ -e ${folder}/started ]; then exit 7; fi; : > ${folder}/started; exec ${badDriver("frames", "none").command.join(" ")}`;
  const ran = await fmapspec(...args("refused", 70_000, ["sh", "-c", once], "--jobs", "2"));
  expect(ran.status).toBe(1);
  expect(ran.stdout).toContain("ended with status 7");
});

it.each([["0"], ["65"], ["two"]])("refuses --jobs %s", async (jobs) => {
  const ran = await fmapspec(...args("bad", 10, ["true"], "--jobs", jobs));
  expect(ran.status).toBe(2);
  expect(ran.stderr).toMatch(/^fmapspec: --jobs /);
});
