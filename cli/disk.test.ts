/** A disk that is full or read-only: the verdict is told all the same, and what is written is whole. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { badDriver } from "../test/bad-driver.ts";
import { scratch } from "./test/command.ts";
import { MAIN } from "./test/process.ts";
import { mountsDisks, onSmallDisk } from "./test/small-disk.ts";

const folder = scratch();
const RUNS = {
  parser: ["parser", "--protocol", "frames"],
  daemon: ["daemon"],
} as const;
type Suite = keyof typeof RUNS;

/** A subject that fails, so that there is something to write. */
const failing = (suite: Suite) =>
  suite === "parser"
    ? badDriver("frames", "accept").command
    : [process.execPath, MAIN, "reference-daemon", "--fault", "overlap-in-file", "{mountpoint}"];

function run(suite: Suite, name: string, kib: number, before = "", ...more: readonly string[]) {
  const disk = join(folder, `${suite}-${name}`);
  const extent = suite === "parser" && more.length === 0 ? ["--runs", "3000"] : more;
  const args = [...RUNS[suite], "--out", disk, ...extent, "--", ...failing(suite)];
  const ran = onSmallDisk(disk, kib, before, args);
  const copy = `${disk}.copy`;
  const left = readdirSync(copy, { recursive: true })
    .map((path) => join(copy, String(path)))
    .filter((path) => statSync(path).isFile());
  return { ...ran, disk, left };
}

const suites = ["parser", "daemon"] as const;
/** Room for nothing, for some of the failures, and for all but a journal. */
const SIZES = [4, 24, 64] as const;

const there = mountsDisks();

describe.skipIf(!there).each(suites)("%s", (suite) => {
  it.each(SIZES)("on a full disk of %i KiB tells its verdict and what it could not write", (kib) => {
    const { status, stdout, stderr, left } = run(
      suite,
      `full-${kib}`,
      kib,
      "head -c 3k /dev/zero > $DISK/zeros",
    );
    expect(stdout).toMatch(/\nNOT CONFORMING: \d+ /);
    const said = stderr.split("\n").filter((line) => line.startsWith("fmapspec: "));
    for (const line of said) expect(line).toMatch(/^fmapspec: cannot write \S+: the disk is full/);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect(left.filter((path) => path.endsWith(".tmp"))).toEqual([]);
    for (const path of left.filter((path) => path.endsWith(".json"))) JSON.parse(readFileSync(path, "utf8"));
    // Of a daemon there is little to write.
    if (kib === SIZES[0]) expect(said).not.toEqual([]);
    expect(status).toBe(said.some((line) => !/the run goes on/.test(line)) ? 2 : 1);
  });

  it("on a disk that becomes read-only while it runs tells its verdict, too", () => {
    const before = `(sleep 1.2; while ! mount -o remount,ro "$DISK"; do sleep 0.1; done) 2>/dev/null &`;
    const longer = suite === "parser" ? ["--level", "soak", "--max-time", "4"] : [];
    const { status, stdout, stderr } = run(suite, "becomes", 4096, before, ...longer);
    expect(stderr).toContain("the file system is read-only");
    expect(stderr).not.toMatch(/\n {4}at /);
    expect(stdout).toMatch(/\nNOT CONFORMING/);
    expect(status).toBe(2);
  });
});

it.skipIf(!there)("a read-only folder is found out before the parser runs", () => {
  const { status, stdout, stderr, disk, left } = run("parser", "ro", 64, 'mount -o remount,ro "$DISK"');
  expect({ status, stdout, stderr }).toEqual({
    status: 2,
    stdout: "",
    stderr: `fmapspec: cannot write ${disk}/.lock: the file system is read-only\n`,
  });
  expect(left).toEqual([]);
});
