import { describe, expect, it } from "vitest";
import { repairPatch } from "./hunks.ts";

const HEAD = ["diff --git a/x.c b/x.c", "--- a/x.c", "+++ b/x.c"];

/** The lines of a hunk after repair. */
const repaired = (header: string, ...lines: string[]) =>
  repairPatch([...HEAD, header, ...lines], "mail")
    .trimEnd()
    .split("\n")
    .slice(HEAD.length + 1);

const LONG = "+\tthis line of code is as long as the mail program lets a line be, and it ends here:";

describe("repairPatch", () => {
  it("leaves a patch as it is, and everything else out", () => {
    const patch = [...HEAD, "@@ -1,2 +1,3 @@", " a", "+b", "+c", "-d", "\\ No newline at end of file"];
    const prose = ["Dear all,", "--- not a file", "---", " x.c | 3 +", "index 12..34 100644"];
    expect(repairPatch([...prose, ...patch, "-- ", "2.49.0"], "mail")).toBe(`${patch.join("\n")}\n`);
  });

  it("puts broken lines together, those of a hunk's header too", () => {
    const header = "@@ -1,1 +1,2 @@ static int a_function_with_a_name_of_some_length(struct a *a, struct b";
    expect(repaired(header, "*b)", " a", LONG, "remainder of it")).toEqual([" a", `${LONG} remainder of it`]);
  });

  it("takes a remainder that begins with an operator for one if the numbers say so", () => {
    expect(repaired("@@ -0,0 +1,2 @@", LONG, "- 1;", "+}")).toEqual([`${LONG} - 1;`, "+}"]);
    expect(repaired("@@ -0,0 +1,2 @@", LONG, "+ 1;", "+}")).toEqual([`${LONG} + 1;`, "+}"]);
    expect(repaired("@@ -0,0 +1,3 @@", LONG, "+ 1;", "+}")).toEqual([LONG, "+ 1;", "+}"]);
  });

  it("gives context lines their blank back", () => {
    expect(repaired("@@ -1,3 +1,4 @@", "#endif", "", "+int a;", "int b;")).toEqual([
      " #endif",
      " ",
      "+int a;",
      " int b;",
    ]);
  });

  it("leaves prose behind a hunk out", () => {
    expect(repaired("@@ -0,0 +1 @@", "+a", "", "Looks good to me.", "")).toEqual(["+a"]);
  });

  it("knows the next file without a line of git's", () => {
    const two = [
      "--- a/x.c",
      "+++ b/x.c",
      "@@ -1 +1 @@",
      "-a",
      "+b",
      "--- a/y.c",
      "+++ b/y.c",
      "@@ -1 +1 @@",
      "-a",
      "+b",
    ];
    expect(repairPatch(two, "mail")).toBe(`${two.join("\n")}\n`);
  });

  it("says which hunk lacks lines", () => {
    const cut = () => repaired("@@ -5,2 +5,3 @@ void f(void)", " a", "+b");
    expect(cut).toThrow('mail: hunk "@@ -5,2 +5,3 @@" of x.c cannot be read');
  });
});
