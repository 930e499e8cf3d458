import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import { DEFAULT_PROFILE } from "../../spec/index.ts";
import { SEED } from "../../test/seed.ts";
import { kernelFolder } from "./folder.ts";

const own = join(PACKAGE_ROOT, "subjects/kernel-source/test/own");
const sources = [own, ...(SEED ? [join(SEED, "kernel/famfs.c")] : [])];

describe.each(sources)("%s", (source) => {
  it.each(["kunit", "module"] as const)("gives the same %s folder twice", async (kind) => {
    const once = await kernelFolder(kind, source, DEFAULT_PROFILE);
    expect([...(await kernelFolder(kind, source, DEFAULT_PROFILE))]).toEqual([...once]);
    for (const text of once.values()) expect(text).not.toContain(PACKAGE_ROOT);
  });
});

describe("what stands in a folder", () => {
  it("includes nothing that is neither there nor the kernel's", async () => {
    for (const kind of ["kunit", "module"] as const) {
      const files = await kernelFolder(kind, own, DEFAULT_PROFILE);
      for (const [path, text] of files) {
        for (const [, name] of text.matchAll(/^#include "(.*)"$/gm))
          expect(
            files.has(join(path, "..", `${name}`)) || files.has(`${name}`),
            `${path} includes ${name}`,
          ).toBe(true);
      }
      const objects = /-y := (.*)/.exec(files.get("Makefile") ?? "")?.[1]?.split(" ") ?? [];
      for (const object of objects) expect(files.has(object.replace(/o$/, "c"))).toBe(true);
    }
  });

  it("gives names of its own to what the source defines", async () => {
    const text = (await kernelFolder("kunit", own, DEFAULT_PROFILE)).get("source.c");
    for (const name of ["__famfs_meta_free", "famfs_file_init_dax", "famfs_fuse_meta_alloc"])
      expect(text).toContain(`#define ${name} fmapspec_${name}`);
  });
});
