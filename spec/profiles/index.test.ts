import { describe, expect, it } from "vitest";
import { DEFAULT_PROFILE, PROFILE_NAMES, PROFILES, type Profile, profileNamed, whyOpen } from "./index.ts";

const named = (name: string) => profileNamed(name) as Profile;

it("finds each profile by its name and aliases, the oldest first", () => {
  expect(PROFILES.map((p) => p.name)).toEqual(PROFILE_NAMES);
  expect(DEFAULT_PROFILE.name).toBe("rfc-v2");
  for (const p of PROFILES) for (const name of [p.name, ...p.aliases]) expect(profileNamed(name)).toBe(p);
  const aliases = { v5: "v4", v6: "v4", v8: "v10", v9: "v10" };
  for (const [alias, name] of Object.entries(aliases)) expect(profileNamed(alias)?.name).toBe(name);
  for (const name of ["rfc-v3", "v1", "v2", "v11", "all", ""]) expect(profileNamed(name)).toBeUndefined();
});

it("says why something is open, and of nothing else", () => {
  expect(whyOpen(named("dual-ext"), "resolver")).toBe("its resolver was not found");
  expect(whyOpen(named("rfc-v2"), "resolver")).toBe("no source gives it");
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
    expect(profile.replySize.first).toBeLessThanOrEqual(profile.replySize.max);
  });

  it("says why each null is one that no source gives, and nothing else is open", () => {
    const at = (path: string) =>
      path.split("/").reduce<unknown>((o, key) => (o as Record<string, unknown>)[key], profile);
    for (const [path, reason] of Object.entries(profile.open)) {
      expect(reason).toMatch(/^\S.*\S$/);
      // A number may stand in where the suite has to send one.
      if (!["opcodes/getFmap", "minor", "initBit"].includes(path)) expect(at(path), path).toBeNull();
    }
    for (const path of ["resolver", "daxdevs/slots", "install/freeLeavesPointer"])
      expect(path in profile.open, path).toBe(at(path) === null);
  });

  it("knows the daxdevs of one way only", () => {
    expect(profile.opcodes.getDaxdev === null).toBe(profile.daxdevs.way === "push");
    expect(profile.fmapSizeField).toBe(profile.replySize.kind === "fmap-size");
  });
});

it("rfc-v2 has the numbers of the patches", () => {
  const { opcodes, initBit, limits, replySize, daxdevs } = DEFAULT_PROFILE;
  expect({ opcodes, initBit, limits, replySize, slots: daxdevs.slots }).toEqual({
    opcodes: { getFmap: 53, getDaxdev: 54 },
    initBit: 42,
    limits: {
      maxExtents: 32,
      maxStrips: 32,
      devindexes: 1,
      maxAllocation: 4_194_304,
      alignment: 2_097_152,
      fmapMax: 32_768,
    },
    replySize: { kind: "retry-once", first: 4096, min: 56, max: 32_768 },
    slots: 24,
  });
});

/** The table of numbers of facts/revisions.md, section 2, and the request bodies of section 1. */
it.each([
  ["rfc-v1", [53, 54], 42, [2, 16], 4096, "none", "EINVAL", "E2BIG"],
  ["rfc-v2", [53, 54], 42, [32, 32], 32_768, "fuse_get_fmap_in", "EINVAL", "E2BIG"],
  ["v3", [54, 55], 43, [32, 32], 4096, "none", "EINVAL", "E2BIG"],
  ["v4", [54, 55], 43, [32, 32], 4096, "none", "EINVAL", "E2BIG"],
  ["v7", [54, 55], 43, [32, 32], 4096, "none", "EINVAL", "E2BIG"],
  ["v10", [54, 55], 43, [32, 32], 4096, "none", "ERANGE", "ERANGE"],
  ["simple-only", [54, null], 43, [null, null], 16_777_216, "fuse_getxattr_in", "ERANGE", null],
  ["dual-ext", [54, null], 43, [null, null], 16_777_216, "fuse_getxattr_in", "ERANGE", null],
])(
  "%s: opcodes %j, bit %i, limits %j, largest reply %i, body %s",
  (name, opcodes, bit, limits, largest, body, zero, limit) => {
    const p = named(name);
    expect([p.opcodes.getFmap, p.opcodes.getDaxdev]).toEqual(opcodes);
    expect(p.initBit).toBe(bit);
    expect([p.limits.maxExtents, p.limits.maxStrips]).toEqual(limits);
    expect(p.replySize.max).toBe(largest);
    expect(p.request.body).toBe(body);
    expect(p.errnos.nextentsZero).toBe(zero);
    if (limit !== null) expect(p.errnos.nextentsLimit).toBe(limit);
  },
);
