import { describe, expect, it } from "vitest";
import { misfit } from "../../base/schema-check.ts";
import { RULES } from "../../spec/index.ts";
import { certificateDifferences, certify, executableOf, obstacle, rulesDigest } from "./certificate.ts";
import type { DaemonReport } from "./outcome.ts";
import { withDaemonVerdict } from "./verdict.ts";

const rules = RULES.filter((r) => r.needs === "daemon").map((r) => ({
  rule: r.id,
  outcome: "passed" as const,
  messages: 1,
  failed: 0,
}));

const report: DaemonReport = withDaemonVerdict({
  format: "fmapspec-daemon-report",
  version: 1,
  fmapspec: "0.0.0",
  profile: "rfc-v2",
  level: "quick",
  seed: 7,
  run: { timeout: 5000, expect: null, scope: "famfs", shard: null },
  subject: { command: ["sh", "{mountpoint}"], channel: "auto", via: "direct" },
  channel: "seqpacket",
  complete: true,
  famfs: "agreed",
  unchecked: [],
  seconds: 1,
  tree: { nodes: 1, files: 1, mapped: 1 },
  rules,
  failures: [],
  notes: [],
});

const changed = (changes: Partial<DaemonReport>) => withDaemonVerdict({ ...report, ...changes });

/** The report with the outcome of one rule changed. */
const having = (rule: string, outcome: DaemonReport["rules"][number]["outcome"]): DaemonReport =>
  changed({ rules: rules.map((r) => (r.rule === rule ? { ...r, outcome } : r)) });

describe("what stands in the way of a certificate", () => {
  it.each<[string, DaemonReport, string | null]>([
    ["nothing", report, null],
    [
      "a run that was interrupted",
      changed({ complete: false }),
      "not checked: the rest of the run: it did not come to its end",
    ],
    [
      "a shard",
      changed({ run: { ...report.run, shard: { i: 1, n: 2 } } }),
      "this is one of 2 shards of a run",
    ],
    ["a failure", having("daemon/fmap/accepted", "failed"), "failed: daemon/fmap/accepted"],
    [
      "a requirement that was not checked",
      having("daemon/life/stays", "not-run"),
      "not checked: daemon/life/stays",
    ],
    ["one that does not apply, no", having("daemon/fmap/symlink", "not-applicable"), null],
    ["a warning, never", having("robustness/survives", "warning"), null],
    ["a SHOULD that was not checked, no", having("daemon/life/destroy", "not-run"), null],
    [
      "no map at all",
      changed({ tree: { nodes: 1, files: 1, mapped: 0 } }),
      "not checked: maps: the daemon serves no map that the kernel of rfc-v2 takes",
    ],
    [
      "that famfs was declined",
      changed({ famfs: "declined", tree: { nodes: 1, files: 1, mapped: 0 } }),
      "not checked: famfs: the daemon declined FUSE_DAX_FMAP, so no kernel of rfc-v2 would ask it for a map",
    ],
  ])("%s", (_name, r, expected) => {
    expect(obstacle(r)).toBe(expected);
  });
});

describe("the certificate", () => {
  const now = new Date("2026-01-02T03:04:05.678Z");
  const certificate = certify(report, now);

  it("fits its schema and says what was certified", () => {
    expect(misfit("certificate", certificate)).toBeNull();
    expect(certificate).toMatchObject({ date: "2026-01-02T03:04:05Z", rulesDigest: rulesDigest(), seed: 7 });
    expect(certificate.executable.path).toMatch(/\/sh$/);
  });

  it("names a program that is not there", () => {
    expect(() => executableOf(["no-such-program-here"])).toThrow(
      "there is no executable 'no-such-program-here'",
    );
    expect(() => executableOf(["/no/such/program"])).toThrow("there is no executable");
  });

  it("holds while nothing has changed", () => {
    expect(certificateDifferences(certificate, certify(report, new Date()))).toEqual([]);
  });

  it.each<[string, Parameters<typeof certificateDifferences>[0], RegExp]>([
    ["other rules", { ...certificate, rulesDigest: "0".repeat(64) }, /the rules are other ones/],
    [
      "another executable",
      { ...certificate, executable: { path: "/bin/sh", sha256: "0".repeat(64) } },
      /the executable is another one/,
    ],
    [
      "another outcome",
      certify(having("daemon/fmap/symlink", "not-applicable"), now),
      /daemon\/fmap\/symlink was not-applicable and is passed/,
    ],
  ])("no longer holds with %s", (_name, old, expected) => {
    const differences = certificateDifferences(old, certificate);
    expect(differences).toHaveLength(1);
    expect(differences[0]).toMatch(expected);
  });
});
