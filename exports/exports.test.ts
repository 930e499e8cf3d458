/** Each export is the same every time, holds what it says, and is taken by the tools that it is for. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import { PROFILES, type Profile, profileNamed } from "../spec/index.ts";
import { available } from "../test/tools.ts";
import { dictionary, tokens } from "./corpus.ts";
import type { ExportFiles } from "./files.ts";
import { EXPORTS } from "./index.ts";
import { CORPUS } from "./vectors/set.ts";

const named = (name: string) => profileNamed(name) as Profile;
const rfcV2 = named("rfc-v2");

async function fresh(kind: string, profile: Profile): Promise<ExportFiles> {
  const files = await EXPORTS[kind]?.files({ profile, kernelSource: null });
  if (files === undefined) throw new Error(`there is no export ${kind}`);
  return files;
}

// Making a profile's vectors takes a second or two.
const made = new Map<string, Promise<ExportFiles>>();
function filesOf(kind: string, profile: Profile): Promise<ExportFiles> {
  const key = `${kind} ${profile.name}`;
  const files = made.get(key) ?? fresh(kind, profile);
  made.set(key, files);
  return files;
}

/** The messages of a corpus in hex. */
const messagesIn = async (profile: Profile): Promise<string[]> =>
  [...(await filesOf("corpus", profile))].flatMap(([path, bytes]) =>
    path.startsWith(`${CORPUS}/`) ? [Buffer.from(bytes as Uint8Array).toString("hex")] : [],
  );

