/** Every kernel revision by every command that takes one. */
import { describe, expect, it } from "vitest";
import { build, recipe } from "../generators/index.ts";
import { PROFILES, profileDifferences, RULES } from "../spec/index.ts";
import { fmapspec, scratch } from "./test/command.ts";

const out = scratch();
const NAMES = PROFILES.map((p) => p.name);
const SELF = (name: string) => [
  "--protocol",
  "frames",
  "--",
  process.execPath,
  "dist/cli/main.js",
  "driver",
  "--protocol",
  "frames",
  "--profile",
  name,
];
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

describe("profiles", () => {
  it("lists every revision with its other names, its source and what is not established", async () => {
    const { status, stdout } = await fmapspec("profiles");
    expect(status).toBe(0);
    for (const p of PROFILES) {
      expect(stdout).toContain(`${p.title}\n    ${p.source}\n`);
      for (const [path, why] of Object.entries(p.open)) expect(stdout).toContain(`${path}: ${why}\n`);
    }
    expect(stdout).toContain("v4 (also v5, v6)  ");
    expect((await fmapspec("list", "--profiles")).stdout).toBe(stdout);
  });

  /** Claims of facts/revisions.md, each a line of the right section. */
  it.each([
    [
      "rfc-v1 -> rfc-v2",
      [
        "limits/maxExtents 2 -> 32",
        "limits/maxStrips 16 -> 32",
        "request/hook lookup -> open",
        "request/nodeid inode number -> nodeid",
        "request/body none -> fuse_get_fmap_in",
        "replySize/kind exact -> retry-once",
      ],
    ],
    [
      "rfc-v2 -> v3",
      [
        "opcodes/getFmap 53 -> 54",
        "opcodes/getDaxdev 54 -> 55",
        "minor 42 -> 45",
        "initBit 42 -> 43",
        "initGuarded false -> true",
        "request/body fuse_get_fmap_in -> none",
        "errnos/alreadyMapped EEXIST -> none",
        "exchange/openIgnoresFmap true -> false",
        "daxdevs/known EALREADY -> none",
      ],
    ],
    [
      "v3 -> v4",
      [
        "errnos/lostRace EEXIST -> none",
        "install/loser freed -> leaked",
        "install/unlocksUnlocked false -> true",
        "resolver/failure empty -> EIO",
        "resolver/clip file size -> uninitialised",
        "exchange/leaksBuffer when the request fails -> never",
      ],
    ],
    [
      "v4 -> v7",
      [
        "parser/interleaved/chunkSizes any -> aligned",
        "parser/interleaved/order nbytes, strips, nstrips -> chunk-size, nbytes, strips, nstrips",
        "install/loser leaked -> freed",
        "resolver/checksChunk false -> true",
      ],
    ],
    [
      "v7 -> v10",
      [
        "errnos/nextentsZero EINVAL -> ERANGE",
        "errnos/nextentsLimit E2BIG -> ERANGE",
        "errnos/bufferAlloc EIO -> ENOMEM",
        "daxdevs/claimFailure not claimed -> slot in error",
      ],
    ],
    [
      "v10 -> simple-only",
      [
        "opcodes/getDaxdev 55 -> none",
        "limits/maxExtents 32 -> none",
        "parser/bitmap int -> u64",
        "request/body none -> fuse_getxattr_in",
        "replySize/max 4096 -> 16777216",
        "daxdevs/way pull -> push",
        "resolver/compares s64 -> u64",
        "resolver/shift false -> true",
      ],
    ],
    [
      "simple-only -> dual-ext",
      [
        "limits/devindexes 1 -> 64",
        "limits/alignment 2097152 -> 4096",
        "parser/fileSizeLimit u64 -> s64",
        "parser/sums wrap -> refused",
        "limits/maxStrips none -> not established",
        "daxdevs/slots not established -> 64",
      ],
    ],
  ])("--diff: %s", async (title, lines) => {
    const sections = (await fmapspec("profiles", "--diff")).stdout.split("\n\n");
    const section = sections.find((s) => s.startsWith(title)) ?? "";
    const said = section.split("\n").map((line) => line.trim().replace(/ {2,}/, " "));
    for (const line of lines) expect(said).toContain(line);
    const [before, after] = title.split(" -> ").map((name) => PROFILES.find((p) => p.name === name));
    const fields = said.filter((line) => line.includes(" -> ")).length - 1;
    if (before && after) expect(fields).toBe(profileDifferences(before, after).length);
  });

  it.each([["v10"], ["v8", "v9"]])(
    "--diff of one: what it changes of the one before it: %s",
    async (...names) => {
      const { stdout } = await fmapspec("profiles", "--diff", ...names);
      expect(stdout.split("\n").filter((line) => / -> /.test(line) && !line.startsWith(" "))).toEqual([
        "v7 -> v10",
      ]);
    },
  );

  it("--diff of two that are named, in the order of time, by an alias too", async () => {
    const { stdout } = await fmapspec("profiles", "--diff", "v9", "v6");
    expect(stdout).toMatch(/^v4 -> v10\n/);
    expect(stdout).toContain("+ fmap/interleaved/chunk-size");
    expect(stdout).toContain("- hazard/strips-leak");
    expect(stdout.split("\n").filter((line) => / -> /.test(line) && !line.startsWith(" "))).toHaveLength(1);
  });

  it.each([
    [["--diff", "rfc-v1"], "rfc-v1 is the first revision"],
    [["v99"], "there is no profile 'v99' (did you mean v9?); there are rfc-v1, rfc-v2, v3"],
  ])("refuses %j", async (args, message) => {
    const ran = await fmapspec("profiles", ...args);
    expect(ran).toMatchObject({ status: 2, stdout: "", stderr: expect.stringContaining(message) });
  });
});

