import { describe, expect, it } from "vitest";
import { DEFAULT_PROFILE, PROFILES, profileNamed } from "./index.ts";

it("finds each profile by its name, the default first", () => {
  expect(PROFILES[0]).toBe(DEFAULT_PROFILE);
  expect(DEFAULT_PROFILE.name).toBe("rfc-v2");
  for (const p of PROFILES) expect(profileNamed(p.name)).toBe(p);
  expect(profileNamed("rfc-v9")).toBeUndefined();
});

describe.each(PROFILES)("$name", (profile) => {
  it("is well formed", () => {
    expect(profile.name).toMatch(/^[a-z0-9-]+$/);
    expect(profile.title && profile.source).toBeTruthy();
    expect(profile.opcodes.getFmap).not.toBe(profile.opcodes.getDaxdev);
    expect(profile.initBit).toBeLessThan(64);
  });

  it("has limits that the oracle's arithmetic relies on", () => {
    const { alignment } = profile.limits;
    expect(Math.log2(alignment) % 1).toBe(0);
    expect(alignment).toBeLessThan(2 ** 32);
    expect(profile.replySize.min).toBeLessThanOrEqual(profile.replySize.max);
  });
});

it("rfc-v2 has the numbers of the patches", () => {
  const { opcodes, initBit, limits, replySize, daxdevSlots } = DEFAULT_PROFILE;
  expect({ opcodes, initBit, limits, replySize, daxdevSlots }).toEqual({
    opcodes: { getFmap: 53, getDaxdev: 54 },
    initBit: 42,
    limits: { maxExtents: 32, maxStrips: 32, maxAllocation: 4_194_304, alignment: 2_097_152 },
    replySize: { kind: "retry-once", first: 4096, min: 56, max: 32_768 },
    daxdevSlots: 24,
  });
});
