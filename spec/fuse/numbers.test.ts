import { describe, expect, it } from "vitest";
import { compiles, linesPrintedBy } from "../test/compile-c.ts";
import { FUSE_MAJOR, INIT_BITS, MODE, OPCODES, ROOT_NODEID, UNANSWERED } from "./numbers.ts";

const HEADERS = `#include <linux/fuse.h>
  #include <sys/stat.h>
  #include <stdio.h>
  #ifndef FUSE_INIT_EXT
  #error too old
  #endif`;

const EXPECTED: Readonly<Record<string, number | bigint>> = {
  ...Object.fromEntries(Object.entries(OPCODES).map(([name, n]) => [`FUSE_${name}`, n])),
  ...Object.fromEntries(Object.entries(INIT_BITS).map(([name, bit]) => [`FUSE_${name}`, 1n << BigInt(bit)])),
  FUSE_ROOT_ID: ROOT_NODEID,
  FUSE_KERNEL_VERSION: FUSE_MAJOR,
  S_IFMT: MODE.typeMask,
  S_IFDIR: MODE.directory,
  S_IFREG: MODE.regular,
  S_IFLNK: MODE.symlink,
};

describe.skipIf(!compiles(HEADERS))("linux/fuse.h", () => {
  it("has these numbers", () => {
    const prints = Object.keys(EXPECTED).map(
      (name) => `printf("${name} %llu\\n", (unsigned long long)${name});`,
    );
    const lines = linesPrintedBy(`${HEADERS}\nint main(void) { ${prints.join(" ")} return 0; }`);
    expect(Object.entries(EXPECTED).map(([name, n]) => `${name} ${n}`)).toEqual(lines);
  });
});

it("FORGET and BATCH_FORGET have no reply", () => {
  expect(UNANSWERED).toEqual([2, 42]);
});
