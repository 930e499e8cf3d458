/** A run that is killed: what it had found is shown, and it goes on; nothing of an earlier run is lost without a word. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { sealed } from "../base/digest.ts";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import { misfit } from "../base/schema-check.ts";
import { isRobustness } from "../spec/index.ts";
import { badDriver } from "../test/bad-driver.ts";
import { JournalFile } from "./store/journal-file.ts";
import { lockFolder } from "./store/lock.ts";
import { fmapspec, scratch } from "./test/command.ts";
import { fmapspecProcess, until } from "./test/process.ts";

const folder = scratch();
const reference = [
  process.execPath,
  join(PACKAGE_ROOT, "dist/cli/main.js"),
  "reference-daemon",
  "{mountpoint}",
];

type Json = Record<string, unknown>;
const read = (path: string): Json => JSON.parse(readFileSync(path, "utf8"));
const timeless = (path: string) => ({ ...read(path), seconds: 0, digest: "" });

/** Starts a run in a process of its own and kills it as soon as its journal says that it has come so far. */
async function killed(out: string, args: readonly string[], far: (state: Json) => boolean): Promise<void> {
  const journal = join(out, "journal.json");
  const ran = await fmapspecProcess(args, {
    async meanwhile(child) {
      await until(() => existsSync(journal) && far(read(journal).state as Json));
      child.kill("SIGKILL");
    },
  });
  expect(ran.status).toBe("SIGKILL");
}

describe("a parser run that is killed", () => {
  const out = join(folder, "parser");
  const { command, left } = badDriver("ndjson", "accept");
  const args = (to: string, ...more: string[]) => [
    "parser",
    "--seed",
    "3",
    "--runs",
    "12000",
    "--out",
    to,
    ...more,
    "--",
    ...command,
  ];

  it("is shown as far as it went, and how it goes on", async () => {
    await killed(out, args(out), (state) => (state.position as number) > 500);
    expect(misfit("journal", read(join(out, "journal.json")))).toBeNull();
    expect(readdirSync(out).sort()).toEqual([".lock", "journal.json"]);
    const shown = await fmapspec("report", out, "--report", `json=${join(folder, "partial.json")}`);
    expect(shown.status).toBe(1);
    expect(shown.stdout).toContain("NOT CONFORMING as far as the run went");
    expect(shown.stdout).toContain("note: interrupted");
    expect(shown.stderr).toMatch(
      /^to go on: fmapspec parser --profile rfc-v2 --level quick --seed 3 --runs 12000 /,
    );
    const partial = read(join(folder, "partial.json"));
    expect(misfit("report", partial)).toBeNull();
    expect(partial).toMatchObject({ complete: false, passed: false });
    expect((partial.counterexamples as Json[]).map((c) => c.message).join("")).toMatch(/^[0-9a-f]+$/);
    expect(await left()).toEqual([]);
  });

  it.each([
    ["--runs", "9", "runs was 12000 in .*/journal.json, and is 9 now"],
    ["--seed", "4", "seed was 3 in .*, and is 4 now"],
    ["--shard", "1/2", "number of shards was 1 in .*, and is 2 now"],
  ])("does not go on with another %s %s", async (option, value, why) => {
    const before = readFileSync(join(out, "journal.json"));
    const ran = await fmapspec(...args(out, "--resume", option, value));
    expect(ran).toMatchObject({ status: 2, stdout: "" });
    expect(ran.stderr).toMatch(new RegExp(`^fmapspec: --resume goes on with the same run only: ${why}\n$`));
    expect(readFileSync(join(out, "journal.json"))).toEqual(before);
  });

  it("does not go on from a damaged journal, which stays as it is", async () => {
    const damaged = join(folder, "damaged");
    mkdirSync(damaged);
    const bytes = readFileSync(join(out, "journal.json")).subarray(0, -20);
    writeFileSync(join(damaged, "journal.json"), bytes);
    const ran = await fmapspec(...args(damaged, "--resume"));
    expect(ran).toMatchObject({ status: 2, stdout: "" });
    expect(ran.stderr).toMatch(/journal\.json is no stored report or journal, or it was damaged: not JSON/);
    expect(readFileSync(join(damaged, "journal.json"))).toEqual(bytes);
    expect(await fmapspec("report", damaged)).toMatchObject({ status: 2, stdout: "" });
  });

  it("goes on and ends in the report of a run that was not", async () => {
    const resumed = await fmapspec(...args(out, "--resume"));
    expect(resumed.stderr).toBe("");
    expect(existsSync(join(out, "journal.json"))).toBe(false);
    const whole = join(folder, "uninterrupted");
    await fmapspec(...args(whole));
    expect(timeless(join(out, "report.json"))).toEqual(timeless(join(whole, "report.json")));
    const again = await fmapspec("report", out);
    expect(again).toMatchObject({ status: 1, stderr: "" });
    expect(again.stdout).toBe(resumed.stdout);
  });

  it("leaves nothing to go on with afterwards", async () => {
    const ran = await fmapspec(...args(out, "--resume"));
    expect(ran).toMatchObject({ status: 2, stdout: "" });
    expect(ran.stderr).toMatch(/there is no journal\.json in .*: no run was interrupted there/);
    expect(await fmapspec("report", folder, "x")).toMatchObject({ status: 2 });
    expect(await fmapspec("report", "--", "x")).toMatchObject({ status: 2 });
  });
});

