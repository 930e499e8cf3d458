/** From a bug to its smallest message, and back: what a run stores, replay shows again. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import { DEFAULT_PROFILE } from "../spec/index.ts";
import { ParserMutants, readMutants } from "../suites/studies/selftest/parser-mutants.ts";
import { badDriver, TABLE } from "../test/bad-driver.ts";
import { available } from "../test/tools.ts";
import { fmapspec, scratch } from "./test/command.ts";

const folder = scratch();
const read = (path: string) => JSON.parse(readFileSync(path, "utf8"));
const hex = (...parts: string[]) => parts.join("").replaceAll(" ", "");

/** Runs the suite over a driver; returns its counterexample files. */
async function counterexamples(name: string, ...args: string[]): Promise<string[]> {
  const out = join(folder, name);
  const { status } = await fmapspec("parser", "--seed", "1", "--out", out, ...args);
  expect(status).toBe(1);
  return readdirSync(join(out, "failures")).map((file) => join(out, "failures", file));
}

/** One simple extent of 2 MiB, as far as the bug does not show in it. */
const HEADER = "00 00 0100 00000000 01000000 00000000 0000200000000000 0000000000000000";
const CASES = {
  "015-nextents-limit-removed": {
    rule: "fmap/header/nextents-limit",
    actual: "EINVAL",
    message: hex("00 00 0100 00000000 ffffffff 00000000 0000200000000000 0000000000000000"),
  },
  "077-offset-removed": {
    rule: "fmap/simple/offset-alignment",
    actual: "accepted",
    message: hex(HEADER, "00000000 00000000 0100000000000000 0000200000000000"),
  },
  "096-length-removed": {
    rule: "fmap/simple/length-alignment",
    actual: "accepted",
    message: hex(HEADER, "00000000 00000000 0000000000000000 0100200000000000"),
  },
} as const;
type Name = keyof typeof CASES;

describe.skipIf(!available("gcc", "gcc"))("a bug in a parser", () => {
  let test: ParserMutants;
  const programs = new Map<string, string>();
  const found = new Map<string, string>();

  beforeAll(async () => {
    test = await ParserMutants.prepare(DEFAULT_PROFILE, { seed: 1, signal: new AbortController().signal });
    const mutants = await readMutants();
    for (const name of Object.keys(CASES))
      programs.set(name, await test.build(mutants.find((m) => m.name === name) as (typeof mutants)[number]));
    programs.set("none", join(folder, "none"));
    execFileSync("gcc", ["-O1", "-o", join(folder, "none"), join(PACKAGE_ROOT, "drivers/c/frames.c")]);
  });
  afterAll(() => test.dispose());
  const subject = (name: string) => ["--protocol", "frames", "--", programs.get(name) as string];

  it.each(Object.keys(CASES) as Name[])("%s shrinks to the message that says it all", async (name) => {
    const { rule, actual, message } = CASES[name];
    const stored = await counterexamples(name, "--runs", "3000", ...subject(name));
    const files = stored.filter((path) => read(path).actual === actual);
    expect(files.map((path) => read(path))).toEqual([expect.objectContaining({ rule, actual, message })]);
    found.set(name, files[0] as string);
  });

  it("is FAILED when it is replayed, FIXED without it, DIFFERENT with another", async () => {
    const file = found.get("077-offset-removed") as string;
    const replay = (...args: string[]) => fmapspec("replay", file, ...args);
    expect(await replay()).toMatchObject({
      status: 1,
      stdout: "FAILED fmap/simple/offset-alignment: accepted\n",
    });
    expect(await replay(...subject("none"))).toMatchObject({
      status: 0,
      stdout: "FIXED fmap/simple/offset-alignment\n",
    });
    expect(await replay("--protocol", "exec", "--", "sh", "-c", "echo EIO; exit 1")).toMatchObject({
      status: 1,
      stdout: "DIFFERENT fmap/simple/offset-alignment: EIO\n  when it was stored: accepted\n",
    });
  });

  it("that needs other powers to be replayed than the subject has, is not said to be fixed", async () => {
    const file = found.get("077-offset-removed") as string;
    expect(
      (await fmapspec("replay", file, "--protocol", "exec", "--", "sh", "-c", "exit 89")).stdout,
    ).toMatch(/^DIFFERENT fmap\/simple\/offset-alignment: the message was skipped\n/);
  });
});

describe("a driver that crashes on every message of three extents", () => {
  it("is shown by 16 bytes, the shortest that can say so", async () => {
    const { command } = badDriver("frames", "crash", "8=3");
    const runs = TABLE.findIndex((message) => message.startsWith("03", 16)) + 20;
    const stored = await counterexamples(
      "crash",
      "--runs",
      `${runs}`,
      "--protocol",
      "frames",
      "--",
      ...command,
    );
    expect(stored.map(read)).toEqual([
      expect.objectContaining({
        rule: "fmap/header/underflow",
        kind: "crash",
        message: hex("00 00 0100 00000000 03000000 00000000"),
        actual: "killed by SIGSEGV; stderr: about to die",
      }),
    ]);
  });
});
