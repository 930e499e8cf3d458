import { expect, it } from "vitest";
import { ERRNO, errnoName, isErrnoName, renderRc } from "./errno.ts";
import { CC, linesPrintedBy } from "./test/compile-c.ts";

const names = Object.keys(ERRNO);

it.skipIf(CC === undefined)("has the numbers of the C library's errno.h", () => {
  const program = `#include <errno.h>
    #include <stdio.h>
    int main(void) { ${names.map((n) => `printf("${n} %d\\n", ${n});`).join(" ")} return 0; }`;
  expect(Object.entries(ERRNO).map(([name, number]) => `${name} ${number}`)).toEqual(linesPrintedBy(program));
});

it("finds the name of every number, and of no other", () => {
  for (const [name, number] of Object.entries(ERRNO)) expect(errnoName(number)).toBe(name);
  for (const number of [0, -22, 41, 134, 0.5]) expect(errnoName(number)).toBeUndefined();
});

it("writes a return code as its name, or as the bare number", () => {
  expect([0, -22, -7, -999].map(renderRc)).toEqual(["0", "EINVAL", "E2BIG", "999"]);
});

it("knows a name from any other string", () => {
  expect(names.every(isErrnoName)).toBe(true);
  for (const text of ["", "einval", "EINVAL ", "EWHATEVER", "toString", "__proto__"])
    expect(isErrnoName(text)).toBe(false);
});
