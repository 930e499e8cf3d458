/** What CONTRIBUTING.md says about adding a rule works: done in a copy of the sources, it compiles and its cases hold. */
import { spawnSync } from "node:child_process";
import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import { scratch } from "../cli/test/command.ts";

const folder = scratch();

/** The tests that a rule of the parser must pass; the slower ones of small worlds and of pairs compare the same models. */
const TESTS = [
  "oracles/parser/parse.test.ts",
  "oracles/parser/verdict.test.ts",
  "oracles/parser/oddities.test.ts",
  "oracles/parser/kernel-parser.test.ts",
  "oracles/profiles.test.ts",
  "generators/faults.test.ts",
  "generators/boundaries.test.ts",
  "spec/rules/index.test.ts",
];

interface Block {
  readonly file: string;
  /** "before": the block goes in front of a line; "before each": of each such line; "in place of": it replaces it. */
  readonly how: string;
  /** The start of that line. */
  readonly line: string;
  readonly text: string;
}

function blocksOf(page: string): Block[] {
  const example = page.slice(page.indexOf("## Add a rule"), page.indexOf("## How the code reads"));
  const block = /^ +```ts\n +\/\/ (\S+), (before each|before|in place of) (\S.*)\n([\s\S]*?)^ +```$/gm;
  return [...example.matchAll(block)].map(([, file = "", how = "", line = "", text = ""]) => ({
    file,
    how,
    line,
    text,
  }));
}

/** The source with the block in it. Throws where no line starts as the block expects, or several do and one is expected. */
function withBlock(source: string, { file, how, line, text }: Block): string {
  const lines = source.split("\n");
  const isMeant = (l: string) => l.trimStart().startsWith(line);
  const n = lines.filter(isMeant).length;
  if (n === 0 || (n > 1 && how !== "before each"))
    throw new Error(`${file} has ${n} lines that start with: ${line}`);
  return lines.flatMap((l) => (!isMeant(l) ? [l] : how === "in place of" ? [text] : [text, l])).join("\n");
}

const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, CI: undefined, NO_COLOR: "1" },
  });
  return { status, printed: stdout + stderr };
};
const tool = (path: string) => join(PACKAGE_ROOT, "node_modules", path);

describe("the worked example of CONTRIBUTING.md", () => {
  const page = readFileSync(join(PACKAGE_ROOT, "CONTRIBUTING.md"), "utf8");
  const blocks = blocksOf(page);
  for (const name of ["base", "spec", "oracles", "generators"])
    cpSync(join(PACKAGE_ROOT, name), join(folder, name), { recursive: true });
  symlinkSync(join(PACKAGE_ROOT, "node_modules"), join(folder, "node_modules"));
  const config = JSON.parse(readFileSync(join(PACKAGE_ROOT, "tsconfig.json"), "utf8"));
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ ...config, include: ["oracles", "generators"] }),
  );
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');

  it("changes lines that are there", () => {
    expect(blocks.length).toBe(page.split("```ts").length - 1);
    for (const block of blocks) {
      const path = join(folder, block.file);
      writeFileSync(path, withBlock(readFileSync(path, "utf8"), block));
    }
  });

  it("compiles", () => {
    expect(run(tool("typescript/bin/tsc"), "-p", ".")).toEqual({ status: 0, printed: "" });
  });

  it("adds a rule that all tests of the parser's rules accept", { timeout: 120_000 }, () => {
    const { status, printed } = run(tool("vitest/vitest.mjs"), "run", "--root", folder, ...TESTS);
    expect(status, printed).toBe(0);
    expect(printed).toContain(`${TESTS.length} passed`);
  });
});
