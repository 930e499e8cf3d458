/** What gcov prints, of both compilers. */
import { describe, expect, it } from "vitest";
import { parseGcov } from "./gcov.ts";

const GCC = `        -:    0:Source:0.source
        -:    0:Graph:covered.gcno
function f called 2 returned 100% blocks executed 71%
        2:   10:int f(int a: 1)
        -:   11:{
       2*:   12:	if (a > 3 ||
branch  0 taken 2 (fallthrough)
branch  1 taken 0
branch  2 never executed
branch  3 never executed
call    0 returned 2
    #####:   14:		return 1;
    =====:   15:		return 2;
        -:    0:Source:judge.c
        7:    1:x
`;

const CLANG = `        -:    0:Source:/tmp/here/0.source
        -:    0:Programs:1
function f called 6 returned 100% blocks executed 71%
        6:   10:int f(int a: 1)
branch  0 taken 6
branch  1 taken 0
`;

describe("gcov", () => {
  it("of gcc tells lines, and the branches of each", () => {
    const [first, second] = parseGcov(GCC);
    expect(first).toEqual({
      file: "0.source",
      lines: [
        { line: 10, text: "int f(int a: 1)", reached: true, branches: [] },
        { line: 12, text: "if (a > 3 ||", reached: true, branches: [true, false, false, false] },
        { line: 14, text: "return 1;", reached: false, branches: [] },
        { line: 15, text: "return 2;", reached: false, branches: [] },
      ],
    });
    expect(second).toEqual({ file: "judge.c", lines: [{ line: 1, text: "x", reached: true, branches: [] }] });
  });

  it("of clang does too", () => {
    expect(parseGcov(CLANG)).toEqual([
      {
        file: "/tmp/here/0.source",
        lines: [{ line: 10, text: "int f(int a: 1)", reached: true, branches: [true, false] }],
      },
    ]);
  });

  it("that says nothing tells nothing", () => {
    expect(parseGcov("branch  0 taken 1\n        1:    1:of no file\n")).toEqual([]);
  });
});
