/** --known-failing and --quarantine, over a parser and over a daemon, to the exit status and in every report. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import { WRITERS } from "../reports/index.ts";
import { TRUE } from "../test/trivial-programs.ts";
import { fmapspec, scratch } from "./test/command.ts";

const folder = scratch();
const LINK = "https://example.org/bug/1";
const file = (name: string, ...lines: string[]) => {
  const path = join(folder, name);
  writeFileSync(path, lines.map((line) => `${line}  # ${LINK}\n`).join(""));
  return path;
};
const main = join(PACKAGE_ROOT, "dist/cli/main.js");
const faulty = [
  "--",
  process.execPath,
  main,
  "reference-daemon",
  "--fault",
  "overlap-in-file",
  "{mountpoint}",
];
const parser = (...args: string[]) =>
  fmapspec(
    "parser",
    "--runs",
    "300",
    "--seed",
    "1",
    "--protocol",
    "exec",
    "--out",
    join(folder, "p"),
    ...args,
  );
const daemon = (...args: string[]) => fmapspec("daemon", "--seed", "1", "--out", join(folder, "d"), ...args);

describe("a parser that fails now and then", () => {
  const everything = file("everything", "*/**  # expected");

  it("passes in quarantine, and every format shows why", async () => {
    const kinds = (Object.keys(WRITERS) as (keyof typeof WRITERS)[]).map((kind) => [
      kind,
      join(folder, kind),
    ]);
    const reports = kinds.flatMap(([kind, path]) => ["--report", `${kind}=${path}`]);
    const submitter = ["--kcidb-origin", "lab", "--kcidb-build", "lab:1"];
    const ran = await parser("--quarantine", everything, ...reports, ...submitter, "--", ...TRUE);
    expect(ran).toMatchObject({ status: 0, stderr: "" });
    expect(ran.stdout).toMatch(/\nKNOWN fmap\/.*, quarantined: .*\nCONFORMING/);
    for (const [, path] of kinds) {
      const written = readFileSync(path as string, "utf8").replaceAll(/&#(\d+);/g, (_, n) =>
        String.fromCharCode(n),
      );
      expect(written).toContain(`quarantined: ${LINK}`);
    }
  });

  it("passes when nothing fails, and would not where it was listed as known", async () => {
    const passing = ["--", "sh", "-c", "exit 89"];
    const good = ["--seed", "1", "--runs", "300", "--out", join(folder, "p")];
    expect((await fmapspec("parser", ...good, "--quarantine", everything)).status).toBe(0);
    expect((await fmapspec("parser", ...good, "--known-failing", everything)).status).toBe(1);
    expect((await parser("--quarantine", everything, ...passing)).status).toBe(4);
  });

  it("is not listed anew as known", async () => {
    const known = join(folder, "known");
    await parser("--known-failing", known, "--update-known", "--quarantine", everything, "--", ...TRUE);
    expect(readFileSync(known, "utf8")).toBe("# pattern  # message prefix  # link\n\n");
  });
});

describe("a daemon that fails as listed", () => {
  it("passes, without a certificate", async () => {
    const known = join(folder, "daemon-known");
    const listing = await daemon("--known-failing", known, "--update-known", ...faulty);
    expect(listing.status).toBe(1);
    expect(readFileSync(known, "utf8")).toMatch(
      /^# .*\ndaemon\/fmap\/no-overlap-in-file {2}# extent \d+ and .* {2}# https:/,
    );
    writeFileSync(known, readFileSync(known, "utf8").replace("link-to-the-bug.invalid", "example.org/bug"));
    const ran = await daemon("--known-failing", known, ...faulty);
    expect(ran).toMatchObject({
      status: 0,
      stderr: "no certificate: failed: daemon/fmap/no-overlap-in-file\n",
    });
    expect(ran.stdout).toMatch(/\nKNOWN daemon\/fmap\/no-overlap-in-file, https:.*\nCONFORMING/);
    expect(existsSync(join(folder, "d", "certificate.json"))).toBe(false);
    const isolated = await daemon("--quarantine", known, ...faulty);
    expect(isolated.status).toBe(0);
    const fixed = await daemon("--known-failing", known);
    expect(fixed.status).toBe(1);
    expect(fixed.stdout).toMatch(/PASSED daemon\/fmap\/no-overlap-in-file, listed as known to fail: https:/);
  });
});

describe("a file that cannot be used", () => {
  it.each(["parser", "daemon"])("stops the %s before it runs", async (command) => {
    const run = (...args: string[]) => fmapspec(command, "--out", join(folder, "none"), ...args);
    const stale = file("stale", "fmap/no-such/*  # expected");
    expect(await run("--quarantine", stale)).toEqual({
      status: 2,
      stdout: "",
      stderr: `fmapspec: ${stale}:1: fmap/no-such/* matches no rule; fmapspec list shows them\n`,
    });
    expect((await run("--update-known")).stderr).toMatch(/^fmapspec: --update-known rewrites the file of/);
    expect((await run("--quarantine", join(folder, "absent"))).stderr).toMatch(/there is no such file/);
    expect(existsSync(join(folder, "none"))).toBe(false);
  });
});
