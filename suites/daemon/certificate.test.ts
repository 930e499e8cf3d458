import { describe, expect, it } from "vitest";
import { RULES } from "../../spec/index.ts";
import { misfit } from "../schema-check.ts";
import { certificateDifferences, certify, executableOf, obstacle, rulesDigest } from "./certificate.ts";
import type { DaemonReport } from "./outcome.ts";

const rules = RULES.filter((r) => r.needs === "daemon").map((r) => ({
  rule: r.id,
  outcome: "passed" as const,
  messages: 1,
  failed: 0,
}));

const report: DaemonReport = {
  format: "fmapspec-daemon-report",
  version: 1,
  fmapspec: "0.0.0",
  profile: "rfc-v2",
  level: "quick",
  seed: 7,
  run: { timeout: 5000, expect: null, shard: null },
  subject: { command: ["sh", "{mountpoint}"], channel: "auto", via: "direct" },
  channel: "seqpacket",
  complete: true,
  passed: true,
  seconds: 1,
  tree: { nodes: 1, files: 1, mapped: 1 },
  rules,
  failures: [],
  notes: [],
};

/** The report with the outcome of one rule changed. */
const having = (rule: string, outcome: DaemonReport["rules"][number]["outcome"]): DaemonReport => ({
  ...report,
  rules: rules.map((r) => (r.rule === rule ? { ...r, outcome } : r)),
});

describe("what stands in the way of a certificate", () => {
  it.each<[string, DaemonReport, string | null]>([
    ["nothing", report, null],
    ["a run that was interrupted", { ...report, complete: false }, "the run did not end"],
    ["a failure", having("daemon/fmap/accepted", "failed"), "1 requirements failed"],
    [
      "a requirement that was not checked",
      having("daemon/life/stays", "not-run"),
      "not checked: daemon/life/stays",
    ],
    ["one that does not apply, no", having("daemon/fmap/symlink", "not-applicable"), null],
    ["robustness, never", having("robustness/survives", "failed"), null],
    [
      "no map at all",
      { ...report, tree: { nodes: 1, files: 1, mapped: 0 } },
      "the daemon serves no map, so that there is nothing to certify",
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
