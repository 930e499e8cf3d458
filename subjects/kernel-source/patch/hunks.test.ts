import { describe, expect, it } from "vitest";
import { onlyPatch } from "./hunks.ts";

const HEAD = ["diff --git a/x.c b/x.c", "--- a/x.c", "+++ b/x.c"];

/** The lines of a hunk. */
const bodyOf = (header: string, ...lines: string[]) =>
  onlyPatch([...HEAD, header, ...lines], "mail")
    .trimEnd()
    .split("\n")
    .slice(HEAD.length + 1);

describe("onlyPatch", () => {
  it("leaves a patch as it is, and everything else out", () => {
    const patch = [...HEAD, "@@ -1,2 +1,3 @@", " a", "+b", "+c", "-d", "\\ No newline at end of file"];
    const prose = ["Dear all,", "--- not a file", "---", " x.c | 3 +", "index 12..34 100644"];
    expect(onlyPatch([...prose, ...patch, "-- ", "2.49.0"], "mail")).toBe(`${patch.join("\n")}\n`);
  });

  it("gives empty context lines the blank back that mail programs cut", () => {
    expect(bodyOf("@@ -1,2 +1,3 @@", " #endif", "", "+int a;")).toEqual([" #endif", " ", "+int a;"]);
  });

  it("refuses a hunk with a line that was wrapped", () => {
    const wrapped = [
      () => bodyOf("@@ -0,0 +1,2 @@", "+return a", "b;", "+}"),
      () => bodyOf("@@ -0,0 +1,2 @@", "+return a", "+ 1;", "+}"),
      () => bodyOf("@@ -0,0 +1,2 @@", "+return a", "- 1;", "+}"),
      () => bodyOf("@@ -1 +1,2 @@ static int f(struct a *a, struct b", "*b)", " a", "+b"),
    ];
    for (const read of wrapped) expect(read).toThrow(/cannot be read: .* were cut, wrapped or changed/);
  });

  it("leaves prose behind a hunk out", () => {
    expect(bodyOf("@@ -0,0 +1 @@", "+a", "", "Looks good to me.", "")).toEqual(["+a"]);
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
    expect(onlyPatch(two, "mail")).toBe(`${two.join("\n")}\n`);
  });

  it("says which hunk lacks lines", () => {
    const cut = () => bodyOf("@@ -5,2 +5,3 @@ void f(void)", " a", "+b");
    expect(cut).toThrow('mail: hunk "@@ -5,2 +5,3 @@" of x.c cannot be read');
  });
});
