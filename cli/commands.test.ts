/** The commands on good input: what they print, write and return. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { misfit } from "../base/schema-check.ts";
import { build, faultChoice, recipe } from "../generators/index.ts";
import { RULES, SCHEMAS } from "../spec/index.ts";
import { available } from "../test/tools.ts";
import { FALSE, TRUE } from "../test/trivial-programs.ts";
import { fmapspec, scratch } from "./test/command.ts";

const folder = scratch();
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const read = (path: string) => JSON.parse(readFileSync(path, "utf8"));

const GOOD = build(recipe({ kind: 1, strips: 1 })).bytes;
const BAD = build(recipe({ count: 1, fault1: faultChoice("devindex"), value1: 5 })).bytes;

describe("judge", () => {
  it("explains a message that is accepted, and where its offsets are", async () => {
    const { status, stdout } = await fmapspec("judge", "--offset", "4096", hexOf(GOOD));
    expect(status).toBe(0);
    expect(stdout).toMatch(/verdict\n {2}accept/);
    expect(stdout).toContain("4096 bytes at file offset 2097152: daxdev 0 at 0x200000, 4096 bytes");
    expect(stdout).toContain("4096 bytes at file offset 4096: daxdev 0 at 0x1000, 4096 bytes");
    expect(stdout).toContain("4096 bytes at file offset 4194304: nothing (success, 0 bytes)");
  });

  it("marks the byte that a message is refused for, and its hazards", async () => {
    const { status, stdout } = await fmapspec("judge", hexOf(BAD));
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /56 {2}20 00 00 00 .*<- EINVAL fmap\/simple\/devindex {2}<- hazard\/devindex-shift/,
    );
    expect(stdout).toMatch(/hazards\n {2}hazard\/devindex-shift at byte 56/);
  });

  it("says what is odd about a message that is accepted all the same", async () => {
    const odd = build(recipe({ kind: 1, fault1: faultChoice("chunk size") })).bytes;
    const { stdout } = await fmapspec("judge", hexOf(odd));
    expect(stdout).toContain("accepted all the same\n  fmap/ignored/chunk-size");
    expect(stdout).toMatch(/undefined: A chunk size of zero is accepted/);
  });

  it("folds a long message and shows where a short one ends", async () => {
    const long = await fmapspec("judge", hexOf(build(recipe({ count: 5 })).bytes));
    expect(long.stdout).toContain("more records like these");
    const short = await fmapspec("judge", hexOf(GOOD.subarray(0, 50)));
    expect(short.stdout).toContain("cut off after 2 of 8 bytes");
    expect((await fmapspec("judge", hexOf(GOOD.subarray(0, 40)))).stdout).toMatch(/EINVAL/);
    expect((await fmapspec("judge", `${hexOf(GOOD)}ff`)).stdout).toContain("1 byte more");
  });

  it("reads raw bytes, hex and a message document from files", async () => {
    const raw = join(folder, "raw");
    const text = join(folder, "text");
    const document = join(folder, "document");
    writeFileSync(raw, GOOD);
    writeFileSync(text, `0x${hexOf(GOOD).replace(/(.{16})/g, "$1\n")}`);
    const strip = (se_offset: string) => ({ se_offset, se_len: "2097152" });
    writeFileSync(
      document,
      JSON.stringify({
        header: { file_size: "4194304" },
        extents: [{ ie_chunk_size: 2097152, ie_nbytes: "4194304", strips: [strip("0"), strip("2097152")] }],
      }),
    );
    const { stdout } = await fmapspec("judge", hexOf(GOOD));
    for (const path of [raw, text, document]) expect((await fmapspec("judge", path)).stdout).toBe(stdout);
  });

  it("prints JSON that fits its schema", async () => {
    for (const message of [GOOD, BAD])
      expect(
        misfit("verdict", JSON.parse((await fmapspec("judge", "--json", hexOf(message))).stdout)),
      ).toBeNull();
  });
});

describe("judge, for all profiles", () => {
  const lines = async (hex: string) =>
    (await fmapspec("judge", "--profile", "all", hex)).stdout
      .trimEnd()
      .split("\n\n")[1]
      ?.split("\n")
      .map((line) => line.replaceAll(/ +/g, " "));

  it("shows side by side what each makes of a message", async () => {
    const header = Buffer.alloc(32);
    expect(await lines(header.toString("hex"))).toEqual([
      "profile verdict byte",
      ...["rfc-v1", "rfc-v2", "v3", "v4", "v7"].map((p) => `${p} EINVAL 8 fmap/header/nextents-zero`),
      ...["v10", "simple-only", "dual-ext"].map((p) => `${p} ERANGE 8 fmap/header/nextents-zero`),
    ]);
  });

  it("says where its first byte is, and what was not settled", async () => {
    const shown = await lines(hexOf(GOOD));
    expect(shown?.[2]).toBe("rfc-v2 accept byte 0: daxdev 0 at 0x0, 4096 bytes");
    expect(shown?.at(-1)).toMatch(/^dual-ext unspecified 32 fmap\/interleaved\/nstrips-limit: .*not found/);
  });

  it("tells hazards by profile", async () => {
    const hazardous = Buffer.from(GOOD);
    hazardous.writeUInt32LE(32, 56); // its first strip
    const { status, stdout } = await fmapspec("judge", "--profile", "all", hexOf(hazardous));
    expect(status).toBe(1);
    expect(stdout).toMatch(/\n\nhazards\n {2}rfc-v1: hazard\/devindex-shift at byte 56\n/);
    expect(stdout).not.toContain("simple-only: hazard");
  });
});

describe("list and explain", () => {
  it("list every rule, and explain each", async () => {
    const { stdout } = await fmapspec("list");
    for (const { id } of RULES) expect(stdout).toContain(id);
    for (const { id, sentence } of RULES) expect((await fmapspec("explain", id)).stdout).toContain(sentence);
    expect(JSON.parse((await fmapspec("list", "--json", "fmap/total/*")).stdout)).toHaveLength(2);
    expect((await fmapspec("list", "--profiles")).stdout).toContain("rfc-v2");
    for (const name of Object.keys(SCHEMAS))
      expect(JSON.parse((await fmapspec("list", "--schema", name)).stdout).$id).toContain(name);
  });
});

describe("parser", () => {
  it("certifies the embedded subject and leaves a report that fits its schema", async () => {
    const out = join(folder, "embedded");
    const copy = join(folder, "copy.json");
    const ran = await fmapspec(
      "parser",
      "--runs",
      "3000",
      "--seed",
      "1",
      "--out",
      out,
      "--report",
      `json=${copy}`,
      "-v",
    );
    expect(ran.stderr).toBe("");
    expect(ran.status).toBe(0);
    expect(ran.stdout).toMatch(/CONFORMING: \d+ rules passed, 0 failed/);
    expect(ran.stdout).toContain("boundaries not hit");
    const report = read(join(out, "report.json"));
    expect(misfit("report", report)).toBeNull();
    expect(read(copy)).toEqual(report);
  });

  it("lists the rules that a filter leaves", async () => {
    expect((await fmapspec("parser", "--list", "--filter", "fmap/total/*")).stdout).toBe(
      "fmap/total/file-size\nfmap/total/wraps\n",
    );
  });

  it("finds a lying driver, says how to reproduce it, and replays it", async () => {
    // Status 0 in exec mode accepts everything.
    const out = join(folder, "lying");
    const ran = await fmapspec(
      "parser",
      "--runs",
      "200",
      "--protocol",
      "exec",
      "--fail-fast",
      "--out",
      out,
      "--",
      ...TRUE,
    );
    expect(ran.status).toBe(1);
    expect(ran.stdout).toMatch(/NOT CONFORMING as far as the run went/);
    expect(ran.stdout).toContain("stopped at the first failure");
    const stored = readdirSync(join(out, "failures")).map((f) => join(out, "failures", f));
    expect(stored.length).toBeGreaterThan(0);
    for (const path of stored) {
      expect(ran.stdout).toContain(`fmapspec replay `);
      expect(misfit("counterexample", read(path))).toBeNull();
      expect((await fmapspec("replay", path)).stdout).toMatch(/^FAILED /);
      expect((await fmapspec("replay", path, "--protocol", "exec", "--", ...FALSE)).stdout).toMatch(
        /^FIXED /,
      );
      const other = await fmapspec("replay", path, "--protocol", "exec", "--", "sh", "-c", "exit 7");
      expect(other.stdout).toMatch(/^DIFFERENT /);
      expect(other.status).toBe(1);
    }
  }, 120_000);

  it("tolerates known failures, and no other and no longer", async () => {
    const known = join(folder, "known.txt");
    const args = [
      "parser",
      "--runs",
      "30",
      "--seed",
      "1",
      "--protocol",
      "exec",
      "--out",
      join(folder, "known"),
    ];
    const first = await fmapspec(...args, "--known-failing", known, "--update-known", "--", ...TRUE);
    expect(first.status).toBe(1);
    expect(existsSync(known)).toBe(true);
    const refused = await fmapspec(...args, "--known-failing", known, "--", ...TRUE);
    expect(refused).toMatchObject({ status: 2, stdout: "" });
    expect(refused.stderr).toMatch(
      /known\.txt:2: https:\/\/link-to-the-bug\.invalid is what --update-known writes/,
    );
    const linked = readFileSync(known, "utf8").replaceAll("link-to-the-bug.invalid", "example.org/bug");
    writeFileSync(known, linked);
    // Nothing fails; so few messages do not reach every rule.
    const tolerated = await fmapspec(...args, "--known-failing", known, "--", ...TRUE);
    expect(tolerated.status).toBe(4);
    expect(tolerated.stdout).toMatch(/\nINCONCLUSIVE: \d+ rules passed, 0 failed, /);
    const stale = join(folder, "stale.txt");
    writeFileSync(stale, "fmap/map/simple  # expected  # https://example.org/bug\n");
    const ran = await fmapspec(...args, "--known-failing", stale, "--", ...TRUE);
    expect(ran.status).toBe(1);
    expect(ran.stdout).toContain("PASSED fmap/map/simple");
  }, 120_000);
});

describe("selftest", () => {
  it.skipIf(!available("gcc", "gcc"))(
    "catches the mutants that it is asked about",
    async () => {
      const { status, stdout } = await fmapspec("selftest", "--seed", "1", "-v", "*offset-4-mib*");
      expect(stdout).toMatch(/offset-4-mib: caught after \d+ messages/);
      expect(status).toBe(0);
    },
    120_000,
  );
});
