/** Conditions that an optimizer has left out. */
import { describe, expect, it } from "vitest";
import { deadConditions, MARKED, marks } from "./dead-conditions.ts";

const TEXT = `int f(int a)
{
	/* if (never mind) */
	if (a < 1)
		return 1;
	if (a < 1 ||
	    a == 0) {
		a++;
		return 2;
	}
	if (a && b) return 3;
	if (a) for (;;) { a--; }
	if (x) if (y) z();
	return 0;
}
`;

const dead = (...all: string[]) => deadConditions(new Set(all.map((m) => `0 ${m}`)), [TEXT])[0];

describe("a condition", () => {
  it("of which both ways are left is not dead, and of which none is it is not known", () => {
    expect(dead("4 true", "4 false")).toEqual([]);
    expect(dead()).toEqual([]);
  });

  it("that is never true guards its statement or its braces, whichever line the compiler calls it by", () => {
    const first = { never: "true", from: 4, to: 4, bodyFrom: 5, bodyTo: 5, explainsBranches: true };
    expect(dead("4 false")).toEqual([first]);
    const second = { never: "true", from: 6, to: 7, bodyFrom: 8, bodyTo: 10, explainsBranches: true };
    expect(dead("6 false")).toEqual([second]);
    expect(dead("7 false")).toEqual([second]);
  });

  it("that is never false guards nothing", () => {
    expect(dead("4 true")).toMatchObject([
      { never: "false", bodyFrom: 0, bodyTo: -1, explainsBranches: true },
    ]);
    expect(dead("6 true")).toMatchObject([{ never: "false", explainsBranches: false }]);
  });

  it("of several parts does not explain what one of them does", () => {
    expect(dead("11 false")).toMatchObject([{ never: "true", explainsBranches: false }]);
    expect(dead("11 true")).toMatchObject([{ never: "false", explainsBranches: true }]);
  });

  it("whose statement has braces of its own has no lines", () => {
    expect(dead("12 false")).toMatchObject([{ never: "true", bodyFrom: 0, bodyTo: -1 }]);
  });

  it("that shares its line with another one is not looked at", () => {
    expect(dead("13 false")).toEqual([]);
  });
});

describe("marks", () => {
  it("are read from the assembly, of the source's files only", () => {
    const assembly =
      "#APP\n/* fmapspec-way 0.source 12 true */\n\t/* fmapspec-way 3.source 7 false */\n/* fmapspec-way judge.c 1 true */\n";
    expect(marks(assembly)).toEqual(new Set(["0 12 true", "3 7 false"]));
  });

  it("come behind the kernel's header, and before the source", () => {
    const unit = MARKED('#include "protocol.h"\n#include "kernel.h"\nint x;\n');
    expect(unit).toMatch(/#include "kernel.h"\n[\s\S]*#define if\([\s\S]*\nint x;\n$/);
  });
});
