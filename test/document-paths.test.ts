import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../base/package-root.ts";

const FOLDERS =
  "base|spec|generators|oracles|subjects|suites|exports|reports|cli|library|test|drivers|vectors|bench";
const DOCUMENTS = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(PACKAGE_ROOT, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

/** What stands between backquotes and begins with a folder of the project. A name with a `*` or `NAME` in it is a pattern. */
const pathsIn = (text: string): string[] =>
  [...text.matchAll(new RegExp(`\`((?:${FOLDERS})/[\\w./-]*)\``, "g"))]
    .map(([, path = ""]) => path)
    .filter((path) => !/[A-Z]{3}/.test(path));

const missingIn = (text: string): string[] =>
  pathsIn(text).filter((path) => !existsSync(join(PACKAGE_ROOT, path)));

describe("the files and folders that a document names", () => {
  for (const document of DOCUMENTS)
    it(`exist: ${document}`, () => {
      expect(missingIn(readFileSync(join(PACKAGE_ROOT, document), "utf8"))).toEqual([]);
    });

  it("have a line for each document in the index", () => {
    const index = readFileSync(join(PACKAGE_ROOT, "docs/README.md"), "utf8");
    const unlisted = DOCUMENTS.filter((path) => !index.includes(`${basename(path)})`));
    expect(unlisted).toEqual([]);
  });

  it("are found to be missing", () => {
    expect(missingIn("see `suites/no-such-file.ts` and `oracles/index.ts`")).toEqual([
      "suites/no-such-file.ts",
    ]);
  });
});
