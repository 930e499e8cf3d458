/** Runs that come to less than a certificate: trees with little in them, and runs that are stopped. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import { misfit } from "../../base/schema-check.ts";
import { DEFAULT_PROFILE, type ManifestJson, manifestFromJson } from "../../spec/index.ts";
import { obstacle } from "./certificate.ts";
import { runDaemonSuite } from "./certification.ts";
import type { DaemonReport } from "./outcome.ts";

const folder = mkdtempSync(join(tmpdir(), "fmapspec-run-"));
afterAll(() => rmSync(folder, { recursive: true }));

const UNIT = 2 << 20;
const main = join(PACKAGE_ROOT, "dist/cli/main.js");
const empty: ManifestJson = { format: "fmapspec-manifest", version: 1, daxdevs: [], files: [] };

const ONE_FILE: ManifestJson = {
  ...empty,
  daxdevs: [{ index: 0, name: "/dev/dax0.0" }],
  files: [{ path: "/only", fileSize: "1", extents: [{ devindex: "0", offset: "0", length: `${UNIT}` }] }],
};

async function certify(manifest: ManifestJson, signal = new AbortController().signal): Promise<DaemonReport> {
  const path = join(folder, "manifest.json");
  writeFileSync(path, JSON.stringify(manifest));
  const report = await runDaemonSuite(
    {
      command: [process.execPath, main, "reference-daemon", "--manifest", path, "{mountpoint}"],
      channel: "auto",
      via: "direct",
    },
    {
      profile: DEFAULT_PROFILE,
      level: "quick",
      seed: 1,
      timeout: 10_000,
      expect: manifestFromJson(manifest),
      signal,
      version: "test",
    },
  );
  expect(misfit("daemon-report", report)).toBeNull();
  return report;
}

const reasonOf = (report: DaemonReport, rule: string) => report.rules.find((r) => r.rule === rule)?.reason;

describe("a daemon", () => {
  it("with nothing in its tree fails nothing, and has nothing to certify", async () => {
    const report = await certify(empty);
    expect(report.failures).toEqual([]);
    expect(reasonOf(report, "daemon/tree/lookup-count")).toBe("the tree is empty");
    expect(reasonOf(report, "daemon/tree/open")).toBe("the tree has no regular file");
    expect(reasonOf(report, "daemon/fmap/accepted")).toBe("the tree has no regular file");
    expect(reasonOf(report, "daemon/init/newer-kernel")).toBe("the tree has no regular file");
    expect(obstacle(report)).toMatch(/serves no map/);
  });

  it("of one file on a daxdev of unknown size is certified for what applies", async () => {
    const extents = [{ devindex: "3", offset: "0", length: `${UNIT}` }];
    const report = await certify({
      ...empty,
      daxdevs: [{ index: 3, name: "/dev/dax3.0" }],
      files: [{ path: "/only", fileSize: "1", extents }],
    });
    // rfc-v2's kernel takes devindex 0 only: the file has no map.
    expect(report.tree).toEqual({ nodes: 1, files: 1, mapped: 0 });
    expect(reasonOf(report, "daemon/daxdev/known")).toBe("no file has a map that the kernel takes");
  });

  it("without symlinks and large maps is certified without what they are for", async () => {
    const report = await certify(ONE_FILE);
    expect(report.failures).toEqual([]);
    expect(reasonOf(report, "daemon/fmap/symlink")).toBe("the tree has no symlink");
    expect(reasonOf(report, "daemon/fmap/size-reply")).toMatch(/no file's map is larger/);
    expect(reasonOf(report, "daemon/fmap/inside-device")).toMatch(/no --expect MANIFEST that tells the size/);
    expect(obstacle(report)).toBeNull();
  });

  it("of more files than are asked one at a time is asked for all of them", async () => {
    const files = Array.from({ length: 1200 }, (_, i) => ({
      path: `/file ${i}`,
      fileSize: "1",
      extents: [{ devindex: "0", offset: `${i * UNIT}`, length: `${UNIT}` }],
    }));
    const report = await certify({ ...empty, daxdevs: [{ index: 0, name: "/dev/dax0.0" }], files });
    expect(report.failures).toEqual([]);
    expect(report.tree).toMatchObject({ files: 1200, mapped: 1200 });
    expect(obstacle(report)).toBeNull();
  });
});

describe("a run that is stopped", () => {
  it("before it begins asks nothing", async () => {
    const report = await certify(empty, AbortSignal.abort());
    expect(report).toMatchObject({ complete: false, channel: "", tree: { nodes: 0 } });
    expect(obstacle(report)).toBe("not checked: the rest of the run: the run was interrupted");
  });

  it.each([50, 200, 350, 500, 700, 900])("after %i ms says so, and blames nobody", async (ms) => {
    const report = await certify(ONE_FILE, AbortSignal.timeout(ms));
    expect(report.failures).toEqual([]);
    expect(report.session).toBeUndefined();
    expect(report.complete).toBe(false);
  });
});
