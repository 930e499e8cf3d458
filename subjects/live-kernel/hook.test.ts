import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import { PROFILES, type Profile, profileNamed } from "../../spec/index.ts";
import { readKernelSource } from "../kernel-source/locate.ts";
import { applyHook, hooked, profileHeader } from "./hook.ts";

const OWN = join(PACKAGE_ROOT, "subjects/kernel-source/test/own");
const named = (name: string) => profileNamed(name) as Profile;

/** The lines of a stock fs/fuse that the hook goes by, as 6.1 and 7.3 have them. */
const STOCK = {
  Makefile: "obj-$(CONFIG_FUSE_FS) += fuse.o\n\nfuse-y := dev.o dir.o \\\n\tfile.o\nfuse-y += poll.o\n",
  "fuse_i.h": [
    "struct fuse_inode {",
    "\tstruct inode inode;",
    "};",
    "struct fuse_conn {",
    "\tspinlock_t lock;",
    "};",
    "#endif /* _FS_FUSE_I_H */",
    "",
  ].join("\n"),
  "inode.c": [
    "\tmutex_init(&fi->mutex);",
    "\tmutex_destroy(&fi->mutex);",
    "\t\t\t\tflags |= (u64) arg->flags2 << 32;",
    "\tia->in.flags = flags;",
    "",
  ].join("\n"),
  "file.c": "\terr = fuse_do_open(fm, get_node_id(inode), file, isdir);\n",
};

let tree: string;
beforeEach(async () => {
  tree = await mkdtemp(join(tmpdir(), "fmapspec-"));
  await mkdir(join(tree, "fs/fuse"), { recursive: true });
  await mkdir(join(tree, "include/uapi/linux"), { recursive: true });
  await writeFile(join(tree, "include/uapi/linux/fuse.h"), "");
  for (const [file, text] of Object.entries(STOCK)) await writeFile(join(tree, "fs/fuse", file), text);
});
afterEach(() => rm(tree, { recursive: true }));

const read = (file: string) => readFile(join(tree, "fs/fuse", file), "utf8");

it("puts the parser, the hook and the calls of it into a tree, and again only the parser and the profile", async () => {
  const source = await readKernelSource(OWN);
  await applyHook(tree, source, named("rfc-v2"));
  const files = await Promise.all(Object.keys(STOCK).map(read));
  expect(files[0]).toMatch(/\tfile\.o\nfuse-y \+= famfs_fmap\.o\n.*\nUBSAN_SANITIZE_famfs_fmap\.o := y\n/);
  expect(files[1]).toMatch(/struct fuse_conn \{\n\tbool famfs_iomap;[\s\S]*#include "famfs_hook.h"\n#endif/);
  expect(files[2]).toMatch(
    /famfs_meta = NULL[\s\S]*famfs_hook_free[\s\S]*famfs_hook_agreed[\s\S]*famfs_hook_offer/,
  );
  expect(files[3]).toContain("famfs_hook_open(fm, inode)");
  expect(await read("famfs_fmap.c")).toMatch(/famfs_fuse_meta_alloc[\s\S]*#include "famfs_hook.c"\n$/);
  expect(await read("famfs_profile.h")).toContain("#define FAMFS_HOOK_GET_FMAP 53\n");

  await applyHook(tree, source, named("v3"));
  expect(await Promise.all(Object.keys(STOCK).map(read))).toEqual(files);
  expect(await read("famfs_profile.h")).toContain("#define FAMFS_HOOK_GET_FMAP 54\n");
  expect((await readdir(join(tree, "fs/fuse"))).filter((name) => name.endsWith(".new"))).toEqual([]);
});

it("says what a tree lacks that it does not know its way in", async () => {
  expect(() => hooked("err = fuse_open();\n", "file.c")).toThrow(
    /^fs\/fuse\/file\.c of that kernel has no line/,
  );
  await rm(join(tree, "fs/fuse/file.c"));
  const source = await readKernelSource(OWN);
  await expect(applyHook(tree, source, named("v3"))).rejects.toThrow(/expected the source of a Linux kernel/);
});

it.each(PROFILES.filter((p) => p.request.hook === "open"))("has every number of $name", (profile) => {
  const header = profileHeader(profile);
  const value = (name: string) => new RegExp(`#define FAMFS_HOOK_${name} (.*)`).exec(header)?.[1];
  const policy = { exact: 0, "retry-once": 1, single: 2, "fmap-size": 3 }[profile.replySize.kind];
  expect(value(String(value("SIZES")).replace("FAMFS_HOOK_", ""))).toBe(String(policy));
  expect(value("SIZE_MAX")).toBe(String(profile.replySize.max));
  expect(value("INIT_FLAG")).toBe(`(1ULL << ${profile.initBit})`);
  expect(value("BODY")).toBe(profile.request.body === "none" ? "0" : "1");
});

it("has none for a revision that asks when a file is looked up", () => {
  expect(() => profileHeader(named("rfc-v1"))).toThrow(/rfc-v1 when it is looked up/);
});
