import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import { available } from "../test/tools.ts";
import { fmapspec, scratch } from "./test/command.ts";

const folder = scratch();
const COMMITTED = join(PACKAGE_ROOT, "vectors");

const filesIn = (root: string) =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile())
    .map((e) => join(e.parentPath, e.name).slice(root.length + 1))
    .sort();

describe("vectors --out", () => {
  const out = join(folder, "all");
  beforeAll(async () => {
    expect(await fmapspec("vectors", "--out", out)).toMatchObject({ status: 0, stderr: "" });
  }, 120_000);

  it("writes what is committed, byte by byte: run `fmapspec vectors --out vectors` after a change", () => {
    const kept = filesIn(out).filter((name) => !name.startsWith("corpus/"));
    expect(filesIn(COMMITTED).filter((name) => !name.startsWith("corpus/"))).toEqual(kept);
    for (const name of kept)
      expect(readFileSync(join(COMMITTED, name)).equals(readFileSync(join(out, name))), name).toBe(true);
  });

  it.runIf(available("sha256sum", "coreutils"))("gives the corpus' digest as sha256sum does", () => {
    const sums = spawnSync("sh", ["-c", "LC_ALL=C; sha256sum corpus/*.bin | sha256sum"], {
      cwd: out,
      encoding: "utf8",
    });
    expect(sums.stdout).toBe(readFileSync(join(out, "corpus.sha256"), "utf8"));
  });

  it("replaces a set that is there, and leaves alone what is not of it", async () => {
    const small = join(folder, "small");
    mkdirSync(join(small, "corpus"), { recursive: true });
    writeFileSync(join(small, "corpus/crash-1"), "kept");
    writeFileSync(join(small, "corpus/0123456789abcdef.bin"), "of an older set");
    writeFileSync(join(small, "v10.json"), "{}");
    const ran = await fmapspec("vectors", "--out", small, "--profile", "rfc-v2", "--profile", "v8");
    expect(ran).toMatchObject({ status: 0 });
    expect(ran.stdout).toMatch(/small: vectors of rfc-v2, v10; \d+ messages in corpus\/\n$/);
    rmSync(join(small, "v10.json"));
    expect((await fmapspec("vectors", "--out", small, "--profile", "rfc-v2")).status).toBe(0);
    const names = filesIn(small);
    expect(names.filter((n) => !n.startsWith("corpus/"))).toEqual([
      "corpus.sha256",
      "rfc-v2.json",
      "schemas/vectors.schema.json",
    ]);
    expect(names).toContain("corpus/crash-1");
    expect(names).not.toContain("corpus/0123456789abcdef.bin");
  });
});

it("docs/vectors.md shows a vector as it is, and what the lint prints", async () => {
  const page = readFileSync(join(PACKAGE_ROOT, "docs/vectors.md"), "utf8");
  const shown = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] as string);
  const file = readFileSync(join(COMMITTED, "rfc-v2.json"), "utf8");
  const [vector] = JSON.parse(file).testGroups[0].tests.filter((t: { id: string }) => t.id === shown.id);
  const [start] = shown.msg.split("...");
  expect({ ...shown, msg: vector.msg.slice(0, start.length) }).toEqual({ ...vector, msg: start });
  const { stdout } = await fmapspec("vectors", "--lint", COMMITTED);
  expect(page).toContain(stdout.replace(`${PACKAGE_ROOT}/`, ""));
});

describe("vectors --lint", () => {
  it("finds nothing in the committed set", async () => {
    const { status, stdout } = await fmapspec("vectors", "--lint", COMMITTED);
    expect(stdout).toMatch(/vectors: \d+ files, no difference\n$/);
    expect(status).toBe(0);
  });

  it("names the first difference, with status 1", async () => {
    const bad = join(folder, "bad");
    await fmapspec("vectors", "--out", bad, "--profile", "v3");
    const file = join(bad, "v3.json");
    writeFileSync(file, readFileSync(file, "utf8").replace('"errno":"EINVAL"', '"errno":"E2BIG"'));
    const { status, stdout } = await fmapspec("vectors", "--lint", bad);
    expect(stdout).toBe(`${file}, tcId 1: errno\n  expected  EINVAL\n  found     E2BIG\n`);
    expect(status).toBe(1);
    rmSync(join(bad, "v3.json"));
    expect((await fmapspec("vectors", "--lint", bad)).stdout).toContain("expected  a file of vectors");
  });
});

it.each([
  [[], "vectors needs a folder: --out DIR to write, or --lint DIR to check"],
  [
    ["--out", folder, "--lint", folder],
    "--lint checks the whole set: give neither --out nor --profile with it",
  ],
  [
    ["--lint", folder, "--profile", "v3"],
    "--lint checks the whole set: give neither --out nor --profile with it",
  ],
  [["--lint", "/nonexistent"], "cannot read /nonexistent: there is no such file"],
  [["--out", "/dev/null/x"], "cannot make the folder /dev/null/x: a part of the path is not a folder"],
  [["--out", folder, "--profile", "v11"], "there is no profile 'v11'"],
  [["stray"], "'stray' is not an option, and vectors takes no arguments"],
] as const)("vectors %j is a usage error", async (args, message) => {
  const { status, stdout, stderr } = await fmapspec("vectors", ...args);
  expect(stderr).toContain(`fmapspec: ${message}`);
  expect(stderr.trimEnd()).not.toContain("\n");
  expect(stdout).toBe("");
  expect(status).toBe(2);
});
