/** `fmapspec kernel` over kernels that are played, and what it says where there is none to ask. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { plain } from "../reports/index.ts";
import { DEFAULT_PROFILE, ERRNO, type Profile, profileNamed } from "../spec/index.ts";
import { kernelHere } from "../subjects/live-kernel/kernel-here.ts";
import type { Counterexample } from "../suites/index.ts";
import { type Deeds, PlayedKernel } from "../suites/kernel/test/played-kernel.ts";
import { replayOnKernel } from "../suites/replay/live.ts";
import { holdKernel, type LiveOptions } from "./live-run.ts";
import { reportsOf } from "./options/reports.ts";
import { fmapspec, scratch } from "./test/command.ts";

const folder = scratch();
const signal = new AbortController().signal;
const v3 = profileNamed("v3") as Profile;
let runs = 0;

async function held(
  deeds: Partial<Deeds>,
  options: Partial<LiveOptions> & { ktap?: true; kselftest?: true } = {},
) {
  let [stdout, stderr] = ["", ""];
  const out = join(folder, `${runs++}`);
  const { ktap, kselftest = false, ...more } = options;
  const run: LiveOptions = {
    profile: null,
    limits: { level: "quick", seed: 1, runs: 60, failFast: false, filters: [] },
    timeout: 5000,
    strict: false,
    quiet: false,
    out,
    reports: reportsOf({
      values: {
        report: ktap ? [{ kind: "ktap", path: "-" }] : [],
        kselftest,
        quiet: more.quiet ?? false,
        verbose: false,
        "kcidb-origin": undefined,
        "kcidb-build": undefined,
      },
    }),
    ...more,
  };
  const context = {
    paint: plain,
    signal,
    print: (text: string) => {
      stdout += text;
    },
    say: (text: string) => {
      stderr += text;
    },
  };
  const subject = { kind: "kernel", release: "6.99" } as const;
  const status = await holdKernel(new PlayedKernel(v3, deeds), subject, ["a note"], run, context);
  return { status, stdout, stderr, out };
}

const failuresIn = (out: string): Counterexample[] =>
  readdirSync(join(out, "failures")).map((name) =>
    JSON.parse(readFileSync(join(out, "failures", name), "utf8")),
  );

describe("a kernel", () => {
  it("that conforms is found out and passes", async () => {
    const { status, stdout, out } = await held({});
    // So few messages do not reach every rule.
    expect(status).toBe(4);
    expect(stdout).toMatch(/^Linux 6\.99, compared with v3 \(seed 1\)/);
    expect(stdout).toContain("note: v3 and v4 cannot be told apart by what open(2) shows\nnote: a note");
    expect(stdout).toMatch(/\nINCONCLUSIVE: \d+ rules passed, 0 failed, .*\nnot checked: fmap\//);
    expect(existsSync(join(out, "in-flight.json"))).toBe(false);
    expect(JSON.parse(readFileSync(join(out, "report.json"), "utf8"))).toMatchObject({ suite: "kernel" });
    // Quiet, a run is shown only where it does not conform.
    const limits = { level: "quick", seed: 1, failFast: false, filters: [], runs: 400 } as const;
    expect((await held({}, { quiet: true, limits })).stdout).toBe("");
  });

  it("that does not leaves each failure in a file, which shows it again and shows when it is mended", async () => {
    const deeds: Partial<Deeds> = { result: (rc, { message }) => (message ? rc : -ERRNO.EPERM) };
    const { status, stdout, out } = await held(deeds, { profile: v3 });
    expect(status).toBe(1);
    expect(stdout).toContain("FAILED exchange/server-error");
    expect(stdout).toMatch(/fmapspec replay \S+exchange-server-error-verdict-/);
    const failures = failuresIn(out);
    expect(failures.length).toBeGreaterThan(0);
    for (const f of failures) {
      expect((await replayOnKernel(f, v3, new PlayedKernel(v3, deeds), signal)).now).toEqual([f.actual]);
      expect((await replayOnKernel(f, v3, new PlayedKernel(v3), signal)).now).toEqual([]);
    }
  });

  it("is asked again by replay, where it runs", async () => {
    const { out } = await held({ daxdevs: () => [] });
    const [name] = readdirSync(join(out, "failures"));
    const { status, stdout, stderr } = await fmapspec("replay", join(out, "failures", `${name}`));
    expect([0, 1, 3]).toContain(status);
    if (status !== 3) expect(stdout).toMatch(/^(?:FIXED|FAILED|DIFFERENT) exchange\/daxdev-asked/);
    else expect(stderr).toMatch(/needs (?:root|\/dev\/fuse)|mount was refused/);
    const driver = await fmapspec("replay", join(out, "failures", `${name}`), "--", "cat");
    expect(driver).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("that opens files: a live kernel"),
    });
  });

  it("that asks without being asked to shows that again, too", async () => {
    const deeds: Partial<Deeds> = { asks: () => true };
    const { out } = await held(deeds);
    const [failure] = failuresIn(out) as [Counterexample];
    expect(failure.rule).toBe("exchange/only-agreed");
    expect((await replayOnKernel(failure, v3, new PlayedKernel(v3, deeds), signal)).now).toEqual([
      "GET_FMAP is sent",
    ]);
    expect((await replayOnKernel(failure, v3, new PlayedKernel(v3), signal)).now).toEqual([]);
  });

  it("whose log alarms over a stored finding has it still", async () => {
    const alarms = () => ["BUG: KASAN: slab-out-of-bounds in f"];
    const { out, status } = await held({ alarms });
    expect(status).toBe(1);
    const finding = failuresIn(out).find((f) => f.kind === "finding") as Counterexample;
    const now = (await replayOnKernel(finding, v3, new PlayedKernel(v3, { alarms }), signal)).now;
    expect(now).toEqual(alarms());
    const hang = { kind: "hang", detail: "open(2) did not return" } as const;
    const down = (await replayOnKernel(finding, v3, new PlayedKernel(v3, { breaksDown: () => hang }), signal))
      .now;
    expect(down).toEqual([hang.detail]);
  });

  it("without famfs is a skip with the reason", async () => {
    const deeds: Partial<Deeds> = { asks: () => false };
    const { status, stderr, stdout } = await held(deeds);
    expect(status).toBe(3);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^fmapspec: this kernel \(6\.99\) has no famfs: no GET_FMAP comes .*--uml SOURCE/);
    const tested = await held(deeds, { kselftest: true, profile: DEFAULT_PROFILE });
    expect(tested.status).toBe(4);
    expect(tested.stdout).toMatch(
      /^TAP version 13\n1\.\.0 # SKIP not checked: every rule: this kernel \(6\.99\) has no famfs/,
    );
    const ktap = await held(deeds, { ktap: true });
    expect(ktap.stdout).toMatch(/ok \d+ underflow # SKIP this kernel \(6\.99\) has no famfs/);
  });

  it("is not run when the filter leaves nothing", async () => {
    const limits = {
      level: "quick",
      seed: 1,
      failFast: false,
      filters: ["none"],
      filter: () => false,
    } as const;
    await expect(held({}, { limits })).rejects.toThrow("--filter leaves nothing");
  });
});

describe("the command", () => {
  it("says what is missing", () => {
    expect(() => kernelHere(1000, "/nowhere/fuse")).toThrow(
      /^a live mount needs root \(this is user 1000\) and \/nowhere\/fuse; fmapspec kernel --uml SOURCE .*without either$/,
    );
    expect(kernelHere(0, "/dev/null")).toMatchObject({ kind: "kernel", release: expect.any(String) });
  });

  it("asks the kernel that it runs on, or says why it cannot", async () => {
    const { status, stderr } = await fmapspec("kernel", "--out", join(folder, "here"), "--runs", "10");
    expect([0, 1, 3]).toContain(status);
    if (status === 3) expect(stderr).toMatch(/has no famfs|needs (?:root|\/dev\/fuse)|mount was refused/);
  });

  it.each([
    [["x"], "'x' is not an option, and kernel takes no arguments"],
    [["--", "x"], "kernel starts no program"],
    [["--profile", "dual-ext"], "INIT bit is not established"],
    [["--level", "some"], "--level takes quick, full or soak"],
    [["--runs", "0"], "--runs takes a whole number of at least 1"],
  ])("refuses %j", async (args, message) => {
    const { status, stderr } = await fmapspec("kernel", ...args);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});
