/** What rules and requests cite of fs/fuse is there, in the kernel's source that FMAPSPEC_UML names. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { REQUEST_USES, RULES } from "../../spec/index.ts";
import { notTested } from "../tools.ts";
import { UML_SOURCE } from "../uml-source.ts";
import { isGeneric } from "./test/witnesses.ts";

/** One place of the source: a file of fs/, and what stands in it. */
interface Place {
  readonly file: string;
  readonly names: readonly string[];
}

/** `FILE, function, function: condition; FILE ...`; what a later Linux than 6.1 has names that, and is left out. */
const placesIn = (source: string): Place[] =>
  source.split("; ").flatMap((part) => {
    const [, file, names] = /^(fs\/[\w/]+\.[ch]), ([\w, ]+)/.exec(part) ?? [];
    if (file === undefined || names === undefined) return [];
    return [{ file, names: names.split(", ").filter((name) => /^\w+$/.test(name)) }];
  });

const CITED = [
  ...RULES.filter(({ id }) => isGeneric(id)).map(({ id, source }) => [id, source["rfc-v2"] ?? ""] as const),
  ...Object.entries(REQUEST_USES).map(([name, { source }]) => [name, source] as const),
];

/** The folder that holds fs/; unpacked from an archive, whose one folder it is in. */
function folderOf(source: string): { folder: string; dispose: () => void } {
  if (statSync(source).isDirectory()) return { folder: source, dispose: () => {} };
  const folder = mkdtempSync(join(tmpdir(), "fmapspec-fs-"));
  const wanted = ["--wildcards", "*/fs/fuse/*", "*/fs/readdir.c"];
  execFileSync("tar", ["-xf", source, "-C", folder, "--strip-components=1", ...wanted]);
  return { folder, dispose: () => rmSync(folder, { recursive: true }) };
}

it("a source is read in its parts", () => {
  expect(placesIn("fs/fuse/dir.c, fuse_lookup, d_splice_alias: not the root; fs/fuse/dev.c, f")).toEqual([
    { file: "fs/fuse/dir.c", names: ["fuse_lookup", "d_splice_alias"] },
    { file: "fs/fuse/dev.c", names: ["f"] },
  ]);
  expect(placesIn("fs/fuse/dir.c of Linux 6.6, fuse_do_statx")).toEqual([]);
});

const missing =
  UML_SOURCE === undefined && !notTested("no kernel source", "FMAPSPEC_UML: a tree or an archive");

describe.skipIf(missing)("the kernel's source", () => {
  const { folder, dispose } =
    UML_SOURCE === undefined ? { folder: "", dispose: () => {} } : folderOf(UML_SOURCE);
  afterAll(dispose);

  it.each(CITED)("has what %s cites", (_, source) => {
    for (const { file, names } of placesIn(source)) {
      const text = readFileSync(join(folder, file), "utf8");
      for (const name of names) expect(text, `${file}: ${name}`).toMatch(new RegExp(`\\b${name}\\b`));
    }
  });

  it("is cited with function names by every generic requirement", () => {
    const uncited = CITED.filter(([id, source]) => id.startsWith("daemon/") && placesIn(source).length === 0);
    expect(uncited.map(([id]) => id)).toEqual([]);
  });
});
