/** Shards put together are the run that nobody made; what does not belong together is not put together. */
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { sealed } from "../base/digest.ts";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import { misfit } from "../base/schema-check.ts";
import { OWN, planted } from "../test/planted.ts";
import { available } from "../test/tools.ts";
import { TRUE } from "../test/trivial-programs.ts";
import { fmapspec, scratch } from "./test/command.ts";

const folder = scratch();
const N = 4;
const bad = [process.execPath, join(PACKAGE_ROOT, "test/fixtures/bad-driver.mjs")];
const reference = [process.execPath, join(PACKAGE_ROOT, "dist/cli/main.js"), "reference-daemon"];

type Json = Record<string, unknown>;
const read = (path: string): Json => JSON.parse(readFileSync(path, "utf8"));

/** Of a request in hex the bytes of its `unique`, which counts what a connection was asked before. */
const UNIQUE = /("request": "[0-9a-f]{16})[0-9a-f]{16}/g;

/** All that a report says but for how long it took, and for how often a daemon's waiting read was observed: not on each start. */
const said = (path: string) => {
  const { seconds: _, digest: __, ...rest } = read(path);
  const rules = (rest.rules as Json[]).map((r) =>
    r.rule === "daemon/init/read-buffer" ? { ...r, messages: null } : r,
  );
  return JSON.stringify({ ...rest, rules }, null, 1).replaceAll(UNIQUE, "$1");
};

const gcc = available("gcc", "gcc");

/** Name, the command with its options, its subject, the file it leaves. */
type Case = readonly [name: string, args: readonly string[], subject: () => readonly string[], file: string];
const CASES: readonly Case[] = [
  ["conforming parser", ["parser", "--runs", "2200"], () => [], "report.json"],
  [
    "parser that accepts everything",
    ["parser", "--runs", "2200"],
    () => ["--protocol", "frames", "--", ...bad, "frames", "accept", "all", "x"],
    "report.json",
  ],
  ...(gcc
    ? ([
        ["kernel source", ["parser", "--runs", "1500"], () => ["--kernel-source", OWN], "report.json"],
        [
          "kernel source with several bugs",
          ["parser", "--runs", "1500", "--strict"],
          () => [
            "--kernel-source",
            planted(OWN, join(folder, "bugs"), [
              ["if (!meta->ie)\n\t\treturn -ENOMEM;", "if (!meta->ie)\n\t\treturn -EINVAL;"],
              ["if (!meta)\n\t\treturn -ENOMEM;", ""],
              ["rc = -EALREADY;", "rc = -EEXIST;"],
              ["i_size_write(inode, meta->file_size);", ""],
            ]),
          ],
          "report.json",
        ],
      ] as const)
    : []),
  ["conforming daemon", ["daemon"], () => ["--", ...reference, "{mountpoint}"], "daemon-report.json"],
  ...(
    [
      ["the whole tree", "map-changes"],
      ["a random session", "map-of-another-while-open"],
      ["probes", "unknown-opcode-granted"],
    ] as const
  ).map(
    ([what, fault]): Case => [
      `daemon at fault in ${what}`,
      ["daemon"],
      () => ["--", ...reference, "--fault", fault, "{mountpoint}"],
      "daemon-report.json",
    ],
  ),
];

describe(`${N} shards merged`, () => {
  it.each(CASES)("are one run over a %s", async (name, [command, ...options], subject, file) => {
    const at = (part: string) => join(folder, name.replaceAll(" ", "-"), part);
    const asked = subject();
    const run = (out: string, ...more: string[]) =>
      fmapspec(command as string, ...options, "--seed", "5", "--out", at(out), ...more, ...asked);
    const whole = await run("whole");
    expect(existsSync(join(at("whole"), "journal.json"))).toBe(false);
    for (let i = 1; i <= N; i++) await run(`shard-${i}`, "--shard", `${i}/${N}`);
    const shards = Array.from({ length: N }, (_, k) => at(`shard-${N - k}`));
    const merged = await fmapspec("merge", "--out", at("merged"), ...shards);
    expect(merged).toMatchObject({ status: whole.status, stderr: "" });
    expect(said(join(at("merged"), file))).toBe(said(join(at("whole"), file)));
    const kind = file === "report.json" ? "report" : "daemon-report";
    for (const part of ["shard-1", "merged"]) expect(misfit(kind, read(join(at(part), file)))).toBeNull();
  });
});

describe("what is merged", () => {
  const at = (name: string) => join(folder, "parts", name);
  const shard = (name: string, i: number, ...more: string[]) =>
    fmapspec("parser", "--runs", "300", "--seed", "5", "--shard", `${i}/3`, "--out", at(name), ...more);
  beforeAll(async () => {
    for (const i of [1, 2, 3]) await shard(`${i}`, i);
  });

  it("is not complete while shards are missing, and says which", async () => {
    const ran = await fmapspec("merge", at("2"), "--out", at("m"), "--report", "tap=-");
    expect(ran.status).toBe(4);
    expect(ran.stdout).toContain("shards 1 and 3 of 3 are missing");
    expect(ran.stdout).toMatch(/not ok \d+ - run.complete/);
    expect(read(join(at("m"), "report.json"))).toMatchObject({ complete: false, passed: false });
  });

  it("may be the same shard twice, but not two that say different things", async () => {
    const twice = await fmapspec("merge", at("1"), at("1"), at("2"), at("3"), "--out", at("m"));
    expect(twice.status).toBe(0);
    cpSync(at("1"), at("other"), { recursive: true });
    const path = join(at("other"), "report.json");
    writeFileSync(path, JSON.stringify(sealed({ ...read(path), seconds: 99 })));
    const ran = await fmapspec("merge", at("1"), at("2"), at("3"), at("other"), "--out", at("m"));
    expect(ran).toMatchObject({ status: 2, stdout: "" });
    expect(ran.stderr).toMatch(
      /parts\/1\/report\.json and .*parts\/other\/report\.json are both shard 1 of 3/,
    );
  });

  it.each([
    ["seed", ["--seed", "6"], "seed is 5 and 6"],
    ["runs", ["--runs", "301"], "runs is 300 and 301"],
    ["level", ["--level", "full"], 'level is "quick" and "full"'],
    ["filter", ["--filter", "fmap/*/*"], 'filter is [] and ["fmap/*/*"]'],
    ["strict", ["--strict"], "strict is false and true"],
    ["N", ["--shard", "2/4"], "number of shards is 3 and 4"],
    ["subject", ["--protocol", "exec", "--", ...TRUE], "subject is "],
  ])("is of one run: another %s is refused", async (name, args, why) => {
    await shard(`other-${name}`, 2, ...args);
    const ran = await fmapspec("merge", at("1"), at(`other-${name}`), "--out", at("refused"));
    expect(ran).toMatchObject({ status: 2, stdout: "" });
    expect(ran.stderr).toMatch(
      /^fmapspec: .*1\/report\.json and .*\/report\.json are of different runs: their /,
    );
    expect(ran.stderr).toContain(why);
    expect(existsSync(at("refused"))).toBe(false);
  });

  it("is whole: a damaged shard is refused, and nothing is written", async () => {
    const path = join(at("1"), "report.json");
    const text = readFileSync(path, "utf8");
    const damaged = join(folder, "damaged.json");
    writeFileSync(
      damaged,
      text.replace(/"messages": (\d+)/, (_, n) => `"messages": ${Number(n) + 1}`),
    );
    for (const args of [
      ["merge", damaged, at("2")],
      ["report", damaged],
    ]) {
      const out = args[0] === "merge" ? ["--out", at("refused")] : [];
      const ran = await fmapspec(...args, ...out);
      expect(ran).toMatchObject({ status: 2, stdout: "" });
      expect(ran.stderr).toMatch(
        /damaged\.json is no stored report or journal, or it was damaged: its digest/,
      );
    }
    expect(existsSync(at("refused"))).toBe(false);
    expect(readdirSync(folder)).not.toContain("failures");
  });

  it.each([
    [[], /merge takes at least one report of a shard/],
    [["--", "x"], /nothing goes behind --/],
    [["/nowhere"], /cannot read \/nowhere: there is no such file/],
    [[folder], /there is no report\.json or daemon-report\.json in/],
  ])("%j is refused", async (args, why) => {
    const ran = await fmapspec("merge", ...args);
    expect(ran).toMatchObject({ status: 2, stdout: "", stderr: expect.stringMatching(why) });
  });

  it("is shards, no whole run, and none of them is written over", async () => {
    await fmapspec("parser", "--runs", "10", "--out", at("whole"));
    const whole = await fmapspec("merge", at("whole"));
    expect(whole.stderr).toMatch(/whole\/report\.json is not the report of a shard/);
    const over = await fmapspec("merge", at("1"), at("2"), at("3"), "--out", at("1"));
    expect(over.stderr).toMatch(/1\/report\.json is a shard, which the merged report would replace/);
    expect([whole.status, over.status]).toEqual([2, 2]);
  });
});

it("several profiles are merged one by one", async () => {
  const at = (name: string) => join(folder, "profiles", name);
  const profiles = ["--profile", "rfc-v2", "--profile", "v4"];
  for (const i of [1, 2])
    await fmapspec(
      "parser",
      ...profiles,
      "--runs",
      "300",
      "--seed",
      "1",
      "--shard",
      `${i}/2`,
      "--out",
      at(`${i}`),
    );
  const ran = await fmapspec("merge", at("1"), at("2"), "--out", at("m"), "--report", "json=-");
  expect(ran.status).toBe(0);
  expect(JSON.parse(ran.stdout).map((r: Json) => [r.profile, r.messages, r.complete])).toEqual([
    ["rfc-v2", 300, true],
    ["v4", 300, true],
  ]);
  expect(existsSync(join(at("m"), "v4", "report.json"))).toBe(true);
});

it("a listed failure that passes in one shard proves nothing; in the merge it does", async () => {
  const at = (name: string) => join(folder, "known", name);
  const known = join(folder, "known-failures");
  writeFileSync(known, "fmap/header/nextents-limit  # expected E2BIG, got EINVAL  # https://example.org/1\n");
  const listed = ["--known-failing", known];
  const shards = await Promise.all(
    [1, 2].map((i) =>
      fmapspec("parser", ...listed, "--runs", "900", "--seed", "1", "--shard", `${i}/2`, "--out", at(`${i}`)),
    ),
  );
  expect(shards.map((s) => s.status)).toEqual([0, 0]);
  const merged = await fmapspec("merge", ...listed, at("1"), at("2"), "--out", at("m"));
  expect(merged.status).toBe(1);
  expect(merged.stdout).toContain("PASSED fmap/header/nextents-limit");
});
