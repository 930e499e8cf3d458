import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import { DEFAULT_PROFILE } from "../../spec/profiles/index.ts";
import { type BuiltParser, buildKernelSource } from "./build.ts";
import { hasCompiler, withEachCompiler } from "./test/compilers.ts";
import { HarnessClient } from "./test/harness-client.ts";
import { MIB2, simpleMessage } from "./test/messages.ts";
import { filesOf, gitDiff, patchOf } from "./test/patches.ts";

const fixtures = join(PACKAGE_ROOT, "subjects/kernel-source/test");

withEachCompiler("a source that uses what later revisions use", (cc) => {
  let built: BuiltParser;
  let client: HarnessClient;
  const two = simpleMessage(2n * MIB2, [
    [1, 0n, MIB2],
    [2, 4n * MIB2, MIB2],
  ]);
  beforeAll(async () => {
    built = await buildKernelSource(join(fixtures, "later"), DEFAULT_PROFILE, { cc });
    client = new HarnessClient(built.executable);
  });
  afterAll(async () => {
    await client.stop();
    await built.dispose();
  });

  it("is compiled, and its map read without interleaved extents", async () => {
    const { rc, map, seen, resolved } = await client.judge(two, {
      resolve: [
        [MIB2 + 4096n, MIB2],
        [2n * MIB2, 1n],
      ],
    });
    expect(rc).toBe(0);
    expect(map).toMatchObject({ extType: 0, devBitmap: 6n, items: [{ dev: 1n }, { dev: 2n }] });
    expect(seen).toMatchObject({ leaked: 0, lockDepth: 0, dax: 1, asan: 0, otherUb: 0 });
    expect(resolved[0]).toEqual({
      rc: 0,
      mapped: 1,
      devindex: 2n,
      offset: 4n * MIB2 + 4096n,
      length: MIB2 - 4096n,
    });
    expect(resolved[1]?.rc).toBe(-5);
  });

  it("succeeds where somebody else was faster, and frees its own map", async () => {
    for (const scene of ["mapped", "lostRace", "lateRival"] as const) {
      const { rc, map, seen } = await client.judge(two, { scene });
      expect(rc, scene).toBe(0);
      expect(map?.items).toEqual([{ dev: 0n, offset: 0n, length: MIB2 }]);
      expect(seen).toMatchObject({ mapState: 2, leaked: 0, lockDepth: 0 });
    }
  });

  it("cleans up after each failing allocation", async () => {
    for (const failAllocation of [1, 2])
      expect(await client.judge(two, { failAllocation })).toMatchObject({
        rc: -12,
        seen: { leaked: 0, asan: 0 },
      });
  });
});

describe.skipIf(!hasCompiler("gcc"))("a patch that changes fuse_i.h", () => {
  it("brings its own famfs_meta_set and famfs_meta_free, and what they leave behind is seen", async () => {
    const folder = await mkdtemp(join(tmpdir(), "fmapspec-test-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const before = await readFile(join(fixtures, "fuse_i.before.h"), "utf8");
    const after = await readFile(join(fixtures, "fuse_i.after.h"), "utf8");
    const series = patchOf(filesOf(join(fixtures, "own"))) + gitDiff("fs/fuse/fuse_i.h", before, after);
    await writeFile(join(folder, "series.patch"), series);
    const built = await buildKernelSource(join(folder, "series.patch"), DEFAULT_PROFILE);
    onTestFinished(built.dispose);
    expect(built.origin).toBe("famfs.c (patch, 3 files)");
    expect(built.standIns).not.toContain("famfs_meta_set");
    expect(built.standIns).not.toContain("famfs_meta_free");
    const client = new HarnessClient(built.executable);
    const message = simpleMessage(MIB2, [[0, 0n, MIB2]]);
    expect((await client.judge(message, { scene: "evict" })).seen).toMatchObject({ dangling: 1, leaked: 0 });
    expect((await client.judge(message)).seen).toMatchObject({ dangling: 0, leaked: 0 });
    await client.stop();
  });
});
