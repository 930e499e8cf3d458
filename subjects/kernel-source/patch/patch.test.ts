import { describe, expect, it } from "vitest";
import { gitDiff } from "../test/patches.ts";
import { applyPatches } from "./patch.ts";

const lines = (...text: string[]) => `${text.join("\n")}\n`;

describe("applyPatches", () => {
  it("applies later patches to the files that earlier ones add, and forgets those that are removed", () => {
    const before = lines("one", "two", "three");
    const after = lines("one", "2", "three");
    const removal =
      "diff --git a/b.c b/b.c\ndeleted file mode 100644\n--- a/b.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n";
    const patches = [
      gitDiff("fs/a.c", undefined, before) +
        gitDiff("b.c", undefined, "x\n") +
        gitDiff("Makefile", undefined, "x\n"),
      gitDiff("fs/a.c", before, after) + removal,
    ];
    const { whole, partial, fileCount } = applyPatches(patches, "series");
    expect(whole).toEqual([{ file: "a.c", line: 1, text: after }]);
    expect(partial).toEqual([]);
    expect(fileCount).toBe(3);
  });

  it("knows of other files what the hunks show, with their line numbers", () => {
    const numbers = Array.from({ length: 40 }, (_, i) => `line ${i + 1}`);
    const after = numbers.toSpliced(19, 1, "changed", "added").toSpliced(2, 1);
    const { whole, partial } = applyPatches(
      [gitDiff("fuse_i.h", lines(...numbers), lines(...after))],
      "series",
    );
    expect(whole).toEqual([]);
    expect(partial).toEqual([
      { file: "fuse_i.h", line: 1, text: "line 1\nline 2\nline 4\nline 5\nline 6" },
      {
        file: "fuse_i.h",
        line: 16,
        text: "line 17\nline 18\nline 19\nchanged\nadded\nline 21\nline 22\nline 23",
      },
    ]);
  });

  it("bridges the one line between two hunks that can only be a brace", () => {
    const hunk = (start: number, text: string) => `@@ -${start},2 +${start},2 @@\n${text}`;
    const head = "--- a/fuse_i.h\n+++ b/fuse_i.h\n";
    const open = hunk(10, "-static int x(void) {\n+static int y(void) {\n \treturn 1;\n");
    const next = "-\n+static int z(void) { return 2; }\n \n";
    const texts = (second: string) =>
      applyPatches([head + open + second], "series").partial.map(({ text }) => text);
    const [first, last] = ["static int y(void) {\n\treturn 1;", "static int z(void) { return 2; }\n"];
    expect(texts(hunk(12, next))).toEqual([`${first}\n${last}`]);
    expect(texts(hunk(13, next))).toEqual([`${first}\n}\n${last}`]);
    expect(texts(hunk(14, next))).toEqual([first, last]);
    expect(texts(hunk(13, "-\tx;\n+\ty;\n }\n"))).toEqual([first, "\ty;\n}"]);
  });
});
