/** No sound daemon is blamed: each variant of the reference daemon fulfils every requirement that it can be asked. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import { DEFAULT_PROFILE } from "../../spec/index.ts";
import { defaultManifestOf } from "../../subjects/reference/default-manifest.ts";
import { VARIANTS } from "../../subjects/reference/variants.ts";
import { obstacle } from "./certificate.ts";
import { runDaemonSuite } from "./certification.ts";

const MAIN = join(PACKAGE_ROOT, "dist/cli/main.js");

const certify = (variant: string) =>
  runDaemonSuite(
    {
      command: [process.execPath, MAIN, "reference-daemon", "--variant", variant, "{mountpoint}"],
      channel: "auto",
      via: "direct",
    },
    {
      profile: DEFAULT_PROFILE,
      level: "quick",
      seed: 1,
      timeout: 6000,
      expect: defaultManifestOf(DEFAULT_PROFILE),
      signal: new AbortController().signal,
      version: "test",
    },
  );

describe.concurrent("a sound daemon is certified", () => {
  for (const { name, sentence } of VARIANTS)
    it(`${name}: ${sentence}`, async () => {
      const report = await certify(name);
      expect(report.failures).toEqual([]);
      expect(report.rules.filter((r) => !["passed", "not-applicable"].includes(r.outcome))).toEqual([]);
      expect(obstacle(report)).toBeNull();
    });
});
