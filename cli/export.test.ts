import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { EXPORTS } from "../exports/index.ts";
import { fmapspec, scratch } from "./test/command.ts";

const folder = scratch();

describe("export", () => {
  it("writes the files of a kind, and programs as programs", async () => {
    const out = join(folder, "kselftest");
    const { status, stderr } = await fmapspec("export", "kselftest", "--profile", "v7", "--out", out);
    expect(status).toBe(0);
    expect(stderr).toBe(`fmapspec: 4 files in ${out}\n`);
    expect(statSync(join(out, "famfs_fmap.sh")).mode & 0o777).toBe(0o755);
    expect(readFileSync(join(out, "famfs_fmap.sh"), "utf8")).toContain("kernel --profile v7 ");
    const single = await fmapspec("export", "syzlang", "--out", join(folder, "syzlang"));
    expect(single.stderr).toContain("1 file in ");
    expect(existsSync(join(folder, "syzlang/fs_fuse_famfs_rfc_v2.txt"))).toBe(true);
  });

  it("lists every kind", async () => {
    const { stdout } = await fmapspec("export", "--help");
    for (const kind of Object.keys(EXPORTS)) expect(stdout).toMatch(new RegExp(`^ {2}${kind} `, "m"));
  });

  it.each([
    [[], /export takes one kind: fmapspec export KIND/],
    [
      ["toString", "--out", "x"],
      /there is no export 'toString'; there are kunit, module, kselftest, corpus, kfuzztest, syzlang/,
    ],
    [["corpus", "syzlang", "--out", "x"], /export takes one kind/],
    [["corpus"], /export needs a folder to write: --out DIR/],
    [
      ["module", "--out", join(folder, "module")],
      /name a tree, famfs\.c, patch or mail with --kernel-source/,
    ],
  ])("refuses %j", async (args, message) => {
    const { status, stderr } = await fmapspec("export", ...args);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });
});