const folder = mkdtempSync(join(tmpdir(), "fmapspec-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function written(kind: string, profile: Profile): Promise<string> {
  const out = join(folder, kind, profile.name);
  for (const [path, content] of await filesOf(kind, profile)) {
    mkdirSync(dirname(join(out, path)), { recursive: true });
    writeFileSync(join(out, path), content);
    if (path.endsWith(".sh")) chmodSync(join(out, path), 0o755);
  }
  return out;
}

describe.each(["corpus", "kfuzztest", "kselftest", "syzlang"])("%s", (kind) => {
  it("is the same every time", async () => {
    const files = await filesOf(kind, rfcV2);
    expect(files.size).toBeGreaterThan(0);
    expect([...(await fresh(kind, rfcV2))]).toEqual([...files]);
  });
});

describe("a KFuzzTest input", () => {
  /** What the framework checks before a target sees anything; the target's data, or null. */
  function unpacked(input: Buffer): Buffer | null {
    const u32 = (at: number) => input.readUInt32LE(at);
    if (u32(0) !== 0xbface || u32(4) !== 0) return null;
    const regions = Array.from({ length: u32(8) }, (_, i) => ({
      at: u32(12 + 8 * i),
      size: u32(16 + 8 * i),
    }));
    const table = 12 + 8 * regions.length;
    const [entries, padding] = [u32(table), u32(table + 4)];
    const payload = table + 8 + 12 * entries + padding;
    const usable = input.length - payload - 8;
    const apart = regions.every((r, i) => {
      const next = regions[i + 1]?.at ?? Number.POSITIVE_INFINITY;
      return r.at + r.size <= usable && r.at + r.size + 8 <= next;
    });
    if (padding < 8 || payload % 16 !== 0 || !apart || entries !== 1) return null;
    const [from, offset, to] = [u32(table + 8), u32(table + 12), u32(table + 16)];
    const [argument, data] = [regions[from], regions[to]];
    if (argument === undefined || data === undefined || offset % 8 !== 0 || offset + 8 > argument.size)
      return null;
    if (input.readBigUInt64LE(payload + argument.at + 8) !== BigInt(data.size)) return null;
    return input.subarray(payload + data.at, payload + data.at + data.size);
  }

  it("brings each message of the vectors to its target", async () => {
    const files = await filesOf("kfuzztest", rfcV2);
    const messages = [...files].flatMap(([path, bytes]) =>
      path.startsWith("inputs/") ? [unpacked(Buffer.from(bytes as Uint8Array))?.toString("hex")] : [],
    );
    expect(messages).toEqual(await messagesIn(rfcV2));
    expect(messages.length).toBeGreaterThan(1000);
  });
});

describe("the dictionary", () => {
  it.each(PROFILES)("of $name has the limits of the profile and one line for each value", (profile) => {
    const text = dictionary(profile);
    const lines = text.trimEnd().split("\n");
    expect(lines.every((line) => /^[a-z][a-z0-9_]*="(?:\\x[0-9a-f]{2})+"$/.test(line))).toBe(true);
    expect(lines).toHaveLength(tokens(profile).size);
    expect(text.includes("extents=")).toBe(profile.limits.maxExtents !== null);
  });
});

/** The C driver's parser as a fuzzer calls it. */
const TARGET = `#include "fmap.h"
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct fmap_range ranges[(1 << 16) / FMAP_RANGE_BYTES];
    static struct fmap map = { .ranges = ranges };
    if (size <= 1 << 16) fmap_parse(data, size, &map);
    return 0;
}
`;
const DRIVER = join(PACKAGE_ROOT, "drivers/c");

describe.skipIf(!available("clang", "clang libclang-rt-14-dev"))("libFuzzer", () => {
  it("takes seeds and dictionary", async () => {
    const out = await written("corpus", rfcV2);
    writeFileSync(join(out, "target.c"), TARGET);
    const args = [
      "-g",
      "-O1",
      "-Werror",
      "-fsanitize=fuzzer,address",
      "-I",
      DRIVER,
      "target.c",
      "-o",
      "target",
    ];
    expect(spawnSync("clang", args, { cwd: out, encoding: "utf8" })).toMatchObject({ status: 0 });
    mkdirSync(join(out, "found"));
    const run = ["-max_total_time=1", `-dict=${rfcV2.name}.dict`, "-seed=1", "found", "corpus"];
    const { status, stderr } = spawnSync(join(out, "target"), run, { cwd: out, encoding: "utf8" });
    expect(status, stderr).toBe(0);
    // An empty message is a seed that it brings itself.
    const seeds = (await messagesIn(rfcV2)).filter((hex) => hex !== "").length;
    expect(stderr).toContain(`Dictionary: ${tokens(rfcV2).size} entries`);
    expect(stderr).toContain(`${seeds} files found in corpus`);
  });
});

describe.skipIf(!available("afl-fuzz", "afl++"))("AFL++", () => {
  it("takes seeds and dictionary", async () => {
    const out = await written("corpus", named("v3"));
    const args = ["-O1", "-Werror", join(DRIVER, "exec.c"), "-o", "target"];
    const env = {
      ...process.env,
      AFL_SKIP_CPUFREQ: "1",
      AFL_NO_UI: "1",
      AFL_NO_AFFINITY: "1",
      AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES: "1",
      AFL_BENCH_UNTIL_CRASH: "1",
    };
    expect(spawnSync("afl-cc", args, { cwd: out, encoding: "utf8", env })).toMatchObject({ status: 0 });
    const fuzz = ["-i", "corpus", "-o", "found", "-x", "v3.dict", "-V", "1", "--", "./target"];
    const { status, stdout, stderr } = spawnSync("afl-fuzz", fuzz, { cwd: out, encoding: "utf8", env });
    expect(status, `${stdout}${stderr}`).toBe(0);
    expect(stdout).toContain(`Loaded a total of ${tokens(named("v3")).size} extras`);
    expect(readdirSync(join(out, "found/default/queue")).length).toBeGreaterThan(5);
  });
});

describe("the kselftest folder", () => {
  it("has what the selftests' build and runner look for", async () => {
    const files = await filesOf("kselftest", rfcV2);
    expect([...files.keys()]).toEqual(["Makefile", "settings", "config", "famfs_fmap.sh"]);
    expect(files.get("settings")).toMatch(/^timeout=\d+\n$/);
  });

  it.skipIf(!available("mktemp", "coreutils"))("runs the command, or skips with the reason", async () => {
    const out = await written("kselftest", rfcV2);
    const run = (FMAPSPEC: string) =>
      spawnSync(join(out, "famfs_fmap.sh"), {
        cwd: out,
        encoding: "utf8",
        env: { ...process.env, FMAPSPEC },
      });
    const missing = run("no-such-command");
    expect(missing).toMatchObject({ status: 4 });
    expect(missing.stdout).toMatch(/^TAP version 13\n1\.\.0 # SKIP there is no no-such-command/);
    const echoed = run("echo");
    expect(echoed).toMatchObject({ status: 0 });
    expect(echoed.stdout).toMatch(/^kernel --profile rfc-v2 --seed 1 --out \S+ --kselftest\n$/);
    // A failure of the command is the selftest's.
    const failing = join(out, "failing");
    writeFileSync(failing, "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    expect(run(failing).status).toBe(1);
  });
});

describe("the descriptions for syzkaller", () => {
  it("give every field of the wire structs in order, and their widths", async () => {
    const text = String([...(await filesOf("syzlang", rfcV2)).values()][0]);
    const bodies = new Map(
      [...text.matchAll(/^(\w+) \{\n([\s\S]*?)^\}/gm)].map(
        ([, name, body]) => [`${name}`, `${body}`] as const,
      ),
    );
    const widthOf = (line: string) => {
      const array = /array\[const\[0, int8\], (\d+)\]|string\["[^"]*", (\d+)\]/.exec(line);
      return array ? Number(array[1] ?? array[2]) : Number(/int(8|16|32|64)\b/.exec(line)?.[1]) / 8;
    };
    const size = (name: string) =>
      (bodies.get(name) ?? "")
        .trimEnd()
        .split("\n")
        .filter((line) => !/\tarray\[fuse_/.test(line))
        .reduce((n, line) => n + widthOf(line), 0);
    expect(size("fuse_famfs_init_out")).toBe(64);
    expect(size("fuse_famfs_fmap_simple")).toBe(32);
    expect(size("fuse_famfs_fmap_interleaved")).toBe(32);
    expect(size("fuse_famfs_iext")).toBe(24);
    expect(size("fuse_famfs_simple_ext")).toBe(24);
    expect(size("fuse_daxdev_out")).toBe(280);
  });

  it.each(PROFILES)("of $name refer to nothing that is not there or in fs_fuse.txt", async (profile) => {
    const text = String([...(await filesOf("syzlang", profile)).values()][0]);
    const defined = [...text.matchAll(/^(\w+) (?:[{[]|=)/gm)].map(([, name]) => name);
    const used = [...text.replace(/^#.*$/gm, "").matchAll(/\b(fuse_\w+)/g)].map(([, name]) => name);
    for (const name of new Set(used)) expect([...defined, "fuse_out"], `${name}`).toContain(name);
    expect(text.includes("GET_DAXDEV")).toBe(profile.opcodes.getDaxdev !== null);
    expect(text.includes("interleaved")).toBe(profile.parser.interleaved !== null);
  });
});
