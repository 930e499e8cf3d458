/** The readers of vectors that need no Node: each agrees on every vector, and notices one that is not so. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import { PROFILE_NAMES, type ProfileName } from "../../spec/index.ts";
import { built } from "../../test/built-drivers.ts";
import { available } from "../../test/tools.ts";
import type { VectorFile } from "./file.ts";

const folder = mkdtempSync(join(tmpdir(), "fmapspec-readers-"));
afterAll(() => rmSync(folder, { recursive: true }));

const { at, gcc, rustc, goBuild } = built();
const SANITIZED = ["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];

/** Name, the tool that it takes and the package of that, and its command. */
const READERS: [string, string, string, () => string[]][] = [
  ["C", "gcc", "gcc", () => [gcc("c/vectors.c", "c")]],
  ["C, under sanitizers", "gcc", "gcc", () => [gcc("c/vectors.c", "c-sanitized", ...SANITIZED)]],
  ["Rust", "rustc", "rustc", () => [rustc("rust/vectors.rs", "rust")]],
  ["Python", "python3", "python3", () => ["python3", at("python/vectors.py")]],
  ["Go", "go", "golang-go", () => [goBuild("vectors", "go")]],
];

const committed = (name: string) => join(PACKAGE_ROOT, "vectors", `${name}.json`);

function run([command, ...args]: string[], ...files: string[]) {
  const { status, stdout, stderr } = spawnSync(command as string, [...args, ...files], { encoding: "utf8" });
  return { status, stdout: stdout.trimEnd().split("\n"), stderr };
}

type Edit = (file: VectorFile, test: (result: string) => Record<string, unknown>) => void;

/** The vectors of a profile after an edit; dual-ext has every result, and v10 has resolutions. */
function tampered(edit: Edit, name: ProfileName = "dual-ext"): string {
  const file: VectorFile = JSON.parse(readFileSync(committed(name), "utf8"));
  const tests = file.testGroups[0]?.tests as unknown as Record<string, unknown>[];
  edit(file, (result) => tests.find((t) => t.result === result && t.tcId !== 1) as Record<string, unknown>);
  const path = join(folder, "tampered.json");
  writeFileSync(path, JSON.stringify(file));
  return path;
}

const map = (test: Record<string, unknown>) => test.map as Record<string, unknown>;
const first = (value: unknown) => (value as Record<string, unknown>[])[0] as Record<string, unknown>;

