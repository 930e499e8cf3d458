import { describe, expect, it } from "vitest";
import { parseFmap } from "../../oracles/index.ts";
import { holdsIn, PROFILES, profileNamed, RULES, rule } from "../../spec/index.ts";
import { kernelCases } from "./cases.ts";

describe.each(PROFILES.map((profile) => ({ name: profile.name, profile })))("$name", ({ profile }) => {
  const { requirements, hazards } = kernelCases(profile);

  it("has names that are stable, unique and fit KTAP", () => {
    const ids = [...requirements, ...hazards].map(({ group, name }) => `${group}.${name}`);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z_]+\.[a-z_.-]+$/);
    // A parameter's name has 128 bytes in KUnit.
    expect(Math.max(...requirements.map(({ name }) => name.length))).toBeLessThan(128);
  });

  it("says what the readable oracle says, and no source leaves open", () => {
    for (const c of requirements) {
      const verdict = parseFmap(profile, c.message);
      expect(verdict.verdict).not.toBe("unspecified");
      if (c.failAllocation === 0) expect(c.rc === 0).toBe(verdict.verdict === "accept");
      expect(c.map.length > 0).toBe(c.rc === 0);
    }
  });

  it("keeps what UBSAN tells once in a boot out of the requirements", () => {
    const shifts = (message: Uint8Array) =>
      parseFmap(profile, message).hazards.some((h) => h.rule === "hazard/devindex-shift");
    expect(requirements.filter((c) => shifts(c.message))).toEqual([]);
    expect(hazards.filter((c) => c.rule === "hazard/devindex-shift").every((c) => shifts(c.message))).toBe(
      true,
    );
  });
});

it("has at least 200 cases for rfc-v2, on both sides of every rule that a message decides", () => {
  const profile = profileNamed("rfc-v2");
  if (profile === undefined) throw new Error("there is no rfc-v2");
  const { requirements } = kernelCases(profile);
  expect(requirements.length).toBeGreaterThanOrEqual(200);
  const tested = new Set(requirements.map((c) => c.rule));
  const decided = RULES.filter(
    (r) => r.id.startsWith("fmap/") && r.needs === "message" && holdsIn(rule(r.id), profile),
  );
  expect(decided.map((r) => r.id).filter((id) => !tested.has(id))).toEqual([]);
});
