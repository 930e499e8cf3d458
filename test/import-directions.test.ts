import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../base/package-root.ts";

const FIXTURE = readFileSync(join(PACKAGE_ROOT, "test/fixtures/bad-import.txt"), "utf8");

const MAY_IMPORT: Record<string, readonly string[]> = {
  base: ["spec", "fast-check", "node:fs"],
  spec: [],
  generators: ["spec", "fast-check"],
  oracles: ["spec"],
  subjects: ["base", "spec", "generators", "oracles", "fast-check", "node:fs"],
  suites: ["base", "spec", "generators", "oracles", "subjects", "fast-check", "node:fs"],
  exports: ["base", "spec", "generators", "oracles", "subjects", "suites", "fast-check", "node:fs"],
  reports: ["base", "spec", "oracles", "subjects", "suites", "exports", "node:fs"],
  library: [
    "base",
    "spec",
    "generators",
    "oracles",
    "subjects",
    "suites",
    "exports",
    "reports",
    "fast-check",
    "node:fs",
  ],
  cli: ["base", "spec", "generators", "oracles", "subjects", "suites", "exports", "reports", "node:fs"],
};
const FOLDERS = Object.keys(MAY_IMPORT);
const PACKAGES = ["fast-check", "node:fs"];
/** Folders that are held to importing no package. */
const WITHOUT_PACKAGES = ["spec", "oracles"];

/** Every import that could be made, each in a file of its own, beside the project's own biome.json. */
const folder = mkdtempSync(join(tmpdir(), "fmapspec-imports-"));
afterAll(() => rmSync(folder, { recursive: true }));

const biome = JSON.parse(readFileSync(join(PACKAGE_ROOT, "biome.json"), "utf8"));
writeFileSync(join(folder, "biome.json"), JSON.stringify({ ...biome, $schema: undefined, vcs: undefined }));
const fileOf = (from: string, to: string) => `${from}/imports-${to.replace(":", "-")}.ts`;
for (const from of FOLDERS) {
  mkdirSync(join(folder, from));
  for (const to of [...FOLDERS, ...PACKAGES]) {
    const specifier = PACKAGES.includes(to) ? to : `../${to}/index.ts`;
    writeFileSync(join(folder, fileOf(from, to)), FIXTURE.replace("../FOLDER/index.ts", specifier));
  }
}
// A circle that only types make.
writeFileSync(
  join(folder, "base/one.ts"),
  'import type { Two } from "./two.ts";\nexport type One = { two: Two };\n',
);
writeFileSync(
  join(folder, "base/two.ts"),
  'import type { One } from "./one.ts";\nexport type Two = { one?: One };\n',
);
const { stdout } = spawnSync(
  join(PACKAGE_ROOT, "node_modules/.bin/biome"),
  [
    ...["lint", "--reporter=github", "--max-diagnostics=none"],
    ...["--only=style/noRestrictedImports", "--only=suspicious/noImportCycles", "."],
  ],
  { cwd: folder, encoding: "utf8" },
);

describe("the directions of imports", () => {
  it("allow no circle, not even of types", () => {
    expect(stdout).toMatch(/noImportCycles.*base\/one\.ts/);
  });

  for (const from of FOLDERS)
    for (const to of [
      ...FOLDERS.filter((f) => f !== from),
      ...(WITHOUT_PACKAGES.includes(from) ? PACKAGES : []),
    ]) {
      const allowed = MAY_IMPORT[from]?.includes(to) ?? false;
      it(`${from}/ ${allowed ? "may" : "may not"} import ${to}`, () => {
        expect(stdout.includes(fileOf(from, to))).toBe(!allowed);
      });
    }
});
