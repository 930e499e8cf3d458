import { describe, expect, it } from "vitest";
import type { Struct } from "../struct.ts";
import { compiles, linesPrintedBy } from "../test/compile-c.ts";
import { laidOutAsC, pairs } from "../test/laws.ts";
import * as structs from "./structs.ts";

/** The header that the system has: its structs of 7.38 are those that the suite declares. */
const HEADER = `#include <linux/fuse.h>
  #if FUSE_KERNEL_MINOR_VERSION < 38
  #error too old
  #endif`;

/** In which member of a struct the fields stand that we declare in line. */
const NESTED: Readonly<Record<string, string>> = {
  fuse_entry_out: "attr",
  fuse_attr_out: "attr",
  fuse_statfs_out: "st",
};
const own = new Set([
  "attr_valid",
  "attr_valid_nsec",
  "dummy",
  "nodeid",
  "generation",
  "entry_valid",
  "entry_valid_nsec",
]);

describe.skipIf(!compiles(HEADER))("linux/fuse.h", () => {
  it("lays out every struct as it is declared here", () => {
    const { daxdevOut: _famfs, notifyPruneOut: _newer, ...declared } = structs;
    const all = Object.values(declared) as unknown as Struct[];
    const print = (name: string, field: string) => {
      const member = name in NESTED && !own.has(field) ? `${NESTED[name]}.${field}` : field;
      return `P("${name}.${field}", offsetof(struct ${name}, ${member}), sizeof(((struct ${name} *)0)->${member}));`;
    };
    const prints = all.flatMap((s) => [
      `P("${s.cName}", sizeof(struct ${s.cName}), (size_t)0);`,
      ...s.fields.map((f) => print(s.cName, f.name)),
    ]);
    const printed = linesPrintedBy(`${HEADER}
      #include <stddef.h>
      #include <stdio.h>
      #define P(name, a, b) printf("%s %zu %zu\\n", name, a, b)
      int main(void) { ${prints.join(" ")} return 0; }`);
    const ours = all.flatMap((s) => [
      `${s.cName} ${s.size} 0`,
      ...s.fields.map((f) => `${s.cName}.${f.name} ${f.offset} ${f.size}`),
    ]);
    expect(ours).toEqual(printed);
  });
});

laidOutAsC(structs.daxdevOut, [
  "uint16_t index",
  "uint16_t reserved",
  "uint32_t reserved2",
  "uint64_t reserved3",
  "uint64_t reserved4",
  "char name[256]",
]);

pairs(structs.outHeader, "10000000 feffffff 0807060504030201", {
  len: 16,
  error: -2,
  unique: 0x0102030405060708n,
});
pairs(
  structs.inHeader,
  "30000000 35000000 0300000000000000 0200000000000000 e8030000 e9030000 07000000 0000 0000",
  {
    len: 48,
    opcode: 53,
    unique: 3n,
    nodeid: 2n,
    uid: 1000,
    gid: 1001,
    pid: 7,
    total_extlen: 0,
    padding: 0,
  },
);
