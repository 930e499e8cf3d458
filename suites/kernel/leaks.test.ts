/** What is left behind, by kernels that are played. */
import { describe, expect, it } from "vitest";
import { parseFmap } from "../../oracles/index.ts";
import { type Profile, profileNamed } from "../../spec/index.ts";
import { leftByOne } from "./leaks.ts";
import { questionOf } from "./question-json.ts";
import { type Deeds, PlayedKernel } from "./test/played-kernel.ts";
import { playedReport } from "./test/played-report.ts";

const profile = profileNamed("rfc-v2") as Profile;

const reportOf = (leaves: Deeds["leaves"], strict = false) => playedReport(profile, { leaves }, { strict });

const ORPHAN = "kmemleak: unreferenced object (size 32)";

/** As this revision: the strips of all interleaved extents but the first. */
const asKnown: Deeds["leaves"] = (message) => {
  if (message === null) return [];
  const leak = parseFmap(profile, message).hazards.find((h) => h.rule === "hazard/strips-leak");
  return Array.from({ length: leak?.count ?? 0 }, () => ORPHAN);
};

/** Like no revision: the whole map of a message with too many extents. */
const refusedByLimit = (message: Uint8Array | null) => {
  if (message === null) return false;
  const verdict = parseFmap(profile, message);
  return verdict.verdict === "reject" && verdict.rule === "fmap/header/nextents-limit";
};

describe("a leak detector", () => {
  it("that reports nothing, or is not there, changes nothing", async () => {
    for (const leaves of [null, () => []])
      expect(await reportOf(leaves)).toMatchObject({ passed: true, findings: [] });
  });

  it("that reports what the revision is known for gives a finding under its hazard, of the smallest message", async () => {
    const report = await reportOf(asKnown);
    expect(report).toMatchObject({
      passed: true,
      findings: [{ rule: "hazard/strips-leak", predicted: true, what: ORPHAN, messages: 16 }],
    });
    const [found] = report.findings;
    // A header, two interleaved extents, a strip each.
    expect(found?.counterexample?.message).toHaveLength(2 * (32 + 2 * (24 + 24)));
    expect(await reportOf(asKnown, true)).toMatchObject({ passed: false });
  });

  it("that reports more is led to the message", async () => {
    const report = await reportOf((message) => (refusedByLimit(message) ? [ORPHAN] : []));
    expect(report).toMatchObject({
      passed: false,
      findings: [{ rule: null, predicted: false, what: ORPHAN }],
    });
    const message = report.findings[0]?.counterexample?.message ?? "";
    expect(refusedByLimit(new Uint8Array(Buffer.from(message, "hex")))).toBe(true);
  });

  it("that takes back what it reported was mistaken", async () => {
    let once = true;
    const mistaken: Deeds["leaves"] = (message) => {
      const isFirst = once && refusedByLimit(message);
      once &&= !isFirst;
      return isFirst ? [ORPHAN] : [];
    };
    expect(await reportOf(mistaken)).toMatchObject({ passed: true, findings: [] });
    expect(once).toBe(false);
  });

  it("that reports it only of many is told the first of them", async () => {
    let asked = 0;
    const report = await reportOf(() => (asked++ % 100 === 99 && asked < 1500 ? [ORPHAN] : []));
    expect(report).toMatchObject({ passed: false, findings: [{ rule: null }] });
  });

  it("is asked again about one finding", async () => {
    const report = await reportOf(asKnown);
    const c = report.findings[0]?.counterexample;
    if (c === undefined) throw new Error("there is no counterexample");
    const again = (leaves: Deeds["leaves"]) =>
      leftByOne(new PlayedKernel(profile, { leaves }), profile, questionOf(profile, c));
    expect(await again(asKnown)).toEqual([ORPHAN]);
    expect(await again(() => [])).toEqual([]);
    await expect(again(null)).rejects.toThrow("this kernel has none that can be asked");
  });
});
