/** Every misbehaving daemon is caught by the requirement that it breaks, and by no other. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DEFAULT_PROFILE, manifestFromJson } from "../../spec/index.ts";
import { PACKAGE_ROOT } from "../package-root.ts";
import { ReferenceDaemon } from "../reference-daemon/daemon.ts";
import { DEFAULT_MANIFEST } from "../reference-daemon/default-manifest.ts";
import { FAULTS, faultNamed } from "../reference-daemon/faults.ts";
import { misfit } from "../schema-check.ts";
import { obstacle } from "./certificate.ts";
import { runDaemonSuite } from "./certification.ts";
import type { DaemonReport } from "./outcome.ts";

const MANIFEST = manifestFromJson(DEFAULT_MANIFEST);

/** Certifies the reference daemon, with a fault or without. */
function certify(fault: string | null): Promise<DaemonReport> {
  const main = join(PACKAGE_ROOT, "dist/cli/main.js");
  const planted = fault === null ? null : (faultNamed(fault) ?? null);
  // A manifest that is itself at fault is also what the daemon is held against: its extents are as they were meant.
  const meant =
    planted?.rule === "daemon/fmap/inside-device"
      ? new ReferenceDaemon(MANIFEST, planted).session.manifest
      : null;
  return runDaemonSuite(
    {
      command: [
        process.execPath,
        main,
        "reference-daemon",
        ...(fault === null ? [] : ["--fault", fault]),
        "{mountpoint}",
      ],
      channel: "auto",
      via: "direct",
    },
    {
      profile: DEFAULT_PROFILE,
      level: "quick",
      seed: 1,
      timeout: 6000,
      expect: meant ?? (planted === null || planted.rule === "daemon/intent/extents" ? MANIFEST : null),
      signal: new AbortController().signal,
      version: "test",
    },
  );
}

const failed = (report: DaemonReport) =>
  report.rules.filter((r) => r.outcome === "failed").map((r) => r.rule);

describe.concurrent("daemons that misbehave", () => {
  it("the reference daemon without a fault fulfils every requirement", async () => {
    const report = await certify(null);
    expect(failed(report)).toEqual([]);
    expect(report.rules.filter((r) => r.outcome !== "passed")).toEqual([]);
    expect(obstacle(report)).toBeNull();
    expect(misfit("daemon-report", report)).toBeNull();
  });

  for (const { name, rule, sentence } of FAULTS)
    it(`${name}: ${sentence} (${rule})`, async () => {
      const report = await certify(name);
      expect(failed(report)).toEqual([rule]);
      expect(misfit("daemon-report", report)).toBeNull();
    });
});
