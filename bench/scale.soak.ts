/** 100,000 files through the whole suite, with the reference daemon. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../base/package-root.ts";
import { DEFAULT_PROFILE, type ManifestJson, manifestFromJson } from "../spec/index.ts";
import { obstacle } from "../suites/daemon/certificate.ts";
import { runDaemonSuite } from "../suites/daemon/certification.ts";

const FILES = 100_000;
const UNIT = 2 << 20;
const folder = mkdtempSync(join(tmpdir(), "fmapspec-soak-"));
afterAll(() => rmSync(folder, { recursive: true }));

const manifest: ManifestJson = {
  format: "fmapspec-manifest",
  version: 1,
  daxdevs: [{ index: 0, name: "/dev/dax0.0", size: `${2 ** 40}` }],
  files: Array.from({ length: FILES }, (_, i) => ({
    path: `/folder ${Math.floor(i / 1000)}/file ${i}`,
    fileSize: `${UNIT - 1}`,
    extents: [{ devindex: "0", offset: `${i * UNIT}`, length: `${UNIT}` }],
  })),
};

it.each(["quick", "full"] as const)("100,000 files at level %s", async (level) => {
  const path = join(folder, "manifest.json");
  writeFileSync(path, JSON.stringify(manifest));
  const main = join(PACKAGE_ROOT, "dist/cli/main.js");
  const command = [process.execPath, main, "reference-daemon", "--manifest", path, "{mountpoint}"];
  const report = await runDaemonSuite(
    { command, channel: "auto", via: "direct" },
    {
      profile: DEFAULT_PROFILE,
      level,
      seed: 1,
      timeout: 10_000,
      expect: manifestFromJson(manifest),
      signal: new AbortController().signal,
      version: "soak",
    },
  );
  const { maxRSS } = process.resourceUsage();
  console.log(`${FILES} files, ${level}: ${report.seconds.toFixed(0)} s, at most ${maxRSS >> 10} MiB`);
  expect(report.failures).toEqual([]);
  expect(obstacle(report)).toBeNull();
  expect(report.tree.mapped).toBe(FILES);
});