describe("the rules", () => {
  it("are listed by revision", async () => {
    const ids = async (...args: string[]) =>
      (await fmapspec("list", ...args)).stdout.match(/\S+\/\S+(?= )/g) ?? [];
    expect((await ids()).length).toBeGreaterThanOrEqual(RULES.length);
    const simple = (await fmapspec("list", "--profile", "simple-only", "fmap/*")).stdout;
    expect(simple).not.toContain("interleaved/");
    expect((await fmapspec("list", "--profile", "v8", "fmap/interleaved/*")).stdout).toContain("chunk-size");
    expect((await fmapspec("parser", "--list", "--profile", "dual-ext")).stdout).toContain("strip-capacity");
    expect((await fmapspec("parser", "--list")).stdout).not.toContain("strip-capacity");
  });

  it("are explained with the errno of each revision, and where they are not settled", async () => {
    const zero = (await fmapspec("explain", "fmap/header/nextents-zero")).stdout;
    expect(zero).toMatch(/^errno {8}EINVAL \(rfc-v1, rfc-v2, v3, v4, v7\)$/m);
    expect(zero).toMatch(/^errno {8}ERANGE \(v10, simple-only, dual-ext\)$/m);
    const mapped = (await fmapspec("explain", "install/already-mapped")).stdout;
    expect(mapped).toMatch(/^errno {8}none: success \(v3, /m);
    const strips = (await fmapspec("explain", "fmap/interleaved/nstrips-limit")).stdout;
    expect(strips).toMatch(/^errno {8}EINVAL$/m);
    expect(strips).toMatch(/^unspecified {2}dual-ext: its uapi header was not found/m);
  });
});

describe("judge", () => {
  it("takes an alias for its revision", async () => {
    const none = "00".repeat(32);
    const verdicts = ["v6", "v9"].map(async (name) => {
      const { stdout } = await fmapspec("judge", "--json", "--profile", name, none);
      const { profile, verdict } = JSON.parse(stdout);
      return [profile, verdict.errno];
    });
    expect(await Promise.all(verdicts)).toEqual([
      ["v4", "EINVAL"],
      ["v10", "ERANGE"],
    ]);
  });

  it("says what is unspecified, and why", async () => {
    const dual = PROFILES.find((p) => p.name === "dual-ext");
    const hex = hexOf(build(recipe({ kind: 1, strips: 1 }), dual).bytes);
    const { status, stdout } = await fmapspec("judge", "--profile", "dual-ext", hex);
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /unspecified at byte 32: accept or EINVAL \(fmap\/interleaved\/nstrips-limit: its uapi/,
    );
    const json = await fmapspec("judge", "--json", "--profile", "dual-ext", hex);
    expect(JSON.parse(json.stdout).verdict).toMatchObject({ verdict: "unspecified", offset: 32 });
    const driven = await fmapspec("judge", "--profile", "simple-only", hex);
    expect(driven.stdout).toContain("fmap/header/ext-type");
  });
});

describe("a driver", () => {
  it.each(NAMES)("of %s conforms to it", async (name) => {
    const args = ["parser", "--profile", name, "--seed", "1", "--runs", "3000", "--out", out, "--quiet"];
    const ran = await fmapspec(...args, ...SELF(name));
    expect(ran).toMatchObject({ status: 0, stdout: "" });
  });

  // rfc-v2, v3 and v4 have the same parser: a driver of one conforms to the others.
  it.each([
    ["rfc-v1", "rfc-v2"],
    ["rfc-v2", "rfc-v1"],
    ["rfc-v2", "v7"],
    ["v4", "v7"],
    ["v7", "v4"],
    ["v7", "v10"],
    ["v10", "simple-only"],
    ["simple-only", "v10"],
    ["simple-only", "dual-ext"],
    ["dual-ext", "simple-only"],
  ])("of %s does not conform to %s", async (name, other) => {
    const args = ["parser", "--profile", other, "--seed", "1", "--runs", "3000", "--out", out, "--quiet"];
    expect((await fmapspec(...args, "--fail-fast", ...SELF(name))).status).toBe(1);
  });
});

describe("a daemon", () => {
  const asked = (profile: string, served: string) =>
    fmapspec(
      ...["daemon", "--profile", profile, "--seed", "1", "--out", out, "--"],
      ...[process.execPath, "dist/cli/main.js", "reference-daemon", "--profile", served],
    );

  it.each(["rfc-v1", "v3", "v10", "simple-only"])("of %s conforms to it", async (name) => {
    const { status, stdout } = await asked(name, name);
    expect(stdout).toContain("CONFORMING");
    expect(status).toBe(0);
  });

  it.each([
    ["v10", "simple-only"],
    ["simple-only", "v10"],
  ])("of %s does not conform to %s", async (served, asked_) => {
    expect((await asked(asked_, served)).status).toBe(1);
  });

  // It never sets the other revision's bit: as a daemon without famfs there is nothing wrong with it.
  it.each([
    ["rfc-v2", "v3"],
    ["v3", "rfc-v1"],
  ])("of %s gets no certificate of %s", async (served, asked_) => {
    const { stdout, stderr } = await asked(asked_, served);
    expect(stdout).toContain("the daemon does not offer FUSE_DAX_FMAP");
    expect(stderr).toContain("no certificate: ");
  });

  it("cannot be asked as a kernel whose INIT bit is not known", async () => {
    for (const args of [["daemon"], ["reference-daemon", "/dev/fd/9"], ["matrix", "--", "x"]]) {
      const [command, ...rest] = args as [string, ...string[]];
      const ran = await fmapspec(command, "--profile", "dual-ext", ...rest);
      expect(ran).toMatchObject({
        status: 2,
        stderr: expect.stringContaining("INIT bit is not established"),
      });
    }
  });
});