describe("a guided run that is killed", () => {
  const out = join(folder, "guided");
  const { command } = badDriver("ndjson", "accept");
  const args = (...more: string[]) => ["parser", "--seed", "3", "--out", out, ...more, "--", ...command];

  it("is shown as far as it went, and is not gone on with", async () => {
    await killed(out, args("--guided"), (state) => (state.position as number) > 500);
    const shown = await fmapspec("report", out);
    expect(shown.stdout).toContain("NOT CONFORMING as far as the run went");
    expect(shown.stderr).toMatch(/^a guided run cannot be resumed: /);
    const ran = await fmapspec(...args("--resume"));
    expect([ran.status, ran.stderr]).toEqual([
      2,
      expect.stringMatching(
        /^fmapspec: --resume goes on with the same run only: guided was true in .*, and is false now\n$/,
      ),
    ]);
  });
});

describe("a run without --resume where a journal lies", () => {
  it("keeps it under another name, and says so", async () => {
    const out = join(folder, "earlier");
    mkdirSync(out);
    writeFileSync(join(out, "journal.json"), "one");
    const run = () => fmapspec("parser", "--runs", "300", "--out", out);
    const first = await run();
    expect(first.status).toBe(0);
    expect(first.stderr).toMatch(
      /^fmapspec: an interrupted run's journal is now .*journal\.json\.old; --resume would have continued/,
    );
    writeFileSync(join(out, "journal.json"), "two");
    expect((await run()).stderr).toMatch(/journal\.json\.old-2;/);
    expect(readFileSync(join(out, "journal.json.old"), "utf8")).toBe("one");
    expect(readFileSync(join(out, "journal.json.old-2"), "utf8")).toBe("two");
  });
});

describe("several profiles, of which one was interrupted", () => {
  it("go on: what is done stays, what was begun goes on, the rest is run", async () => {
    const out = join(folder, "profiles");
    const args = ["--profile", "rfc-v2", "--profile", "v4", "--runs", "300", "--seed", "2", "--out", out];
    await fmapspec("parser", ...args);
    const [first, second] = ["rfc-v2", "v4"].map((name) => join(out, name, "report.json")) as [
      string,
      string,
    ];
    const { fmapspec: version, profile, level, seed, run, subject, implementation } = read(second);
    const ledger = {
      messages: 0,
      skipped: 0,
      untold: 0,
      counts: {},
      pairs: "",
      failures: [],
      others: [],
      findings: [],
    };
    const state = { position: 0, seconds: 1, breakdowns: 0, ended: null, notes: [], unable: {}, ledger };
    const facts = { fmapspec: version, profile, level, seed, run, subject, implementation, state };
    const journal = sealed({ format: "fmapspec-journal", version: 1, suite: "parser", ...facts });
    writeFileSync(join(out, "v4", "journal.json"), JSON.stringify(journal));
    const [doneBefore, begunBefore] = [timeless(first), timeless(second)];
    const ran = await fmapspec("parser", ...args, "--resume");
    expect(ran).toMatchObject({ status: 0, stderr: "" });
    expect(timeless(first)).toEqual(doneBefore);
    expect(timeless(second)).toEqual(begunBefore);
    expect((read(second).seconds as number) >= 1).toBe(true);
    expect((await fmapspec("report", out, "--report", "json=-")).stdout).toMatch(/^\[/);
  });
});

/**
 * Without the probes, whose answers are due so soon that a busy machine is late, and without the read that waits for a
 * request, which is not observed on each start.
 */
function required(path: string) {
  const { rules, failures, ...rest } = timeless(path) as unknown as Record<
    "rules" | "failures",
    { rule: string }[]
  >;
  const counts = ({ rule }: { rule: string }) => !isRobustness(rule) && rule !== "daemon/init/read-buffer";
  return { ...rest, rules: rules.filter(counts), failures: failures.filter(counts) };
}

describe("a daemon run that is killed", () => {
  it("is shown, goes on, and ends in the report of a run that was not", async () => {
    const out = join(folder, "daemon");
    const args = (to: string, ...more: string[]) => [
      "daemon",
      "--level",
      "full",
      "--seed",
      "3",
      "--out",
      to,
      ...more,
      "--",
      ...reference,
    ];
    await killed(out, args(out), (state) => (state.position as number) > 20);
    const shown = await fmapspec("report", out);
    expect(shown.status).toBe(4);
    expect(shown.stdout).toMatch(/\nINCONCLUSIVE: .*\nnot checked: the rest of the run: /);
    expect(shown.stderr).toMatch(
      /^to go on: fmapspec daemon --profile rfc-v2 --level full --seed 3 .* --resume -- /,
    );
    const other = await fmapspec(...args(out, "--resume", "--timeout", "9999"));
    expect(other.stderr).toMatch(/timeout was 5000 in .*, and is 9999 now/);
    const parser = await fmapspec("parser", "--resume", "--out", out);
    expect(parser.stderr).toMatch(/journal\.json is no journal of a parser run/);
    await fmapspec(...args(out, "--resume"));
    const whole = join(folder, "daemon-whole");
    await fmapspec(...args(whole));
    expect(required(join(out, "daemon-report.json"))).toEqual(required(join(whole, "daemon-report.json")));
    const nothing = await fmapspec(...args(out, "--resume"));
    expect(nothing).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/no run was interrupted there/),
    });
  });
});

