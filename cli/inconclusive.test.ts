/** What ends with 4: nothing failed, and something that the verdict needs was not checked. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import { fmapspec } from "./test/command.ts";

const MAIN = join(PACKAGE_ROOT, "dist/cli/main.js");
const folder = mkdtempSync(join(tmpdir(), "fmapspec-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);
const read = (...path: string[]) => JSON.parse(readFileSync(join(folder, ...path), "utf8"));

/** A daemon that serves no file, and so no map. */
function withoutMaps(): string[] {
  const manifest = at("empty.json");
  writeFileSync(
    manifest,
    JSON.stringify({ format: "fmapspec-manifest", version: 1, daxdevs: [], files: [] }),
  );
  return ["--", process.execPath, MAIN, "reference-daemon", "--manifest", manifest, "{mountpoint}"];
}

const NO_MAPS = "not checked: maps: the daemon serves no map that the kernel of rfc-v2 takes";

describe("a parser", () => {
  const parser = (name: string, ...args: string[]) =>
    fmapspec("parser", "--seed", "1", "--out", at(name), ...args);

  it("that skips everything, in the run and in what report says of it", async () => {
    const ran = await parser("skips", "--runs", "20", "--protocol", "exec", "--", "sh", "-c", "exit 89");
    expect(ran.status).toBe(4);
    expect(ran.stdout).toMatch(
      /\nINCONCLUSIVE: 0 rules passed, 0 failed, .*\nnot checked: 20 of 20 messages: the subject skipped them\n/,
    );
    expect(read("skips", "report.json")).toMatchObject({ verdict: "inconclusive", passed: false });
    const again = await fmapspec("report", at("skips"));
    expect(again).toMatchObject({ status: 4, stdout: expect.stringContaining("\nINCONCLUSIVE: ") });
  });

  it("whose time was up, where the run is no soak", async () => {
    const ran = await parser("late", "--level", "full", "--max-time", "1");
    expect(ran.status).toBe(4);
    expect(ran.stdout).toContain("\nnot checked: the rest of the run: the time was up\n");
    expect(read("late", "report.json")).toMatchObject({ complete: false, passed: false });
  });

  it("that was asked too little to reach every rule, but for the rules that --filter chose", async () => {
    expect((await parser("few", "--runs", "40")).status).toBe(4);
    const chosen = await parser("chosen", "--runs", "300", "--filter", "fmap/header/*");
    expect(chosen.status).toBe(0);
    expect(chosen.stdout).toContain("; only rules that match fmap/header/*\n");
  });
});

describe("a daemon without maps", () => {
  it("has no certificate, also in scope famfs alone", async () => {
    const ran = await fmapspec(
      "daemon",
      "--seed",
      "1",
      "--profile",
      "rfc-v2",
      "--out",
      at("d"),
      ...withoutMaps(),
    );
    expect(ran.status).toBe(4);
    expect(ran.stdout).toMatch(/\nINCONCLUSIVE: \d+ requirements passed, 0 failed, /);
    expect(ran.stdout).toContain(`\n${NO_MAPS}\n`);
    expect(ran.stderr).toContain(`no certificate: ${NO_MAPS}`);
    expect(existsSync(join(at("d"), "certificate.json"))).toBe(false);
    expect(await fmapspec("report", at("d"))).toMatchObject({ status: 4 });
  }, 120_000);

  it("conforms to what every FUSE daemon owes, and the certificate says no more", async () => {
    const daemon = withoutMaps();
    const ran = await fmapspec("daemon", "--seed", "1", "--scope", "fuse", "--out", at("f"), ...daemon);
    expect(ran.status).toBe(0);
    expect(ran.stdout).toContain("; only what every FUSE daemon owes the kernel (--scope fuse)\n");
    const certificate = read("f", "certificate.json");
    expect(certificate.scope).toBe("fuse");
    const famfs = certificate.requirements.filter((r: { rule: string }) => /\/(fmap|daxdev)\//.test(r.rule));
    expect(new Set(famfs.map((r: { outcome: string }) => r.outcome))).toEqual(new Set(["not-applicable"]));
    const verified = await fmapspec("verify", join(at("f"), "certificate.json"));
    expect(verified.status).toBe(0);
    const beyond = at("beyond.json");
    writeFileSync(beyond, JSON.stringify({ ...certificate, scope: "famfs" }));
    expect(await fmapspec("verify", beyond)).toMatchObject({
      status: 4,
      stdout: expect.stringMatching(/^INCONCLUSIVE /),
    });
  }, 180_000);

  it("serves no maps to any kernel of a matrix", async () => {
    const ran = await fmapspec("matrix", "--profile", "rfc-v2", ...withoutMaps());
    expect(ran.status).toBe(4);
    expect(ran.stdout).toMatch(/\n\nrfc-v2: inconclusive: serves no maps\n$/);
  }, 120_000);
});

it("a scope that there is not is refused", async () => {
  const ran = await fmapspec("daemon", "--scope", "none", "--out", at("none"));
  expect(ran).toMatchObject({ status: 2, stderr: "fmapspec: --scope takes famfs or fuse, not 'none'\n" });
});
