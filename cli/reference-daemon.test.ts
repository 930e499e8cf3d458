/** What the reference daemon's command says and prints; that it serves is tested where daemons are. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { misfit } from "../base/schema-check.ts";
import { manifestFromJson } from "../spec/index.ts";
import { FAULTS } from "../subjects/reference/faults.ts";
import { VARIANTS } from "../subjects/reference/variants.ts";
import { fmapspec, scratch } from "./test/command.ts";

const folder = scratch();

describe("the reference daemon", () => {
  it("lists its faults, each with the rule that it breaks", async () => {
    const { status, stdout } = await fmapspec("reference-daemon", "--list-faults");
    expect(status).toBe(0);
    expect(stdout.trimEnd().split("\n")).toHaveLength(FAULTS.length);
    for (const { name, rule } of FAULTS)
      expect(stdout).toMatch(new RegExp(`^${name} +${rule} +\\S.*\\.$`, "m"));
  });

  it("lists its variants", async () => {
    const { status, stdout } = await fmapspec("reference-daemon", "--list-variants");
    expect(status).toBe(0);
    expect(stdout.trimEnd().split("\n")).toHaveLength(VARIANTS.length);
    for (const { name } of VARIANTS) expect(stdout).toMatch(new RegExp(`^${name} +\\S.*\\.$`, "m"));
    const known = await fmapspec("reference-daemon", "--variant", "minor-99", "--print-manifest");
    expect(known.status).toBe(0);
  });

  it("prints the manifest that it serves, which it takes again", async () => {
    const printed = await fmapspec("reference-daemon", "--print-manifest");
    const manifest = JSON.parse(printed.stdout);
    expect(misfit("manifest", manifest)).toBeNull();
    expect(manifestFromJson(manifest).files.length).toBeGreaterThanOrEqual(20);
    const path = join(folder, "manifest.json");
    writeFileSync(path, printed.stdout);
    const again = await fmapspec("reference-daemon", "--manifest", path, "--print-manifest");
    expect(again).toEqual(printed);
  });

  it.each([
    [[], /^fmapspec: reference-daemon takes one mountpoint, \/dev\/fd\/N\n$/],
    [["/dev/fd/0", "/dev/fd/1"], /takes at most one mountpoint/],
    [["/dev/fd/0", "--", "x"], /starts no program/],
    [["/mnt"], /has to be \/dev\/fd\/N, an open FUSE channel, not '\/mnt': the reference daemon mounts/],
    [["/dev/fd/987654"], /descriptor 987654 is not open/],
    [["--fault", "none-such", "/dev/fd/0"], /there is no fault 'none-such'; --list-faults lists them/],
    [["--variant", "none-such", "/dev/fd/0"], /there is no variant 'none-such'; --list-variants lists them/],
    [["--fault", "major-8", "--variant", "minor-99", "/dev/fd/0"], /--fault or --variant, not both/],
    [["--manifest", "/no/such", "/dev/fd/0"], /cannot read \/no\/such: there is no such file/],
  ])("refuses %j", async (args, message) => {
    const ran = await fmapspec("reference-daemon", ...args);
    expect(ran).toMatchObject({ status: 2, stdout: "", stderr: expect.stringMatching(message) });
  });
});
