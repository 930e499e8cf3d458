/** What has to be among the vectors of every profile. */
import { beforeAll, describe, expect, it } from "vitest";
import { FAMILIES, FAULTS, namedMessages } from "../../generators/index.ts";
import { holdsIn, PROFILES, type Profile, RULES, type RuleId, unsettledIn } from "../../spec/index.ts";
import { findings } from "../../suites/studies/findings/findings.ts";
import type { FindingsReport } from "../../suites/studies/findings/outcome.ts";
import { type Vector, vectorFile } from "./file.ts";

const tests = new Map<Profile, readonly Vector[]>();
const of = (profile: Profile) => tests.get(profile) as readonly Vector[];
let found: FindingsReport;
beforeAll(async () => {
  for (const profile of PROFILES)
    tests.set(
      profile,
      vectorFile(profile).testGroups.flatMap((g) => g.tests),
    );
  const signal = new AbortController().signal;
  found = await findings(PROFILES, { seed: 1, runs: 22_000, version: "0", signal });
}, 240_000);

describe.each(PROFILES)("the vectors of $name", (profile) => {
  it("have a message that each rule refuses or takes, and one on the other side of its boundary", () => {
    const decides = (rule: RuleId, result: Vector["result"]) =>
      of(profile).some((t) => t.result === result && t.rules.includes(rule));
    const results = new Map(of(profile).map((t) => [t.msg, t.result]));
    const named = [...namedMessages(profile)].filter((m) => m.family === "Boundary");
    const stands = (rule: RuleId, result: Vector["result"]) =>
      named.some(
        (m) =>
          m.name.startsWith(`${rule}/`) && results.get(Buffer.from(m.message).toString("hex")) === result,
      );
    for (const rule of RULES.filter((r) => r.needs === "message" && holdsIn(r, profile))) {
      const { id, errno } = rule;
      if (unsettledIn(rule, profile) !== null) {
        expect(decides(id, "acceptable"), id).toBe(true);
        continue;
      }
      if (errno !== undefined)
        for (const side of ["valid", "invalid"] as const)
          expect(stands(id, side), `${id} ${side}`).toBe(true);
      expect(decides(id, errno === undefined ? "valid" : "invalid"), id).toBe(true);
    }
  });

  it("have every ordered pair of faults, apart and in one record", () => {
    const known = new Set(of(profile).map((t) => t.msg));
    const apart = new Set<string>();
    for (const { name, family, message } of namedMessages(profile)) {
      expect(known.has(Buffer.from(message).toString("hex")), name).toBe(true);
      if (family === "FaultPair") apart.add(name.replace(/-(0x)?[0-9a-f]+(?=\/|$)/g, ""));
    }
    const simple = FAULTS.filter((f) => f.simple !== null).length;
    expect(apart.size).toBeGreaterThan(simple ** 2 + FAULTS.length ** 2);
  });

  it("have a witness of every divergence that the search finds in a message of the profile", () => {
    const flags = new Set(of(profile).flatMap((t) => t.flags));
    const ids = found.divergences
      .filter((d) => d.witness.when === undefined && d.profiles.includes(profile.name))
      .map((d) => d.id);
    expect(ids.length).toBeGreaterThan(10);
    expect(ids.filter((id) => !flags.has(id))).toEqual([]);
  });

  it("have every hazard of the parser, and each family", () => {
    const hazards = new Set(of(profile).flatMap((t) => t.hazards.map((h) => h.rule)));
    const parsing = ["hazard/devindex-shift", "hazard/strips-leak", "hazard/unpaid-allocation"] as const;
    const expected = RULES.filter((r) => parsing.some((id) => id === r.id) && holdsIn(r, profile));
    // Two extents, 4 times what the message has in bytes: rfc-v1 has too few for that.
    const reachable = expected
      .map((r) => r.id)
      .filter((id) => profile.name !== "rfc-v1" || !id.includes("unpaid"));
    expect([...hazards].sort()).toEqual(reachable.sort());
    const flags = new Set(of(profile).flatMap((t) => t.flags));
    for (const family of FAMILIES) expect(flags.has(family), family).toBe(true);
  });

  it("are a few thousand at most, with few long messages", () => {
    expect(of(profile).length).toBeGreaterThan(1000);
    expect(of(profile).length).toBeLessThan(3000);
    expect(of(profile).filter((t) => t.msg.length / 2 > 1024).length).toBeLessThan(40);
  });
});

it("names are names of one message each, in the shape of an id", () => {
  for (const profile of PROFILES) {
    const names = [...namedMessages(profile)].map((m) => m.name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9-]+(\/[a-z0-9-]+)+$/);
  }
});
