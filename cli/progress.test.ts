/** The line that shows how far a run has come: what it says, and that only a person on a terminal sees it. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { plain } from "../reports/index.ts";
import { available } from "../test/tools.ts";
import { describeProgress, progressLine } from "./progress.ts";
import { fmapspec, scratch } from "./test/command.ts";
import { MAIN } from "./test/process.ts";

const folder = scratch();
const told = (done: number, failures: number, part: number | null, seconds: number) =>
  describeProgress({ done, failures, part }, "messages", seconds).join("");

describe("what progress says", () => {
  it.each([
    [told(100, 0, null, 0.5), "100 messages"],
    [told(12_000, 0, null, 3), "12000 messages, 4000 a second"],
    [told(10, 1, null, 2), "10 messages, 5 a second, 1 failure"],
    [told(10, 2, 0.5, 2), "10 messages, 5 a second, 2 failures, 2 s left"],
    [told(10, 0, 0.001, 2), "10 messages, 5 a second"],
    [told(10, 0, 0.5, 0.4), "10 messages"],
    [told(100, 0, 0.1, 10), "100 messages, 10 a second, 2 min left"],
    [told(100, 0, 0.01, 100), "100 messages, 1 a second, 2 h 45 min left"],
    [told(100, 0, 1, 100), "100 messages, 1 a second, 0 s left"],
  ])("%s", (line, expected) => expect(line).toBe(expected));
});

describe("the line", () => {
  const { isTTY, columns } = process.stderr;
  afterEach(() => {
    vi.unstubAllEnvs();
    Object.assign(process.stderr, { isTTY, columns });
  });

  /** Shows progress every 100 ms for a second on a terminal of so many columns, and ends it. */
  async function shown(width: number): Promise<string[]> {
    vi.stubEnv("CI", undefined);
    vi.stubEnv("TERM", "xterm");
    Object.assign(process.stderr, { isTTY: true, columns: width });
    const said: string[] = [];
    let now = 1000;
    const context = { paint: plain, signal: new AbortController().signal, print: () => {} };
    const line = progressLine({ ...context, say: (text) => said.push(text) }, "checks", false, () => now);
    for (let i = 0; i < 10; i++, now += 100) line.show({ done: i, failures: 1, part: null });
    await expect(line.over(Promise.reject(new Error("broke")))).rejects.toThrow("broke");
    return said;
  }

  it("is drawn anew every 200 ms, over itself, and is taken away even when the run breaks", async () => {
    const said = await shown(80);
    expect(said.map((text) => text.replace("\r\x1b[K", "|"))).toEqual([
      ...[0, 2, 4, 6, 8].map((n) => `|${n} checks, 1 failure`),
      "|",
    ]);
  });

  it("never wraps", async () => {
    expect((await shown(12))[0]).toBe("\r\x1b[K0 checks");
    expect((await shown(5))[0]).toBe("\r\x1b[K0 ch");
    expect((await shown(0))[0]).toBe("\r\x1b[K0 checks, 1 failure");
  });

  it.each([
    ["a terminal", true, undefined, "xterm", [], true],
    ["no terminal", false, undefined, "xterm", [], false],
    ["CI", true, "true", "xterm", [], false],
    ["a terminal that can do nothing", true, undefined, "dumb", [], false],
    ["a terminal, quietly", true, undefined, "xterm", ["--quiet"], false],
  ])("on %s: %s, %s, %s, %j: %s", async (_, terminal, ci, term, args, drawn) => {
    vi.stubEnv("CI", ci);
    vi.stubEnv("TERM", term);
    Object.assign(process.stderr, { isTTY: terminal, columns: 80 });
    const { stderr } = await fmapspec("parser", "--runs", "600", "--out", join(folder, "p"), ...args);
    const line = stderr.replaceAll("\r\x1b[K", "|");
    expect(line).toMatch(drawn ? /^(\|\d+ messages[^|]*)+\|$/ : /^$/);
  });
});

/** Runs `fmapspec ARGS` on a terminal of its own and writes all that it showed. */
const SCRIPT = `
import os, pty, sys
os.environ.pop("CI", None)
status = pty.spawn(sys.argv[1:])
sys.exit(os.waitstatus_to_exitcode(status))
`;

describe.runIf(available("python3", "python3"))("on a real terminal", () => {
  const onTerminal = (env: NodeJS.ProcessEnv, ...args: string[]) => {
    const command = [process.execPath, MAIN, ...args, "--out", join(folder, "tty")];
    const clean = { ...process.env, TERM: "xterm", FORCE_COLOR: undefined, NO_COLOR: undefined, ...env };
    const { status, stdout } = spawnSync("python3", ["-c", SCRIPT, ...command], {
      env: clean,
      encoding: "utf8",
      input: "",
    });
    return { status, stdout: stdout.replaceAll("\x1b", "ESC") };
  };

  it.each([
    ["parser", "messages"],
    ["daemon", "checks"],
  ])("%s shows its progress, takes it away, and colours what it prints", (command, unit) => {
    const { status, stdout } = onTerminal({}, command, "--seed", "1");
    expect(status).toBe(0);
    expect(stdout).toMatch(new RegExp(`\\rESC\\[K\\d+ ${unit}, \\d+ a second`));
    expect(stdout).toContain("ESC[32mCONFORMINGESC[39m");
    // Nothing of the line is left before the result.
    expect(stdout).toMatch(/\rESC\[K(ESC\[\d+m)?[^\r]*, (compared with|asked as) /);
  });

  it.each([
    ["NO_COLOR", { NO_COLOR: "1" }, []],
    ["FORCE_COLOR=0", { FORCE_COLOR: "0" }, []],
    ["--no-color", {}, ["--no-color"]],
    ["TERM=dumb", { TERM: "dumb" }, []],
  ])("%s takes the colours away", (_, env, args) => {
    const { stdout } = onTerminal(env, "parser", "--runs", "500", ...args);
    expect(stdout).toContain("CONFORMING");
    expect(stdout).not.toMatch(/ESC\[\d+m/);
  });
});
