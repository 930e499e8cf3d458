/** What only kernel source can be asked: allocations that fail, the inode, offsets; each bug in it breaks its own rule. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { misfit } from "../../base/schema-check.ts";
import { DEFAULT_PROFILE, type RuleId } from "../../spec/index.ts";
import { OWN, planted } from "../../test/planted.ts";
import { reportOn } from "../../test/runs.ts";
import { available } from "../../test/tools.ts";
import { KernelSourceSubject } from "./subject.ts";

const folder = mkdtempSync(join(tmpdir(), "fmapspec-own-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Without the messages that any driver can be asked about. */
const SPECIAL = { runs: 1, filter: (rule: RuleId) => !rule.startsWith("fmap/") || rule.includes("/alloc-") };

async function broken(name: string, bugs: readonly (readonly [string, string])[]) {
  const path = planted(OWN, join(folder, name), bugs);
  return reportOn(await KernelSourceSubject.build(path, DEFAULT_PROFILE, undefined, 10_000), SPECIAL);
}

describe.skipIf(!available("gcc", "gcc"))("a kernel source", () => {
  it("with all that the series has is held to every rule that a parser can be", async () => {
    const subject = await KernelSourceSubject.build(OWN, DEFAULT_PROFILE, "gcc", 10_000);
    const report = await reportOn(subject, { runs: 3000 });
    expect(report.counterexamples).toEqual([]);
    expect(report.findings.filter((f) => !f.predicted)).toEqual([]);
    expect(report.passed).toBe(true);
    expect(report.subject).toEqual({ kind: "kernel-source", path: OWN, cc: "gcc" });
    expect(report.implementation).toMatch(/^famfs\.c \(C source, 2 files\), compiled with gcc/);
    expect(report.rules.filter((r) => r.outcome === "not-run")).toEqual([]);
    const inapplicable = report.rules.filter((r) => r.outcome === "not-applicable");
    expect(inapplicable.filter((r) => /^(install|resolve)\//.test(r.rule)).map((r) => r.reason)).toEqual([
      "the source does not have famfs_meta_set",
      "the source does not have famfs_meta_free",
    ]);
    const sites = report.findings.filter((f) => f.rule === "hazard/devindex-shift").map((f) => f.what);
    expect(sites).toEqual([expect.stringMatching(/ at shift-out-of-bounds famfs\.c:\d+:\d+$/)]);
  });

  it("that fails on allocations, or leaves another inode behind, breaks the rules of these", async () => {
    const report = await broken("install", [
      ["if (!meta->ie)\n\t\treturn -ENOMEM;", "if (!meta->ie)\n\t\treturn -EINVAL;"],
      ["if (!meta)\n\t\treturn -ENOMEM;", ""],
      ["rc = -EALREADY;", "rc = -EEXIST;"],
      ["i_size_write(inode, meta->file_size);", ""],
    ]);
    const found = report.counterexamples.map((c) => [
      c.rule,
      c.kind,
      c.failAllocation ?? c.scene ?? null,
      c.actual,
    ]);
    expect(found).toContainEqual(["fmap/interleaved/alloc-extents", "verdict", 2, "EINVAL"]);
    expect(found).toContainEqual([
      "fmap/header/alloc-meta",
      "crash",
      1,
      "the parser did not return: a fault or a division by zero",
    ]);
    expect(found).toContainEqual(["install/set-refused", "install", "lateRival", "EEXIST"]);
    expect(found).toContainEqual([
      "install/publish",
      "install",
      "plain",
      expect.stringMatching(/^i_size is 24301, expected \d+$/),
    ]);
    expect(report.passed).toBe(false);
    expect(misfit("report", report)).toBeNull();
  });

  it("that resolves wrongly breaks the rules of resolving", async () => {
    const report = await broken("resolve", [
      ["se->ext_offset + offset", "se->ext_offset"],
      ["chunk / ie->fie_nstrips", "chunk / (ie->fie_nstrips - 1)"],
      ["if (!table || famfs_file_bad(inode))", "if (!table)"],
    ]);
    const found = report.counterexamples.map((c) => [c.rule, c.kind, c.expectedText, c.actual]);
    const text = (pattern: RegExp) => expect.stringMatching(pattern);
    expect(found).toContainEqual([
      "resolve/simple",
      "resolution",
      text(/^\d+ bytes at 1: daxdev 0, offset \d+, \d+ bytes$/),
      text(/^\d+ bytes at 1: daxdev 0, offset \d+, \d+ bytes$/),
    ]);
    expect(found).toContainEqual([
      "resolve/interleaved",
      "resolution",
      text(/^\d+ bytes at \d+: daxdev 0/),
      text(/^\d+ bytes at \d+: the resolver did not return: a fault or a division by zero$/),
    ]);
    expect(found).toContainEqual([
      "resolve/bad-file",
      "resolution",
      "4096 bytes at 0: nothing (success, 0 bytes)",
      text(/^4096 bytes at 0: daxdev 0, offset 0, \d+ bytes$/),
    ]);
    expect(misfit("report", report)).toBeNull();
  });
});
