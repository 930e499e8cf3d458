/** What surrounds a run on the command line: narrowing, the file of known failures, where results go. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { plain } from "../reports/index.ts";
import { badDriver } from "../test/bad-driver.ts";
import { available } from "../test/tools.ts";
import { FALSE, TRUE } from "../test/trivial-programs.ts";
import { dispatch } from "./dispatch.ts";
import { fmapspec, scratch } from "./test/command.ts";

const folder = scratch();
const out = (name: string) => ["--out", join(folder, name)];
/** Wrong on every message, and quick about it. */
const REFUSES = ["--protocol", "exec", "--", ...FALSE];

describe("what is asked", () => {
  it.each([
    ["a filter of what no driver can be asked", ["--filter", "install/*"]],
    ["a shard without a message", ["--shard", "3/3", "--runs", "2"]],
  ])("cannot be nothing: %s", async (_, args) => {
    const ran = await fmapspec("parser", "--runs", "300", ...out("nothing"), ...args);
    expect(ran).toMatchObject({
      status: 2,
      stderr: "fmapspec: --filter and --shard leave no message that this subject could be asked about\n",
    });
  });

  it("is split over shards without a rest", async () => {
    const messages = async (...args: string[]) => {
      const ran = await fmapspec("parser", "--runs", "100", "--report", "json=-", ...out("shard"), ...args);
      return JSON.parse(ran.stdout).messages;
    };
    expect(await messages("--shard", "1/3")).toBe(36);
    expect(await messages("--shard", "2/3")).toBe(32);
    expect(await messages("--shard", "3/3")).toBe(32);
  });

  it("is limited by time", async () => {
    const ran = await fmapspec("parser", "--level", "soak", "--max-time", "1", ...out("time"));
    expect(ran.status).toBe(0);
  });
});

describe("the results", () => {
  it("are nothing but failures when they are to be quiet", async () => {
    expect(await fmapspec("parser", "--runs", "300", "--quiet", ...out("quiet"))).toEqual({
      status: 0,
      stdout: "",
      stderr: "",
    });
    const failing = await fmapspec("parser", "--runs", "8", "--quiet", ...out("quiet"), ...REFUSES);
    expect(failing.stdout).toContain("NOT CONFORMING");
  });

  it("have no place under a file, which is found out before the run", async () => {
    writeFileSync(join(folder, "file"), "");
    const { command, isThere } = badDriver("frames", "none");
    const ran = await fmapspec(
      "parser",
      "--out",
      join(folder, "file"),
      "--protocol",
      "frames",
      "--",
      ...command,
    );
    expect(ran).toMatchObject({ status: 2, stdout: "" });
    expect(ran.stderr).toMatch(
      /^fmapspec: cannot make the folder .*\/file: a file is in the place of a folder\n$/,
    );
    expect(isThere()).toBe(false);
  });

  it("are stored a file for each counterexample, none over another", async () => {
    const ran = await fmapspec("parser", "--runs", "30", ...out("many"), ...REFUSES);
    const names = readdirSync(join(folder, "many", "failures"));
    const lines = ran.stdout.split("\n").filter((line) => line.startsWith("  fmapspec replay "));
    expect(names).toHaveLength(lines.length);
    for (const line of lines) expect(existsSync(line.replace("  fmapspec replay ", ""))).toBe(true);
  });

  it("keep the failures of earlier runs, each once", async () => {
    const stored = () => readdirSync(join(folder, "kept", "failures"));
    const run = (seed: string, driver: readonly string[]) =>
      fmapspec("parser", "--runs", "20", "--seed", seed, ...out("kept"), ...driver);
    await run("1", REFUSES);
    const first = stored();
    await run("2", REFUSES);
    expect(stored()).toEqual(first);
    await run("2", ["--protocol", "exec", "--", ...TRUE]);
    expect(stored()).toEqual(expect.arrayContaining(first));
    expect(stored().length).toBeGreaterThan(first.length);
  });
});

describe("known failures", () => {
  it("stay as they are when a run that should list them did not come to its end", async () => {
    const known = join(folder, "known-failures");
    const args = ["--known-failing", known, "--update-known", "--fail-fast", "--runs", "600"];
    const ran = await fmapspec("parser", ...args, ...out("known"), ...REFUSES);
    expect(ran.stderr).toBe(`fmapspec: ${known} stays as it is, because the run did not finish\n`);
    expect(existsSync(known)).toBe(false);
  });

  it("cannot be listed in a folder", async () => {
    mkdirSync(join(folder, "k"));
    const ran = await fmapspec("parser", "--known-failing", join(folder, "k"));
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringMatching(/it is a folder\n$/) });
  });
});

describe.skipIf(!available("gcc", "gcc"))("a selftest that is interrupted", () => {
  it("counts what it has tried, and calls nothing wrong that it has not", async () => {
    const abort = new AbortController();
    abort.abort();
    let stdout = "";
    const status = await dispatch(["selftest", "--jobs", "1", "01*"], {
      paint: plain,
      signal: abort.signal,
      print: (text) => {
        stdout += text;
      },
      say: () => {},
    });
    expect(status).toBe(1);
    expect(stdout).toBe("\ninterrupted: not every mutant was tried\n");
  });

  it("has to have something to try", async () => {
    expect(await fmapspec("selftest", "no-such-*")).toMatchObject({
      status: 2,
      stderr: "fmapspec: no mutant matches no-such-*\n",
    });
    expect(await fmapspec("selftest", "--", "mine")).toMatchObject({
      status: 2,
      stderr: "fmapspec: selftest starts no program: nothing goes behind --\n",
    });
  });
});

it("what the suite itself gets wrong is said to be its own fault", async () => {
  const context = { paint: plain, signal: new AbortController().signal, print: () => {}, say: vi.fn() };
  const status = await dispatch(["list"], {
    ...context,
    print: () => {
      throw new TypeError("a bug of ours");
    },
  });
  expect(status).toBe(3);
  expect(context.say.mock.calls.join()).toMatch(
    /^fmapspec is broken, please report this: TypeError: a bug of ours\n/,
  );
});
