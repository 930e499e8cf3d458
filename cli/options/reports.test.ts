/** `--report KIND=PATH` and `--kselftest`, over a driver and over a daemon. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { misfit } from "../../base/schema-check.ts";
import { WRITERS } from "../../reports/index.ts";
import { TRUE } from "../../test/trivial-programs.ts";
import { fmapspec, scratch } from "../test/command.ts";

const folder = scratch();
const SUBMITTER = ["--kcidb-origin", "lab", "--kcidb-build", "lab:1"];

/** How each format begins. */
const BEGINS = {
  text: /\n\nCONFORMING: /,
  json: /^\{\n {2}"format": "fmapspec-/,
  junit: /^<\?xml/,
  tap: /^TAP version 14\n/,
  ktap: /^KTAP version 1\n/,
  kselftest: /^TAP version 13\n/,
  sarif: /^\{\n {2}"\$schema": ".*sarif/,
  kcidb: /^\{\n {2}"version": \{\n {4}"major": 5/,
  markdown: /^## /,
  html: /^<!doctype html>/,
} as const satisfies Record<keyof typeof WRITERS, RegExp>;

const kinds = Object.keys(WRITERS) as (keyof typeof WRITERS)[];
const files = (name: string) =>
  kinds.flatMap((kind) => ["--report", `${kind}=${join(folder, name)}.${kind}`]);

describe("reports", () => {
  it.each([
    ["a parser", ["parser", "--runs", "300"]],
    ["a daemon", ["daemon"]],
  ])("of %s are written in every format, beside the text", async (name, args) => {
    const out = join(folder, `${name} out`);
    const ran = await fmapspec(...args, "--seed", "1", "--out", out, ...files(name), ...SUBMITTER);
    expect(ran).toMatchObject({ status: 0, stderr: "" });
    expect(ran.stdout).toContain("\nCONFORMING: ");
    for (const kind of kinds)
      expect(readFileSync(join(folder, `${name}.${kind}`), "utf8")).toMatch(BEGINS[kind]);
  });

  it("have standard output to themselves", async () => {
    const out = join(folder, "stdout");
    const parser = await fmapspec("parser", "--runs", "50", "--out", out, "--report", "json=-");
    expect(misfit("report", JSON.parse(parser.stdout))).toBeNull();
    const daemon = await fmapspec("daemon", "--out", out, "--report", "json=-");
    expect(misfit("daemon-report", JSON.parse(daemon.stdout))).toBeNull();
  });

  it.each([
    [["--report", "tap=-", "--report", "ktap=-"], /^fmapspec: only one report can go to standard output\n$/],
    [["--kselftest", "--report", "json=-"], /only one report can go to standard output/],
    [["--report", "kcidb=x"], /^fmapspec: --report kcidb=PATH needs --kcidb-origin and --kcidb-build\n$/],
    [["--kcidb-origin", "lab"], /go with --report kcidb=PATH/],
    [["--report", "kcidb=x", "--kcidb-origin", "My Lab", "--kcidb-build", "lab:1"], /not 'My Lab'/],
    [["--report", "kcidb=x", "--kcidb-origin", "lab", "--kcidb-build", "1"], /takes ORIGIN:ID, not '1'/],
    [["--report", "constructor=x"], /there is no report 'constructor'/],
  ])("that cannot be are refused before the run: %j", async (args, message) => {
    for (const command of ["parser", "daemon"]) {
      const ran = await fmapspec(command, ...args);
      expect(ran).toMatchObject({ status: 2, stdout: "", stderr: expect.stringMatching(message) });
    }
  });
});

describe("--kselftest", () => {
  const run = (...args: string[]) =>
    fmapspec("parser", "--out", join(folder, "ksft"), "--kselftest", "--runs", "300", "--seed", "1", ...args);

  it("is kselftest's TAP alone on standard output", async () => {
    const { status, stdout } = await run();
    expect(status).toBe(0);
    expect(stdout).toMatch(/^TAP version 13\n1\.\.\d+\nok 1 parser\.rfc-v2\./);
    expect(stdout).toMatch(/\n# Totals: pass:\d+ fail:0 xfail:0 xpass:0 skip:\d+ error:0\n$/);
  });

  it("fails as ever", async () => {
    const { status, stdout } = await run("--protocol", "exec", "--", ...TRUE);
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /\n# fmap\/header\/underflow: expected EINVAL, got accepted\n# reproduce: .*\nnot ok 1 /,
    );
  });

  it("is one skip with exit status 4 when the subject left everything out", async () => {
    const all = await run("--protocol", "exec", "--", "sh", "-c", "exit 89");
    expect(all).toMatchObject({
      status: 4,
      stdout: expect.stringMatching(
        /^TAP version 13\n1\.\.0 # SKIP not checked: 300 of 300 messages: the subject skipped them\n$/,
      ),
    });
  });
});

describe("several profiles", () => {
  it("are one report, and a folder each", async () => {
    const out = join(folder, "several");
    const profiles = ["--profile", "rfc-v2", "--profile", "v10"];
    const where = ["--out", out, "--report", `json=${out}.json`, "--report", "ktap=-"];
    const { status, stdout } = await fmapspec("parser", ...profiles, "--runs", "300", ...where);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^KTAP version 1\n1\.\.2\n/);
    expect(stdout.match(/^ok \d \S+$/gm)).toEqual(["ok 1 parser.rfc-v2", "ok 2 parser.v10"]);
    const documents = JSON.parse(readFileSync(`${out}.json`, "utf8"));
    expect(documents.map((d: { profile: string }) => d.profile)).toEqual(["rfc-v2", "v10"]);
    for (const d of documents)
      expect(JSON.parse(readFileSync(join(out, d.profile, "report.json"), "utf8"))).toEqual(d);
  });
});
