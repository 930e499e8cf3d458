/** A second opinion in C on each revision: what the oracle says, a parser written from the same tables does. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import { type Profile, type ProfileName, profileNamed } from "../../spec/index.ts";
import { reportOn } from "../../test/runs.ts";
import { available } from "../../test/tools.ts";
import { KernelSourceSubject } from "./subject.ts";
import { REVISIONS } from "./test/revisions.ts";

const folder = mkdtempSync(join(tmpdir(), "fmapspec-revisions-"));
afterAll(() => rmSync(folder, { recursive: true }));
const FIXTURE = join(PACKAGE_ROOT, "subjects/kernel-source/test/revisions");

const NAMES = Object.keys(REVISIONS) as ProfileName[];

/** Hazards that only this C can show of each revision, and that the oracle has to predict. */
const HAZARDS: Readonly<Record<ProfileName, readonly string[]>> = {
  "rfc-v1": ["devindex-shift", "inode-left-locked", "strips-leak"],
  "rfc-v2": ["devindex-shift", "inode-left-locked", "strips-leak", "unpaid-allocation"],
  v3: ["devindex-shift", "strips-leak", "unpaid-allocation"],
  v4: ["devindex-shift", "lost-race-leak", "strips-leak", "unlock-of-unlocked", "unpaid-allocation"],
  v7: ["devindex-shift", "unpaid-allocation"],
  v10: ["devindex-shift", "unpaid-allocation"],
  "simple-only": ["devindex-shift"],
  "dual-ext": ["devindex-shift", "unpaid-allocation"],
};

/** The C of that revision, held against the profile. */
async function heldAgainst(revision: ProfileName, name: ProfileName) {
  const source = join(folder, `${revision}-${name}`);
  cpSync(FIXTURE, source, { recursive: true });
  const file = join(source, "famfs.c");
  writeFileSync(file, `#define FAMFS_REVISION ${REVISIONS[revision]}\n${readFileSync(file, "utf8")}`);
  const profile = profileNamed(name) as Profile;
  const subject = await KernelSourceSubject.build(source, profile, "gcc", 20_000);
  return reportOn(subject, { profile, runs: 4000 });
}

describe.skipIf(!available("gcc", "gcc"))("C of a revision", () => {
  it.each(NAMES)("%s does what its profile says, with the hazards that it is known for", async (name) => {
    const report = await heldAgainst(name, name);
    expect(report.counterexamples).toEqual([]);
    expect(report.findings.filter((f) => !f.predicted)).toEqual([]);
    expect(report.passed).toBe(true);
    const hazards = [...new Set(report.findings.map((f) => `${f.rule}`.replace("hazard/", "")))];
    expect(hazards.filter((h) => h !== "walk-overflow").sort()).toEqual(HAZARDS[name]);
  });

  // Where the parsers are alike, what becomes of a map tells the revisions apart.
  it.each([
    ["rfc-v1", "rfc-v2", "fmap/map/simple"],
    ["rfc-v2", "v3", "install/already-mapped"],
    ["v3", "v4", "install/lost-race"],
    ["v4", "v7", "fmap/interleaved/chunk-size"],
    ["v7", "v10", "fmap/header/nextents-zero"],
    ["v10", "simple-only", "fmap/header/ext-type"],
    ["simple-only", "dual-ext", "fmap/simple/end-overflow"],
  ] as const)("%s does not do what %s does", async (revision, name, rule) => {
    const report = await heldAgainst(revision, name);
    expect(report.passed).toBe(false);
    expect(report.rules.filter((r) => r.outcome === "failed").map((r) => r.rule)).toContain(rule);
  });
});
