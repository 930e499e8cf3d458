/** What `fmapspec findings` prints and writes; what it finds is tested where the search is. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../suites/package-root.ts";
import { misfit } from "../suites/schema-check.ts";
import { fmapspec, scratch } from "./test/command.ts";

const folder = scratch();
const FEW = ["--runs", "300"];

describe("findings", () => {
  it("are told one after the other, and counted", async () => {
    const { status, stdout } = await fmapspec("findings", ...FEW);
    expect(status).toBe(0);
    expect(stdout).toContain("It takes a message with an fmap_version other than 1.");
    expect(stdout).toContain("<- accepts: fmap_version is 0");
    expect(stdout).toMatch(/^ {2}open\(2\): 0, on a file without a map$/m);
    expect(stdout).toMatch(/\n\n\d+ findings in rfc-v2: 300 messages for each, seed 1\n$/);
  });

  it("are written as JSON and as a page", async () => {
    const path = join(folder, "f.json");
    const ran = await fmapspec("findings", ...FEW, "--report", `json=${path}`, "--report", "markdown=-");
    expect(ran.stdout).toMatch(/^# Findings\n/);
    expect(misfit("findings", JSON.parse(readFileSync(path, "utf8")))).toBeNull();
  });

  it.each([
    [["--report", "pdf=x"], /--report takes json=PATH or markdown=PATH, not 'pdf=x'/],
    [["x"], /findings takes no argument 'x'/],
    [["--runs", "0"], /--runs takes a whole number from 1 on, not '0'/],
  ])("refuse %j", async (args, message) => {
    const ran = await fmapspec("findings", ...args);
    expect(ran).toMatchObject({ status: 2, stdout: "", stderr: expect.stringMatching(message) });
  });
});

it("the page of the docs is what the command writes", async () => {
  const page = readFileSync(join(PACKAGE_ROOT, "docs/findings.md"), "utf8");
  const { stdout } = await fmapspec("findings", "--profile", "all", "--report", "markdown=-");
  expect(stdout).toBe(page);
});
