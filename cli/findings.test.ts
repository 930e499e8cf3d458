/** What `fmapspec findings` prints and writes; what it finds is tested where the search is. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import { misfit } from "../base/schema-check.ts";
import { OWN, planted } from "../test/planted.ts";
import { available } from "../test/tools.ts";
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

  const KERNEL = [...FEW, "--kernel-source"];

  it.skipIf(!available("gcc", "gcc"))("are asked of kernel source, and confirmed", async () => {
    const ran = await fmapspec("findings", ...KERNEL, OWN);
    expect(ran).toMatchObject({ status: 0, stderr: "" });
    expect(ran.stdout).toMatch(/^ {2}source: does the same; shift of an int beyond .* famfs\.c:\d+:\d+$/m);
    expect(ran.stdout).toContain("  source: does the same; memory is never freed");
    expect(ran.stdout).toContain("  source: not tried, it is not the parser's doing\n");
  });

  it.skipIf(!available("gcc", "gcc"))("that the source contradicts are told, and fail", async () => {
    const path = planted(OWN, join(folder, "strict"), [["head->nextents < 1", "head->fmap_version != 1"]]);
    const ran = await fmapspec("findings", ...KERNEL, path);
    expect(ran.status).toBe(1);
    expect(ran.stdout).toContain("  source: differs: EINVAL\n");
    expect(ran.stdout).toMatch(/\nNOT CONFIRMED: the source contradicts 1 of them\n$/);
  });

  it.each([
    [["--kernel-source", "x", "--profile", "all"], /--kernel-source is of one revision: give its --profile/],
    [["--cc", "gcc"], /--cc goes with --kernel-source/],
    [["--report", "pdf=x"], /there is no report 'pdf'; there are json, markdown/],
    [["x"], /'x' is not an option, and findings takes no arguments/],
    [["--runs", "0"], /--runs takes a whole number of at least 1, not '0'/],
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
