import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Kmemleak, orphansIn } from "./kmemleak.ts";

const folder = mkdtempSync(join(tmpdir(), "fmapspec-kmemleak-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** As Linux 6.1 prints it; from 6.12 on a checksum stands behind `backtrace`, and calls have no address. */
const OLD = `unreferenced object 0x000000006a1c5cc0 (size 32):
  comm "MainThread", pid 38, jiffies 4294939372 (age 6.250s)
  hex dump (first 32 bytes):
    00 00 00 00 00 00 00 00 00 00 20 00 00 00 00 00  .......... .....
    00 00 20 00 00 00 00 00 cc cc cc cc cc cc cc cc  .. .............
  backtrace:
    [<00000000a94b0001>] __create_object+0x565/0x1190
    [<00000000a94b0002>] __kmem_cache_alloc_node+0x1a7/0x2ea
    [<00000000a94b0003>] __kmalloc+0x4a/0x9c
    [<00000000a94b0004>] famfs_file_init_dax+0x6bb/0xd9c [fuse]
    [<00000000a94b0005>] famfs_hook_open+0x1d/0x44 [fuse]
`;
const NEW = `unreferenced object 0x00000000612d3a00 (size 64):
  comm "node", pid 40, jiffies 4294937302
  hex dump (first 4 bytes):
    00 00 00 00  ....
  backtrace (crc 1d2a3f00):
unreferenced object 0x00000000612d3b00 (size 96):
  comm "sh", pid 7, jiffies 4294937303
  backtrace (crc 0):
    kmem_cache_alloc_noprof+0x1/0x2
    getname_flags+0x3/0x4
`;

it("reads what kmemleak prints, without the allocators' own calls and the numbers of one boot", () => {
  expect(orphansIn(OLD + NEW)).toEqual([
    {
      pid: 38,
      text: 'kmemleak: unreferenced object (size 32), comm "MainThread", backtrace famfs_file_init_dax+0x6bb/0xd9c [fuse] < famfs_hook_open+0x1d/0x44 [fuse]',
    },
    { pid: 40, text: 'kmemleak: unreferenced object (size 64), comm "node"' },
    {
      pid: 7,
      text: 'kmemleak: unreferenced object (size 96), comm "sh", backtrace getname_flags+0x3/0x4',
    },
  ]);
  expect(orphansIn("")).toEqual([]);
});

describe("the leak detector", () => {
  it("is not asked where there is none, or where it is switched off", () => {
    expect(new Kmemleak(join(folder, "none")).why).toMatch(/none cannot be opened \(ENOENT\)$/);
  });

  it("scans, and reads what is reported", async () => {
    const path = join(folder, "kmemleak");
    writeFileSync(path, "");
    const detector = new Kmemleak(path, 1);
    expect(detector.why).toBeNull();
    const found = detector.orphans();
    expect(readFileSync(path, "utf8")).toBe("scan");
    expect(await found).toEqual([]);
  });
});