describe.each(READERS)("the reader in %s", (_, tool, packages, command) => {
  const there = available(tool, packages);

  it.skipIf(!there)("agrees with the oracle on every vector of every profile", () => {
    const { status, stdout, stderr } = run(command(), ...PROFILE_NAMES.map(committed));
    expect(stderr).toBe("");
    expect(stdout).toEqual(
      PROFILE_NAMES.map((name) => {
        const { numberOfTests }: VectorFile = JSON.parse(readFileSync(committed(name), "utf8"));
        return `${committed(name)}: ${numberOfTests} vectors, 0 differ`;
      }),
    );
    expect(status).toBe(0);
  });

  it.skipIf(!there).each<[string, RegExp, Edit]>([
    ["an errno", /expected ERANGE, got EINVAL$/, (_, t) => Object.assign(t("invalid"), { errno: "ERANGE" })],
    [
      "a refusal",
      /expected accept, got EINVAL$/,
      (_, t) => {
        Object.assign(t("invalid"), { result: "valid", errno: undefined, map: t("valid").map });
      },
    ],
    [
      "an acceptance",
      /expected EINVAL, got accept$/,
      (_, t) => {
        Object.assign(t("valid"), { result: "invalid", errno: "EINVAL" });
      },
    ],
    ["what is allowed", /got accept$/, (_, t) => Object.assign(t("acceptable"), { allowed: ["EINVAL"] })],
    ["a file type", /another map/, (_, t) => Object.assign(map(t("valid")), { fileType: 7 })],
    [
      "a file size",
      /another map/,
      (_, t) => Object.assign(map(t("valid")), { fileSize: "18446744073709551615" }),
    ],
    ["a bitmap", /another map/, (_, t) => Object.assign(map(t("valid")), { devBitmap: "2" })],
    ["the kind of extents", /another map/, (_, t) => Object.assign(map(t("valid")), { extType: "other" })],
    ["a missing extent", /another map/, (_, t) => Object.assign(map(t("valid")), { extents: [] })],
    ["a length", /another map/, (_, t) => Object.assign(first(map(t("valid")).extents), { length: "1" })],
    [
      "a chunk size",
      /another map/,
      (_, t) => {
        Object.assign(first(map(t("acceptable")).extents), { chunkSize: "1" });
      },
    ],
    [
      "a strip",
      /another map/,
      (_, t) => {
        Object.assign(first(first(map(t("acceptable")).extents).strips), { offset: "1" });
      },
    ],
    ["a message", /tcId \d+ .*: /, (_, t) => Object.assign(t("valid"), { msg: "00" })],
    ["hex", /(expected|hex|Invalid|invalid)/, (_, t) => Object.assign(t("valid"), { msg: "0g" })],
    [
      "the number of tests",
      /: numberOfTests is 1, and there are \d+$/,
      (f) => Object.assign(f, { numberOfTests: 1 }),
    ],
  ])("notices tampering with %s", (what, says, edit) => {
    const { status, stdout, stderr } = run(command(), tampered(edit));
    // Python's reader of hex raises for what is none, and then there is nothing to run.
    expect([what === "hex" ? 2 : 1, 1]).toContain(status);
    expect(`${stderr.trimEnd()}${stdout[0]}`).toMatch(says);
    if (status === 1) expect(stdout).toHaveLength(2);
    if (status === 1) expect(stdout[1]).toMatch(/: \d+ vectors, 1 differ$/);
  });

  it.skipIf(!there).each<[string, object]>([
    ["place", { offset: "1" }],
    ["length", { length: "1" }],
    ["daxdev", { devindex: "1" }],
  ])("notices tampering with the %s of a resolution", (_, change) => {
    const edit: Edit = (_, t) => Object.assign(first(t("valid").resolved), change);
    const { status, stdout } = run(command(), tampered(edit, "v10"));
    expect(stdout[0]).toMatch(/: another resolution/);
    expect(stdout).toHaveLength(2);
    expect(status).toBe(1);
  });

  it.skipIf(!there)("notices tampering with what resolving nothing gives", () => {
    for (const [name, other] of [
      ["v10", { length: "0" }],
      ["v3", { errno: "EIO" }],
    ] as const) {
      const edit: Edit = (_, t) => (t("valid").resolved as object[]).splice(-1, 1, other);
      expect(run(command(), tampered(edit, name))).toMatchObject({ status: 1 });
    }
  });

  it.skipIf(!there)("says in one line what it cannot read, with status 2", () => {
    const odd = join(folder, "odd.json");
    writeFileSync(odd, "{}");
    const unknown = tampered((file) => Object.assign(first(file.testGroups), { profile: "v11" }));
    for (const path of [[odd], [join(folder, "none.json")], [folder], [unknown], []]) {
      const { status, stdout, stderr } = run(command(), ...path);
      expect(stdout).toEqual([""]);
      expect(stderr.trimEnd()).toMatch(/^[^\n]+$/);
      expect(status, path[0]).toBe(2);
    }
  });

  it.skipIf(!there)("ends by itself with whatever it is given of a file", () => {
    const text = readFileSync(committed("v3"), "latin1").slice(0, 20_000);
    const cut = join(folder, "cut.json");
    for (let end = 1; end < text.length; end += 997) {
      writeFileSync(cut, text.slice(0, end), "latin1");
      expect([1, 2]).toContain(run(command(), cut).status);
    }
  });
});

it.skipIf(!available("python3", "python3"))("the ten lines of docs/vectors.md print what it says", () => {
  const page = readFileSync(join(PACKAGE_ROOT, "docs/vectors.md"), "utf8");
  const [, code, printed] = /```python\n([\s\S]*?)```[\s\S]*?```\n([\s\S]*?)```/.exec(page) as string[];
  const { stdout } = spawnSync("python3", ["-c", code as string], { cwd: PACKAGE_ROOT, encoding: "utf8" });
  expect(stdout.startsWith(printed as string)).toBe(true);
});
