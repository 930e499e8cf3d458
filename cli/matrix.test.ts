/** Messages and a daemon before every kernel revision. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { misfit } from "../base/schema-check.ts";
import { parseFmap } from "../oracles/index.ts";
import { PROFILES } from "../spec/index.ts";
import { fmapspec, scratch } from "./test/command.ts";
import { MAIN } from "./test/process.ts";

const folder = scratch();
const SHORT = "00ff";

describe("a matrix of messages", () => {
  it("has one for each way in which the profiles differ, counted", async () => {
    const { status, stdout } = await fmapspec("matrix", "--report", "json=-");
    expect(status).toBe(0);
    const matrix = JSON.parse(stdout);
    expect(misfit("matrix", matrix)).toBeNull();
    expect(matrix.profiles).toEqual(PROFILES.map((p) => p.name));
    const rows: { cells: string[]; message: string; alike: number }[] = matrix.rows;
    expect(new Set(rows.map((r) => r.cells.join())).size).toBe(rows.length);
    expect(rows.reduce((n, r) => n + r.alike, 0)).toBeGreaterThan(500);
    for (const { cells, message } of rows)
      for (const [i, profile] of PROFILES.entries()) {
        const v = parseFmap(profile, Buffer.from(message, "hex"));
        expect(cells[i]).toBe("errno" in v ? v.errno : v.verdict);
      }
  });

  it("of messages that are given has one for each, and fails where one is refused", async () => {
    const path = join(folder, "m.md");
    const ran = await fmapspec("matrix", SHORT, "--profile", "rfc-v2", "--report", `markdown=${path}`);
    expect(ran).toMatchObject({ status: 1, stderr: "" });
    expect(ran.stdout).toBe("  message         rfc-v2\n  00ff (2 bytes)  EINVAL\n");
    expect(readFileSync(path, "utf8")).toBe("|  | rfc-v2 |\n| --- | --- |\n| 00ff (2 bytes) | EINVAL |\n");
  });

  it.each([
    [["--report", "pdf=x"], /there is no report 'pdf'; there are json, markdown, html/],
    [["00", "--", "x"], /give either messages or a daemon's command, not both/],
    [["--profile", "v99"], /there is no profile 'v99'/],
  ])("refuses %j", async (args, message) => {
    const ran = await fmapspec("matrix", ...args);
    expect(ran).toMatchObject({ status: 2, stdout: "", stderr: expect.stringMatching(message) });
  });
});

describe("a matrix of a daemon", () => {
  const daemon = (...args: string[]) => ["--", process.execPath, MAIN, "reference-daemon", ...args];

  it("has every requirement, and who takes the daemon", async () => {
    const ran = await fmapspec("matrix", "--profile", "rfc-v2", ...daemon());
    expect(ran).toMatchObject({ status: 0, stderr: "" });
    expect(ran.stdout).toMatch(/^ {2}daemon\/fmap\/accepted +passed$/m);
    expect(ran.stdout).toMatch(/\n\nrfc-v2: conforming\n$/);
  });

  it("says what is in the way", async () => {
    const ran = await fmapspec(
      "matrix",
      "--profile",
      "rfc-v2",
      "--report",
      "json=-",
      ...daemon("--fault", "overlap-in-file"),
    );
    expect(ran.status).toBe(1);
    const matrix = JSON.parse(ran.stdout);
    expect(misfit("matrix", matrix)).toBeNull();
    expect(matrix.conclusions).toEqual(["daemon/fmap/no-overlap-in-file"]);
  });
});
