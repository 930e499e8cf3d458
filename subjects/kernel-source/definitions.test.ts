import { describe, expect, it } from "vitest";
import { indexDefinitions } from "./definitions.ts";

const index = (text: string, line = 1) => indexDefinitions([{ file: "x.h", line, text }]);
const only = (text: string, name: string) => {
  const found = index(text).get(name) ?? [];
  expect(found, name).toHaveLength(1);
  return found[0];
};

describe("indexDefinitions", () => {
  it("finds functions, whatever stands before their name and behind their parameters", () => {
    const text = [
      "static inline struct foo *",
      "famfs_x(struct foo *(*cb)(int), int n)",
      "{",
      '\treturn cb(n); /* } */ // "{"',
      "}",
      "__printf(1, 2) static int famfs_y(void) __must_hold(lock)",
      "{",
      "\tchar c = '{';",
      "}",
    ].join("\n");
    expect(only(text, "famfs_x")).toMatchObject({ kind: "function", line: 1, file: "x.h" });
    expect(only(text, "famfs_x")?.head).toBe(
      "static inline struct foo *\nfamfs_x(struct foo *(*cb)(int), int n)\n",
    );
    expect(only(text, "famfs_y")).toMatchObject({ kind: "function", line: 6 });
    expect([...index(text).keys()]).toEqual(["famfs_x", "famfs_y"]);
  });

  it("finds types under their tags, aliases and enumerators", () => {
    const text = [
      "struct foo {",
      "\tstruct { int x; } in;",
      "} __packed;",
      "enum kind { FIRST = 1 /* , NOT */, SECOND, };",
      "enum { NAMELESS };",
      "typedef unsigned int number;",
      "typedef int (*callback)(void *p);",
      "typedef struct bar { int x; } bar_t;",
      "union both { int a; };",
    ].join("\n");
    const names = [
      "struct foo",
      "enum kind",
      "FIRST",
      "SECOND",
      "NAMELESS",
      "number",
      "callback",
      "struct bar",
      "bar_t",
    ];
    expect([...index(text).keys()]).toEqual([...names, "union both"]);
    expect([...index(text).values()].flat().every(({ kind }) => kind === "type")).toBe(true);
  });

  it("finds variables, and leaves out what only declares", () => {
    const text = [
      "static const struct ops famfs_ops = { .open = famfs_open, };",
      "static const struct pair { int a; } pairs[] = { { 1 } };",
      "int famfs_count;",
      "extern int elsewhere;",
      "struct forward;",
      "int famfs_x(void);",
      'MODULE_LICENSE("GPL");',
      "static DEFINE_MUTEX(famfs_lock);",
    ].join("\n");
    expect([...index(text).keys()]).toEqual(["famfs_ops", "struct pair", "pairs", "famfs_count"]);
  });

  it("finds macros wherever they are, with all their lines", () => {
    const text =
      "struct x {\n#define A 1 /* one\n * two */\n\tint a;\n};\n#define B(x) \\\n\t((x) + 1)\nint after;\n";
    expect(only(text, "A")?.text).toBe("#define A 1 /* one\n * two */");
    expect(only(text, "B")).toMatchObject({ kind: "macro", line: 6, text: "#define B(x) \\\n\t((x) + 1)" });
    expect(index(text).has("after")).toBe(true);
  });

  it("knows a cleanup function by the name that __free() makes of it, with or without a semicolon", () => {
    const text =
      "DEFINE_FREE(famfs_free, void *, if (_T) famfs_free(_T))\n\nint famfs_x(void)\n{\n}\nDEFINE_FREE(b, void *, c());\n";
    expect([...index(text).keys()]).toEqual(["__free_famfs_free", "famfs_x", "__free_b"]);
  });

  it("keeps the conditionals that a definition stands under", () => {
    const text = [
      "#ifndef X_H",
      "#if IS_ENABLED(A)",
      "int x(void) { return 1; }",
      "#else",
      "int x(void) { return 0; }",
      "#endif",
      "int y;",
      "#endif",
    ].join("\n");
    expect(
      index(text)
        .get("x")
        ?.map(({ guards }) => guards),
    ).toEqual([
      ["#ifndef X_H", "#if IS_ENABLED(A)"],
      ["#ifndef X_H", "#if IS_ENABLED(A)", "#else"],
    ]);
    expect(only(text, "y")?.guards).toEqual(["#ifndef X_H"]);
  });

  it("takes what is whole out of a hunk that begins and ends anywhere", () => {
    const text = [
      " * end of a comment's words, it's cut",
      " */",
      "\tif (x) {",
      "\t\tbreak;",
      "\t}",
      "errout:",
      "\tkfree(x);",
      "}",
      "#else",
      "int stub(void) { return 0; }",
      "#endif",
      "int whole(void)",
      "{",
      "\treturn 1;",
      "}",
      "int cut_off(void)",
      "{",
      "\treturn 1;",
    ].join("\n");
    expect([...index(text, 100).keys()]).toEqual(["whole"]);
    expect(index(text, 100).get("whole")?.[0]?.line).toBe(111);
  });

  it("prefers a later text's definition", () => {
    const texts = ["int x = 1;", "int x = 2;"].map((text) => ({ file: "x.h", line: 1, text }));
    expect(
      indexDefinitions(texts)
        .get("x")
        ?.map(({ text }) => text),
    ).toEqual(["int x = 2;"]);
  });
});