describe("a journal", () => {
  it("that cannot be written is complained of once", () => {
    const said: string[] = [];
    writeFileSync(join(folder, "in-the-way"), "");
    const journal = new JournalFile(join(folder, "in-the-way"), (text) => void said.push(text));
    journal.keep(() => ({}), true);
    journal.keep(() => ({}), true);
    expect(said).toEqual([
      expect.stringMatching(/^fmapspec: cannot write .*; the run goes on, and could not be resumed/),
    ]);
  });

  it("is written about once a second, less often where that takes long, and at once where it is urgent", () => {
    let now = 0;
    let written = 0;
    const out = join(folder, "often");
    const journal = new JournalFile(
      out,
      () => {},
      () => now,
    );
    const keep = (urgent = false, takes = 0) =>
      journal.keep(() => {
        written++;
        now += takes;
        return {};
      }, urgent);
    for (; now < 5000; now += 100) keep();
    expect(written).toBe(5);
    keep(true, 500);
    expect(written).toBe(6);
    for (const end = now + 9000; now < end; now += 100) keep();
    expect(written).toBe(6);
  });
});

describe("an output folder", () => {
  it("is one run's at a time", async () => {
    const out = join(folder, "shared");
    const driver = badDriver("frames", "hang");
    const args = ["parser", "--out", out, "--protocol", "frames", "--", ...driver.command];
    const first = await fmapspecProcess(args, {
      async meanwhile(child) {
        await until(driver.isThere);
        const second = await fmapspec("parser", "--out", out);
        expect(second).toMatchObject({ status: 2, stdout: "" });
        expect(second.stderr).toMatch(
          new RegExp(
            `^fmapspec: a run with pid ${child.pid} on .* is using .*; give this one another folder with --out\n$`,
          ),
        );
        child.kill("SIGINT");
        await setTimeout(100);
        child.kill("SIGINT");
      },
    });
    expect(first.status).toBe(130);
    expect(existsSync(join(out, ".lock"))).toBe(false);
    expect(await driver.left()).toEqual([]);
  });

  it.each([
    ["whose process is gone", { pid: 2 ** 22 + 1, host: hostname(), start: null }],
    ["whose pid is another process's now", { pid: process.pid, host: hostname(), start: "1" }],
  ])("of a run %s is free", async (_, holder) => {
    const out = join(folder, `left-${holder.pid}`);
    mkdirSync(out);
    writeFileSync(join(out, ".lock"), JSON.stringify(holder));
    const release = lockFolder(out);
    expect(read(join(out, ".lock")).pid).toBe(process.pid);
    expect(() => lockFolder(out)).toThrow(/is using/);
    release();
    expect(readdirSync(out)).toEqual([]);
  });

  it("of a run on another machine, or of one that has not said who it is, is not", () => {
    const out = join(folder, "elsewhere");
    mkdirSync(out);
    writeFileSync(join(out, ".lock"), JSON.stringify({ pid: 1, host: `not-${hostname()}`, start: null }));
    expect(() => lockFolder(out)).toThrow(/a run with pid 1 on not-/);
    writeFileSync(join(out, ".lock"), "");
    expect(() => lockFolder(out)).toThrow(/^another run is using/);
  });
});
