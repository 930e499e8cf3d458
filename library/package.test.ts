/** The package as people get it: packed, installed in an empty project, and used as docs/library.md says. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import { TEST_SEED } from "../test/fixed-seed.ts";
import { type InstalledPackage, installPackage, tool } from "./test/installed.ts";

const GUIDE = ["README.md", "docs/library.md"]
  .map((name) => readFileSync(join(PACKAGE_ROOT, name), "utf8"))
  .join("\n");

/** The files that the README and the guide show, by the name in their first line. */
const SHOWN = new Map(
  [...GUIDE.matchAll(/```ts\n\/\/ (\S+)\n(.*?)```/gs)].map(([, name = "", text = ""]) => [name, text]),
);

const RIGHT = `import { judge, type ParserAnswer, profiles } from "fmapspec";
export const parse = (message: Uint8Array): ParserAnswer => judge(profiles["rfc-v2"], message);
`;
/** Wrong of offsets that are a multiple of 4 KiB and not of 2 MiB. */
const CARELESS = `import { judge, type ParserAnswer, profiles } from "fmapspec";
export function parse(message: Uint8Array): ParserAnswer {
  const said = judge(profiles["rfc-v2"], message);
  if (said.verdict !== "reject" || said.rule !== "fmap/simple/offset-alignment") return said;
  const offset = new DataView(message.buffer, message.byteOffset).getBigUint64(said.offset, true);
  return offset % 4096n === 0n ? { verdict: "accept" } : said;
}
`;
/** The guide's properties name no seed, so that its readers search on; here they begin where our own do. */
const SEEDED = `import { defineConfig } from "vitest/config";
export default defineConfig({ test: { setupFiles: "./seed.ts" } });
`;
const SEED = `import { fc } from "fmapspec";
fc.configureGlobal({ seed: ${TEST_SEED} });
`;
/** The commands of a daemon and of a driver; both are the suite's own. */
const COMMANDS = `import { createRequire } from "node:module";
import { join } from "node:path";
const root = join(createRequire(import.meta.url).resolve("fmapspec/package.json"), "..");
const main = join(root, "dist/cli/main.js");
export const daemonCommand = [process.execPath, main, "reference-daemon"];
export const driverCommand = [process.execPath, main, "driver", "--protocol", "ndjson"];
`;

const tsconfig = (
  module: string,
  moduleResolution: string,
  types: readonly string[],
  include: readonly string[],
) =>
  JSON.stringify({
    compilerOptions: {
      target: "ES2022",
      module,
      moduleResolution,
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noEmit: true,
      types,
    },
    include,
  });

describe("the package", () => {
  let theirs: InstalledPackage;
  beforeAll(() => {
    theirs = installPackage();
    for (const [name, text] of SHOWN) theirs.write(name, text);
    theirs.write("my-parser.ts", RIGHT);
    theirs.write("my-commands.ts", COMMANDS);
    theirs.write("vitest.config.mjs", SEEDED);
    theirs.write("seed.ts", SEED);
  }, 300_000);
  afterAll(() => theirs?.remove());
  const runVitest = (...args: string[]) =>
    theirs.run(process.execPath, join(PACKAGE_ROOT, "node_modules/vitest/vitest.mjs"), "run", ...args);

  it("holds neither tests nor fixtures, and is small", () => {
    const { files, size, unpackedSize } = theirs.packed;
    const unwanted = /\.test\.|(^|\/)(test|fixtures|bench|\.ci|images|api)\/|__pycache__/;
    expect(files.map((f) => f.path).filter((path) => unwanted.test(path))).toEqual([]);
    expect(files.map((f) => f.path)).toContain("dist/library/index.d.ts");
    // 0.83 MB and 10 MB, of which the vectors are 0.4 MB and 8 MB, when this was written.
    expect(size).toBeLessThan(1_200_000);
    expect(unpackedSize).toBeLessThan(14_000_000);
  });

  it("names no folder of the machine that packed it", () => {
    const own = [PACKAGE_ROOT, "/root/"];
    const naming = theirs.packed.files
      .map((file) => file.path)
      .filter((path) =>
        own.some((folder) => theirs.read(join("node_modules/fmapspec", path)).includes(folder)),
      );
    expect(naming).toEqual([]);
  });

  it("is sound to publint", () => {
    const { status, output } = theirs.run(tool("publint"), theirs.tarball, "--strict");
    expect(output).toContain("All good!");
    expect(status).toBe(0);
  });

  it("has types that every way of ES modules finds", () => {
    const { status, output } = theirs.run(
      tool("attw"),
      theirs.tarball,
      "--profile",
      "esm-only",
      "--no-color",
    );
    expect(status, output).toBe(0);
  });

  it("brings its command", () => {
    const { status, output } = theirs.run("node_modules/.bin/fmapspec", "judge", "00");
    expect(output).toContain("fmap/header/underflow");
    expect(status).toBe(1);
    expect(theirs.run("node_modules/.bin/fmapspec", "parser", "--runs", "500", "--seed", "1").status).toBe(0);
  });

  it.each([
    ["nodenext", "nodenext"],
    ["esnext", "bundler"],
  ])("is typed for module %s, resolution %s", (module, resolution) => {
    expect([...SHOWN.keys()]).toEqual(["readme.test.ts", "parser.test.ts", "suites.test.ts", "check.ts"]);
    // The guide's files, with vitest's types and so without a look into declarations that are not ours.
    theirs.write("tsconfig.json", tsconfig(module, resolution, ["node"], ["*.ts"]));
    const typeRoots = join(PACKAGE_ROOT, "node_modules/@types");
    const guide = theirs.run(tool("tsc"), "-p", ".", "--skipLibCheck", "--typeRoots", typeRoots);
    expect(guide.output).toBe("");
    // Ours alone, and looked into.
    theirs.write("tsconfig.ours.json", tsconfig(module, resolution, ["node"], ["my-parser.ts", "check.ts"]));
    expect(theirs.run(tool("tsc"), "-p", "tsconfig.ours.json", "--typeRoots", typeRoots).output).toBe("");
  });

  it("does what the guide says", () => {
    const { status, output } = runVitest();
    expect(output).toContain("7 passed");
    expect(status).toBe(0);
  });

  it.each([
    ["right", RIGHT, 0, /\nCONFORMING: /],
    ["careless", CARELESS, 1, /\nNOT CONFORMING: .*\nfailed\n$/s],
  ])("reports on a parser that is %s as the guide says", (_, parser, status, said) => {
    theirs.write("my-parser.ts", parser);
    theirs.write("tsconfig.json", tsconfig("nodenext", "nodenext", ["node"], ["check.ts"]));
    const typeRoots = join(PACKAGE_ROOT, "node_modules/@types");
    const options = ["--skipLibCheck", "--typeRoots", typeRoots, "--noEmit", "false", "--outDir", "out"];
    expect(theirs.run(tool("tsc"), "-p", ".", ...options).output).toBe("");
    theirs.write("my-parser.ts", RIGHT);
    const checked = theirs.run(process.execPath, "out/check.js");
    expect(checked.output).toMatch(said);
    expect(checked.status).toBe(status);
  });

  it("shows the smallest message of a property that fails", () => {
    theirs.write("my-parser.ts", CARELESS);
    const { status, output } = runVitest("parser.test.ts");
    theirs.write("my-parser.ts", RIGHT);
    expect(status).toBe(1);
    expect(output).toMatch(/56 bytes, rfc-v2 says EINVAL: [0-9a-f]{112}\n/);
    expect(output).toMatch(/se_offset +0x1000 \(4096\) {2}<- EINVAL fmap\/simple\/offset-alignment/);
  });
});
