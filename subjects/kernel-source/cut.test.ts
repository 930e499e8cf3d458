import { describe, expect, it } from "vitest";
import { cutParser } from "./cut.ts";

const text = (file: string, ...lines: string[]) => ({ file, line: 1, text: lines.join("\n") });
const header = text(
  "famfs_kfmap.h",
  "struct famfs_file_meta {",
  "\tstruct inner *in;",
  "};",
  "struct inner { LENGTH x; };",
);
const code = text(
  "famfs.c",
  "void __famfs_meta_free(void *map) { used(map); }",
  "static int unused(void) { return missing(); }",
  "static void used(void *map) { kfree(map); }",
  "int famfs_file_init_dax(void) { return LIMIT; }",
);
const shim = text("kernel.h", "#define kfree(x) free(x)");
const standIns = text(
  "ours.h",
  "typedef int LENGTH;",
  "#define LIMIT 1",
  "#define OTHER 2",
  "enum { MORE };",
);
const source = { origin: "famfs.c (test)", texts: [header, code] };

describe("cutParser", () => {
  it("takes what is reached, from the source before ours, and nothing that the shim has", () => {
    const cut = cutParser(source, [shim], [standIns]);
    expect(cut.standIns).toEqual(["LENGTH", "LIMIT"]);
    expect(cut.text).toContain("static void used(void *map) { kfree(map); }");
    expect(cut.text).not.toMatch(/unused|missing|OTHER|MORE|#define kfree/);
    expect(cut).toMatchObject({ hasResolver: false, hasInterleaved: false });
  });

  it("declares every function first, and names the source's lines", () => {
    const { text } = cutParser(source, [shim], [standIns]);
    expect(text.indexOf("static void used(void *map) ;")).toBeLessThan(text.indexOf("{ used(map); }"));
    expect(text).toContain('#line 3 "famfs.c"\nstatic void used(void *map) { kfree(map); }');
    expect(text).toContain('#line 4 "famfs_kfmap.h"\nstruct inner');
  });

  it("closes the conditionals that it opens", () => {
    const guarded = text("famfs.c", "#if A", "#if B", "#else", ...code.text.split("\n"), "#endif", "#endif");
    const cut = cutParser({ ...source, texts: [header, guarded] }, [shim], [standIns]);
    expect(cut.text.match(/^#if/gm)?.length).toBe(cut.text.match(/^#endif/gm)?.length);
    expect(cut.text).toContain(
      '#if A\n#if B\n#else\n#line 6 "famfs.c"\nstatic void used(void *map) ;\n#endif\n#endif',
    );
  });

  it("says what a source lacks that has no parser", () => {
    expect(() => cutParser({ ...source, texts: [code] }, [shim], [standIns])).toThrow(
      "famfs.c (test) defines no struct famfs_file_meta: expected the famfs.c of a GET_FMAP patch",
    );
  });
});
