/** What CONTRIBUTING.md says about adding a rule works: done in a copy of the sources, it compiles and its cases hold. */
import { spawnSync } from "node:child_process";
import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import { scratch } from "../cli/test/command.ts";

const RULE = "fmap/header/file-size-zero";
const folder = scratch();

/** Of each block of the example: the file, the start of the line that it goes in front of, and the text. */
function blocksOf(page: string): { file: string; before: string; text: string }[] {
  const example = page.slice(page.indexOf("## Add a rule"), page.indexOf("## How the code reads"));
  return [...example.matchAll(/^ +```ts\n +\/\/ (\S+), before (.*)\n([\s\S]*?)^ +```$/gm)].map(
    ([, file = "", before = "", text = ""]) => ({ file, before, text }),
  );
}

/** The source with the text in front of the first line that starts like that; null: there is no such line. */
function withBlock(source: string, before: string, text: string): string | null {
  const lines = source.split("\n");
  const at = lines.findIndex((line) => line.trimStart().startsWith(before));
  return at < 0 ? null : [...lines.slice(0, at), text, ...lines.slice(at)].join("\n");
}

const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, CI: undefined },
  });
  return { status, printed: stdout + stderr };
};
const tool = (path: string) => join(PACKAGE_ROOT, "node_modules", path);

describe("the worked example of CONTRIBUTING.md", () => {
  const blocks = blocksOf(readFileSync(join(PACKAGE_ROOT, "CONTRIBUTING.md"), "utf8"));
  for (const name of ["base", "spec", "oracles", "generators"])
    cpSync(join(PACKAGE_ROOT, name), join(folder, name), { recursive: true });
  symlinkSync(join(PACKAGE_ROOT, "node_modules"), join(folder, "node_modules"));
  const config = JSON.parse(readFileSync(join(PACKAGE_ROOT, "tsconfig.json"), "utf8"));
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ ...config, include: ["oracles", "generators"] }),
  );
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');

  it("names lines that are there", () => {
    expect(blocks.map(({ file }) => file)).toEqual([
      "spec/rules/parser.ts",
      "oracles/parser/kernel-parser.ts",
      "oracles/test/parser-cases.ts",
      "oracles/test/profile-cases.ts",
      "generators/rule-boundaries/header.ts",
    ]);
    for (const { file, before, text } of blocks) {
      const changed = withBlock(readFileSync(join(folder, file), "utf8"), before, text);
      if (changed === null) throw new Error(`${file} has no line that starts with: ${before}`);
      writeFileSync(join(folder, file), changed);
    }
  });

  it("compiles", () => {
    expect(run(tool("typescript/bin/tsc"), "-p", ".")).toEqual({ status: 0, printed: "" });
  });

  it("adds a rule that holds for its cases, in every revision", () => {
    const tests = ["oracles/parser/parse.test.ts", "oracles/profiles.test.ts"];
    const { status, printed } = run(tool("vitest/vitest.mjs"), "run", "--root", folder, ...tests, "-t", RULE);
    expect(status, printed).toBe(0);
    expect(printed).toMatch(/(\d\d+) passed/);
  });
});
