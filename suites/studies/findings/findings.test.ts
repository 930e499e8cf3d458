/** Divergences are found by search: the same for a seed, each with a message that shows it, none without its check. */
import { beforeAll, describe, expect, it } from "vitest";
import { misfit } from "../../../base/schema-check.ts";
import { STRICT_CHECKS, type StrictName } from "../../../oracles/index.ts";
import { PROFILES, type Profile, profileNamed } from "../../../spec/index.ts";
import { examine } from "./divergence.ts";
import { findings } from "./findings.ts";
import { playOpenings } from "./openings.ts";
import type { Divergence, FindingsReport } from "./outcome.ts";

const RUNS = 22_000;
const options = { seed: 1, runs: RUNS, version: "1.2.3", signal: new AbortController().signal };

let report: FindingsReport;
beforeAll(async () => {
  report = await findings(PROFILES, options);
}, 120_000);

const shownBy = ({ witness }: Divergence, checks?: readonly StrictName[]) =>
  examine(profileNamed(witness.profile) as Profile, Buffer.from(witness.message, "hex"), checks);

describe("findings", () => {
  it("fit their schema, are complete, and are the same for the same seed", async () => {
    expect(misfit("findings", report)).toBeNull();
    expect(report).toMatchObject({ complete: true, messages: RUNS, profiles: PROFILES.map((p) => p.name) });
    const [profile] = PROFILES as [Profile];
    const [once, again] = [await findings([profile], options), await findings([profile], options)];
    expect(again).toEqual(once);
  });

  it("show what they say, and nothing that their class does not need", () => {
    for (const d of report.divergences) {
      expect(d.sentence).toMatch(/^[A-Za-z_`].*\.$/);
      expect(d.steps).not.toEqual([]);
      if (d.witness.when !== undefined) continue;
      const { divergences, breaches } = shownBy(d);
      const own = divergences.find((s) => s.id === d.id);
      expect(own, d.id).toMatchObject({ at: d.witness.at, detail: d.witness.detail });
      expect(breaches.length, d.id).toBeLessThanOrEqual(2);
      // A header, and two extents with a strip each; only the limits need more.
      if (!d.id.endsWith("-limit")) expect(d.witness.message.length / 2, d.id).toBeLessThanOrEqual(128);
    }
  });

  it("that open(2) shows are shown by an opening of each profile that has them, and of no other", () => {
    const ids = report.divergences.filter((d) => d.witness.when !== undefined);
    expect(ids.map((d) => d.id)).toEqual(
      expect.arrayContaining(["hazard/buffer-leak", "hazard/lost-race-leak", "opens/without-map"]),
    );
    for (const { id, profiles, unsettled, witness } of ids)
      for (const profile of PROFILES) {
        const played = playOpenings(profile);
        expect(played.some((o) => o.ids.includes(id))).toBe(profiles.includes(profile.name));
        expect(played.some((o) => o.unsettled.includes(id))).toBe(unsettled.includes(profile.name));
        if (profile.name === witness.profile)
          expect(played.find((o) => o.when === witness.when)?.ids).toContain(id);
      }
  });

  it("name the revision that is known not to have them any more, and none where that is open", () => {
    const spread = (id: string) => {
      const { profiles, unsettled, fixedBy } = report.divergences.find((d) => d.id === id) as Divergence;
      return { first: profiles[0], last: profiles.at(-1), unsettled: unsettled.length, fixedBy };
    };
    expect(spread("opens/without-map")).toEqual({
      first: "rfc-v1",
      last: "rfc-v2",
      unsettled: 0,
      fixedBy: "v3",
    });
    expect(spread("hazard/map-left-dangling")).toMatchObject({ first: "rfc-v1", fixedBy: null });
    expect(spread("hazard/uninitialised-extent-size")).toMatchObject({
      first: "v4",
      last: "v4",
      fixedBy: "v7",
    });
    expect(spread("accepts/reserved-zero")).toMatchObject({
      first: "rfc-v1",
      last: "dual-ext",
      fixedBy: null,
    });
  });

  it("are gone when their check is taken away, and the others are not", async () => {
    const all = Object.keys(STRICT_CHECKS) as StrictName[];
    const byCheck = (check: StrictName) =>
      report.divergences.filter((d) => ["accepts", "computes"].some((kind) => d.id === `${kind}/${check}`));
    expect(all.flatMap(byCheck).length).toBeGreaterThan(10);
    for (const check of all)
      for (const d of byCheck(check)) {
        const others = all.filter((c) => c !== check);
        expect(shownBy(d, others).divergences.map((s) => s.id)).not.toContain(d.id);
      }
    const [profile] = PROFILES as [Profile];
    const search = (checks: readonly StrictName[]) => findings([profile], { ...options, checks });
    const ids = async (checks: readonly StrictName[]) => (await search(checks)).divergences.map((d) => d.id);
    const without = await ids(all.filter((c) => c !== "reserved-zero"));
    const before = await ids(all);
    expect(before).toContain("accepts/reserved-zero");
    expect(without.filter((id) => !id.startsWith("refuses/"))).toEqual(
      before.filter((id) => id !== "accepts/reserved-zero" && !id.startsWith("refuses/")),
    );
  });

  it("end early when they are interrupted, and say so", async () => {
    const stopped = await findings(PROFILES, { ...options, signal: AbortSignal.abort() });
    expect(stopped).toMatchObject({ complete: false, divergences: [] });
  });
});
