/** Divergences are found by search: the same for a seed, each with a message that shows it, none without its check. */
import { beforeAll, describe, expect, it } from "vitest";
import { STRICT_CHECKS, type StrictName } from "../../oracles/index.ts";
import { PROFILES, type Profile, profileNamed } from "../../spec/index.ts";
import { misfit } from "../schema-check.ts";
import { examine } from "./divergence.ts";
import { findings } from "./findings.ts";
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
      const { shown, breaches } = shownBy(d);
      const own = shown.find((s) => s.id === d.id);
      expect(own, d.id).toMatchObject({ at: d.witness.at, detail: d.witness.detail });
      expect(breaches.length, d.id).toBeLessThanOrEqual(2);
      // A header, and two extents with a strip each; only the limits need more.
      if (!d.id.endsWith("-limit")) expect(d.witness.message.length / 2, d.id).toBeLessThanOrEqual(128);
      expect(d.sentence).toMatch(/^[A-Z_`].*\.$/);
      expect(d.steps.length).toBeGreaterThanOrEqual(3);
    }
  });

  it("are gone when their check is taken away, and the others are not", async () => {
    const all = Object.keys(STRICT_CHECKS) as StrictName[];
    const byCheck = (check: StrictName) =>
      report.divergences.filter((d) => ["accepts", "computes"].some((kind) => d.id === `${kind}/${check}`));
    expect(all.flatMap(byCheck).length).toBeGreaterThan(10);
    for (const check of all)
      for (const d of byCheck(check)) {
        const others = all.filter((c) => c !== check);
        expect(shownBy(d, others).shown.map((s) => s.id)).not.toContain(d.id);
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
