/** The suite for the parser's own tree, compiled behind each revision's parser in a process that plays KUnit. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import { PROFILES, type Profile, type ProfileName, profileNamed } from "../../spec/index.ts";
import { available } from "../../test/tools.ts";
import { compile, findCompiler } from "../kernel-source/compiler.ts";
import { cutSource, HARNESS } from "../kernel-source/cut-parser.ts";
import { protocolHeader } from "../kernel-source/observation.ts";
import { REVISIONS } from "../kernel-source/test/revisions.ts";
import { inTreeFolder } from "./in-tree.ts";

const folder = mkdtempSync(join(tmpdir(), "fmapspec-in-tree-"));
afterAll(() => rmSync(folder, { recursive: true }));

const FIXTURE = join(PACKAGE_ROOT, "subjects/kernel-source/test/revisions");
const KUNIT = join(PACKAGE_ROOT, "subjects/in-kernel/test/kunit.h");

/** Headers of the kernel that the suite names; what they have is in the harness's kernel.h. */
const HEADERS = ["linux/mm.h", "linux/types.h", "linux/pgtable.h", "linux/slab.h", "linux/string.h"];

const folders = new Map<Profile, ReturnType<typeof inTreeFolder>>();

/** The folder of a profile, made once. */
function folderOf(profile: Profile): ReturnType<typeof inTreeFolder> {
  const made = folders.get(profile) ?? inTreeFolder(profile);
  folders.set(profile, made);
  return made;
}

/** What a revision's parser with these edits makes of the vectors: a line for each. */
async function run(name: ProfileName, edits: readonly (readonly [string, string])[] = []): Promise<string[]> {
  const profile = profileNamed(name) as Profile;
  const tree = mkdtempSync(join(folder, name));
  cpSync(FIXTURE, tree, { recursive: true });
  let parser = `#define FAMFS_REVISION ${REVISIONS[name]}\n${readFileSync(join(tree, "famfs.c"), "utf8")}`;
  for (const [before, after] of edits) {
    expect(parser).toContain(before);
    parser = parser.replace(before, after);
  }
  writeFileSync(join(tree, "famfs.c"), parser);
  const { cut } = await cutSource(tree, profile);
  const built = join(tree, "built");
  for (const header of ["kunit/test.h", ...HEADERS]) {
    mkdirSync(join(built, header, ".."), { recursive: true });
    writeFileSync(join(built, header), header.startsWith("kunit") ? readFileSync(KUNIT) : "#pragma once\n");
  }
  for (const [path, text] of await folderOf(profile)) writeFileSync(join(built, path), text);
  writeFileSync(join(built, "protocol.h"), protocolHeader(profile));
  writeFileSync(
    join(built, "all.c"),
    [
      "#define FMAPSPEC_PARSER famfs_fuse_meta_alloc",
      '#include "protocol.h"',
      '#include "kernel.h"',
      "void inode_lock(struct inode *inode) { (void)inode; }",
      "void inode_unlock(struct inode *inode) { (void)inode; }",
      "void fmapspec_before_swap(void *place) { (void)place; }",
      "void reply_flush(void) {}",
      cut.text,
      '#include "fmapspec_kunit.c"',
      "int main(void) { return kunit_main(suites); }",
    ].join("\n"),
  );
  const failed = await compile(await findCompiler(undefined), {
    ...{ folder: built, source: "all.c", include: HARNESS, program: "suite" },
    harness: ["ledger.c", "sites.c", "watch.c"].map((file) => join(HARNESS, file)),
  });
  expect(failed?.stderr ?? "").toBe("");
  return execFileSync(join(built, "suite"), { encoding: "utf8" }).trimEnd().split("\n");
}

const failing = (lines: readonly string[]) => lines.filter((line) => !line.startsWith("ok "));

describe.skipIf(!available("gcc", "gcc"))("in the parser's own file", () => {
  it.each(PROFILES.map((p) => p.name))("the vectors of %s hold", { timeout: 60_000 }, async (name) => {
    const lines = await run(name);
    expect(failing(lines)).toEqual([]);
    expect(lines.length).toBeGreaterThan(150);
  });

  it("a parser with another limit fails the rule of the limit", { timeout: 60_000 }, async () => {
    const lines = failing(await run("rfc-v2", [["SINCE(2) ? 32 : 2", "SINCE(2) ? 33 : 2"]]));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatch(/: fmap\/header\/nextents-limit: the errno differs$/);
  });

  it("a parser that keeps another offset fails for its maps", { timeout: 60_000 }, async () => {
    const lines = failing(
      await run("rfc-v2", [["wire->se_offset, wire->se_len", "(2 << 20) + wire->se_offset, wire->se_len"]]),
    );
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) expect(line).toMatch(/: the map differs$/);
  });
});

it("is the same folder each time, with nothing of this machine in it", async () => {
  for (const profile of PROFILES) {
    const once = await folderOf(profile);
    expect([...(await inTreeFolder(profile))]).toEqual([...once]);
    for (const text of once.values()) expect(text).not.toContain(PACKAGE_ROOT);
    expect(once.get("cases.h")).not.toContain("fail_allocation");
    expect(once.get("profile.h")).toContain(profile.name === "rfc-v1" ? "meta_alloc_v3" : "fuse_meta_alloc");
  }
});
