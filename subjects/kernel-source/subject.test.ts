/** The kernel's own parser under the sanitizers agrees with the oracle, and a line changed in it is found. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { misfit } from "../../base/schema-check.ts";
import { DEFAULT_PROFILE } from "../../spec/index.ts";
import type { ParserReport } from "../../suites/parser/outcome.ts";
import { planted } from "../../test/planted.ts";
import { reportOn } from "../../test/runs.ts";
import { SEED } from "../../test/seed.ts";
import { KernelSourceSubject } from "./subject.ts";

const SOURCE = join(SEED ?? "", "kernel/famfs.c");
const folder = mkdtempSync(join(tmpdir(), "fmapspec-planted-"));
afterAll(() => rmSync(folder, { recursive: true }));

const subject = (path: string) => KernelSourceSubject.build(path, DEFAULT_PROFILE, undefined, 10_000);

/** Bytes of the shortest messages that show what nothing predicts. */
function evidence({ counterexamples, findings }: ParserReport): number[] {
  const unpredicted = findings.filter((f) => !f.predicted).flatMap((f) => f.counterexample ?? []);
  return [...counterexamples, ...unpredicted].map((c) => c.message.length / 2).sort((a, b) => a - b);
}

/** Bytes of two interleaved extents of one strip. */
const TWO_EXTENTS = 32 + 2 * (24 + 24);

describe.skipIf(SEED === undefined)("the parser of the kernel patch", () => {
  it("judges 200,000 messages as the oracle does, and does what the revision is known for", async () => {
    const report = await reportOn(await subject(SOURCE), { runs: 200_000 });
    expect(report.counterexamples).toEqual([]);
    expect(report).toMatchObject({ passed: true, complete: true });
    expect(report.messages).toBeGreaterThanOrEqual(200_000);
    expect(report.rules.filter((r) => r.outcome === "not-run")).toEqual([]);
    const sizes = (rule: string) =>
      report.findings
        .filter((f) => f.rule === rule)
        .map((f) => (f.counterexample?.message.length ?? 0) / 2)
        .sort();
    expect(sizes("hazard/devindex-shift")).toEqual([56, 80]);
    expect(sizes("hazard/strips-leak")).toEqual([TWO_EXTENTS]);
    expect(report.findings.filter((f) => !f.predicted)).toEqual([]);
    expect(misfit("report", report)).toBeNull();
  });

  it("does not pass a strict run", async () => {
    const report = await reportOn(await subject(SOURCE), { runs: 1000, strict: true });
    expect(report).toMatchObject({ passed: false, counterexamples: [] });
  });

  it.each([
    ["a limit off by one", "nextents > FUSE_FAMFS_MAX_EXTENTS", "nextents >= FUSE_FAMFS_MAX_EXTENTS"],
    ["an alignment check removed", "if (!IS_ALIGNED(se->ext_offset, PMD_SIZE))\n\t\terrs++;", ""],
    ["an underflow check removed", "next_offset += fmh->nextents * sizeof(*se_in);", ""],
    ["a free removed", "kfree(fmap->se);", ""],
    ["a field read with the wrong width", "u64 len = sie_in", "u32 len = sie_in"],
  ])("fails with %s, shown by at most two extents", async (name, before, after) => {
    const report = await reportOn(
      await subject(planted(SOURCE, join(folder, name.replaceAll(" ", "-")), [[before, after]])),
      { runs: 5000 },
    );
    expect(report.passed).toBe(false);
    expect(evidence(report)[0]).toBeLessThanOrEqual(TWO_EXTENTS);
  });
});
