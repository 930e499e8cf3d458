import { appendFileSync } from "node:fs";
import { expect, it } from "vitest";
import { rootWith } from "../../test/tools.ts";
import { alarmsIn, KernelLog } from "./kernel-log.ts";

it.each([
  ["BUG: KASAN: slab-out-of-bounds in famfs_file_init_dax+0x149d/0x17d0"],
  ["WARNING: CPU: 0 PID: 1 at fs/fuse/file.c:1"],
  ["WARNING: bad unlock balance detected!"],
  ["kernel BUG at mm/slub.c:448!"],
  ["Oops: divide error: 0000 [#1]"],
  ["general protection fault, probably for non-canonical address"],
  ["INFO: possible recursive locking detected"],
  ["unreferenced object 0xffff (size 96):"],
])("%s is an alarm", (line) => {
  expect(alarmsIn(["fuse: init", line, "Call Trace:"])).toEqual([line]);
});

it("UBSAN's headline is told with the line that explains it, and a cut mark is no alarm of its own", () => {
  const lines = [
    "------------[ cut here ]------------",
    "UBSAN: shift-out-of-bounds in famfs.c:157:28",
    "exponent 32",
  ];
  expect(alarmsIn(lines)).toEqual(["UBSAN: shift-out-of-bounds in famfs.c:157:28: exponent 32"]);
  expect(alarmsIn(lines.slice(0, 2))).toEqual(["UBSAN: shift-out-of-bounds in famfs.c:157:28"]);
});

it("what the parser itself prints is no alarm", () => {
  expect(alarmsIn(["famfs_fuse_meta_alloc: nextents 0 < 1", "fuse: a BUG: in the middle"])).toEqual([]);
});

it("says why there is no log to read", () => {
  const log = new KernelLog("/nowhere/kmsg");
  expect(log.why).toBe("/nowhere/kmsg cannot be read (ENOENT)");
  expect(log.lines()).toEqual([]);
  log.close();
});

it.skipIf(!rootWith("/dev/kmsg"))("reads what is logged after it was opened, once", () => {
  appendFileSync("/dev/kmsg", "fmapspec: before\n");
  const log = new KernelLog();
  appendFileSync("/dev/kmsg", "fmapspec: after\n");
  expect(log.lines()).toContain("fmapspec: after");
  expect(log.lines()).not.toContain("fmapspec: after");
  log.close();
});
