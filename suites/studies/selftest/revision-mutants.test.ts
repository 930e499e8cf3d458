/** Each revision's parser where another one is expected: told apart, or the same and why. */
import { describe, expect, it } from "vitest";
import { SubjectError } from "../../../base/errors.ts";
import { PROFILES, type Profile, profileNamed } from "../../../spec/index.ts";
import { revisionMutants, sameness, tryRevision } from "./revision-mutants.ts";

const facts = { seed: 1, signal: new AbortController().signal };
const MUTANTS = revisionMutants();

it("every revision is taken for every other one", () => {
  expect(MUTANTS).toHaveLength(PROFILES.length * (PROFILES.length - 1));
  expect(new Set(MUTANTS.map((m) => m.name)).size).toBe(MUTANTS.length);
});

it("two are the same whichever is taken for the other, and what they differ in is said", () => {
  const same = MUTANTS.filter((m) => m.equivalent !== null);
  expect(same.map((m) => m.name).sort()).toEqual(["rfc-v2-as-v3", "v3-as-rfc-v2"]);
  for (const { equivalent } of same)
    expect(equivalent).toMatch(/^the parser and the resolver are the same: all that differs is opcodes\//);
});

it("a difference anywhere in the parser is one", () => {
  const v3 = profileNamed("v3") as Profile;
  expect(sameness(v3, { ...v3, parser: { ...v3.parser, sums: "refused" } })).toBeNull();
  expect(sameness(v3, { ...v3, errnos: { ...v3.errnos, nextentsZero: "EIO" } })).toBeNull();
});

/** Neighbours, and those that only the resolver tells apart; `fmapspec selftest revision` has them all. */
const TRIED = ["rfc-v1-as-rfc-v2", "v4-as-v3", "v10-as-v7", "simple-only-as-dual-ext", "rfc-v2-as-v3"];

describe("told apart, or not", () => {
  it.each(MUTANTS.filter((m) => TRIED.includes(m.name)).map((m) => [m.name, m] as const))(
    "%s",
    async (_, m) => {
      const { rules, messages, witness } = await tryRevision(m, facts);
      const same = m.equivalent !== null;
      expect([rules.length === 0, messages === null, witness === null]).toEqual([same, same, same]);
    },
  );

  it("not, where a name is of no two revisions", async () => {
    await expect(
      tryRevision({ ...(MUTANTS[0] as (typeof MUTANTS)[number]), name: "x-as-v3" }, facts),
    ).rejects.toThrow(new SubjectError("x-as-v3 is not of two revisions"));
  });
});
