import { describe, expect, it } from "vitest";
import { compiles, linesPrintedBy } from "../test/compile-c.ts";
import { INIT_FLAGS } from "./init-flags.ts";
import { FUSE_MAJOR, MODE, OPCODES, ROOT_NODEID, UNANSWERED } from "./numbers.ts";

const HEADERS = `#include <linux/fuse.h>
  #include <sys/stat.h>
  #include <stdio.h>
  #ifndef FUSE_INIT_EXT
  #error too old
  #endif`;

const EXPECTED: Readonly<Record<string, number | bigint>> = {
  ...Object.fromEntries(Object.entries(OPCODES).map(([name, n]) => [`FUSE_${name}`, n])),
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

/** 7.38 came in parts: Debian's 6.1 has that minor and not all of its flags. */
const IN_PARTS = 38;

describe.skipIf(!compiles(HEADERS))("linux/fuse.h", () => {
  it("has the INIT flags of its minor", () => {
    const prints = Object.entries(INIT_FLAGS).map(
      ([name, { since }]) =>
        `#if defined FUSE_${name} || (${since} != ${IN_PARTS} && ${since} <= FUSE_KERNEL_MINOR_VERSION)
        printf("${name} %llu\\n", (unsigned long long)FUSE_${name});
        #endif`,
    );
    const lines = linesPrintedBy(`${HEADERS}\nint main(void) {\n${prints.join("\n")}\nreturn 0; }`);
    const known = Object.entries(INIT_FLAGS).map(([name, { bit }]) => `${name} ${1n << BigInt(bit)}`);
    expect(known).toEqual(expect.arrayContaining(lines));
    expect(lines.length).toBeGreaterThan(30);
  });
});

it("FORGET and BATCH_FORGET have no reply", () => {
  expect(UNANSWERED).toEqual([2, 42]);
});
