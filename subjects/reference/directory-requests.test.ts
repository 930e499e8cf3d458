import { describe, expect, it } from "vitest";
import { OPCODES, ROOT_NODEID } from "../../spec/index.ts";
import { granted, refusal } from "./test/answers.ts";
import { agreed, readBody } from "./test/asking.ts";
import { entriesOf } from "./test/listing.ts";

describe.each([
  ["READDIR", OPCODES.READDIR, false],
  ["READDIRPLUS", OPCODES.READDIRPLUS, true],
] as const)("%s", (_, opcode, plus) => {
  it("lists the same names page by page, however small the pages are", () => {
    const asking = agreed();
    const list = (size: number) => {
      const names: string[] = [];
      for (let offset = 0n; ; ) {
        const entries = entriesOf(asking.ask(opcode, ROOT_NODEID, readBody(offset, size)).body, plus);
        if (entries.length === 0) return names;
        names.push(...entries.map((e) => `${e.name} ${e.ino} ${e.type}`));
        offset = entries.at(-1)?.off ?? 0n;
      }
    };
    const names = list(1 << 20);
    expect(names.slice(0, 3)).toEqual([". 1 4", ".. 1 4", "data 2 4"]);
    expect(names).toHaveLength(9);
    expect(list(plus ? 192 : 64)).toEqual(names);
    expect(list(500)).toEqual(names);
  });

  it("has nothing behind the last name, and no page for less than a name", () => {
    const asking = agreed();
    expect(asking.ask(opcode, ROOT_NODEID, readBody(9n, 4096))).toEqual(granted());
    expect(asking.ask(opcode, ROOT_NODEID, readBody((1n << 64n) - 1n, 4096))).toEqual(granted());
    expect(asking.ask(opcode, ROOT_NODEID, readBody(0n, 24))).toEqual(refusal("EINVAL"));
    expect(asking.ask(opcode, ROOT_NODEID, readBody(0n, 0xffff_ffff)).error).toBe(0);
  });

  it("is for directories, and knows the parent", () => {
    const asking = agreed();
    expect(asking.ask(opcode, asking.find("/link"), readBody(0n, 4096))).toEqual(refusal("ENOTDIR"));
    const deep = asking.find("/data/deep/er");
    const [self, parent] = entriesOf(asking.ask(opcode, deep, readBody(0n, 4096)).body, plus);
    expect([self?.ino, parent?.ino]).toEqual([deep, asking.find("/data/deep")]);
  });
});

it("READDIRPLUS counts a lookup of each name but `.` and `..`; READDIR of none", () => {
  const asking = agreed();
  const body = readBody(0n, 1 << 20);
  asking.ask(OPCODES.READDIR, ROOT_NODEID, body);
  expect(asking.getattr(2n)).toEqual(refusal("ENOENT"));
  const entries = entriesOf(asking.ask(OPCODES.READDIRPLUS, ROOT_NODEID, body).body, true);
  expect(entries.map((e) => e.nodeid).slice(0, 3)).toEqual([0n, 0n, 2n]);
  expect(asking.getattr(2n).error).toBe(0);
  asking.forget(2n);
  expect(asking.getattr(2n)).toEqual(refusal("ESTALE"));
});
