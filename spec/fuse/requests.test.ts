import { describe, expect, it } from "vitest";
import { compiles, linesPrintedBy } from "../test/compile-c.ts";
import { OPCODES } from "./numbers.ts";
import { REQUEST_USES, type RequestUse, useOf } from "./requests.ts";

const HEADERS = "#include <stdio.h>\n#include <linux/fuse.h>\n";

/** Of Linux 6.6: the headers of Debian 12 do not have it. */
const LATER = ["STATX"];

const uses = Object.entries<RequestUse>(REQUEST_USES);

describe("the requests of a kernel", () => {
  it("are those that every profile has, and what Linux sends beside them", () => {
    const { DESTROY, ...sent } = OPCODES;
    expect(useOf(DESTROY)).toBeUndefined();
    for (const [name, opcode] of Object.entries(sent)) expect(useOf(opcode)).toMatchObject({ name, opcode });
    expect(new Set(uses.map(([, { opcode }]) => opcode)).size).toBe(uses.length);
  });

  it("leave out what no ordinary life has", () => expect(useOf(4095)).toBeUndefined());

  it.each(uses)("%s has a function and a condition of fs/fuse as its source", (_, { source }) => {
    expect(source).toMatch(/^fs\/fuse\/\w+\.c(?: of Linux 6\.\d+)?, fuse_\w+/);
  });

  it.skipIf(!compiles(HEADERS))("have the opcodes of linux/fuse.h", () => {
    const known = uses.filter(([name]) => !LATER.includes(name));
    const prints = known.map(([name]) => `printf("%d\\n", FUSE_${name});`);
    const printed = linesPrintedBy(`${HEADERS}int main(void) { ${prints.join("\n")} return 0; }`);
    expect(printed).toEqual(known.map(([, { opcode }]) => `${opcode}`));
  });
});
