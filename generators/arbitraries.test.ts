import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RULES, type RuleId } from "../spec/index.ts";
import { fileRangeArb, messageArb, randomBytesArb, recipeArb, validMessageArb } from "./arbitraries.ts";
import { build } from "./build.ts";
import { MAX_MESSAGE } from "./draft.ts";
import { recipe, slotIndex } from "./recipe.ts";
import { checksOf, hexOf, misfit, outcomeOf, read, shrinksStayValid, shrunk } from "./test/laws.ts";

const ids = new Set<RuleId>(RULES.map((r) => r.id));
const accepted = (bytes: Uint8Array) => {
  expect(outcomeOf(bytes)).toEqual([
    read(bytes).header.ext_type === 0 ? "fmap/map/simple" : "fmap/map/interleaved",
  ]);
};

shrinksStayValid("recipeArb", recipeArb, (r) => {
  expect(misfit(r)).toBeNull();
});
shrinksStayValid("messageArb", messageArb, ({ bytes, tags }) => {
  expect(bytes.length).toBeLessThanOrEqual(MAX_MESSAGE);
  for (const tag of tags) expect(ids).toContain(tag);
});
shrinksStayValid("validMessageArb", validMessageArb, accepted);
shrinksStayValid("randomBytesArb", randomBytesArb, (bytes) => {
  expect(bytes.length).toBeLessThanOrEqual(512);
});
shrinksStayValid("fileRangeArb", fileRangeArb, ([offset, length]) => {
  for (const n of [offset, length]) expect(BigInt.asUintN(63, n)).toBe(n);
});

describe("validMessageArb", () => {
  it("is accepted by the oracle, with nothing odd about it", () => {
    fc.assert(fc.property(validMessageArb, accepted), { numRuns: 1000 });
  });

  it("reaches one and the limit, in extents and in strips", () => {
    const seen = fc.sample(validMessageArb, { numRuns: 2000, seed: 1 }).map(read);
    const counts = new Set(seen.map((m) => m.header.nextents));
    const strips = new Set(seen.flatMap((m) => m.heads.map((h) => h.ie_nstrips)));
    for (const set of [counts, strips]) expect([Math.min(...set), Math.max(...set)]).toEqual([1, 32]);
  });

  it("shrinks to the smallest message", () => {
    expect(hexOf(shrunk(validMessageArb, () => false, 1))).toBe(hexOf(build(recipe({})).bytes));
  });
});

/**
 * fast-check tries each choice at 0 once and does not come back to it, so that one shrink in five ends beside the
 * smallest message. These seeds are from the other four.
 */
describe("a message shrinks to what a person would write", () => {
  const without31 = (bytes: Uint8Array) =>
    !checksOf(bytes).some((c) => c.rule.endsWith("/devindex") && c.actual === 31);
  it.each([1, 2, 3, 4, 6])("no devindex 31: 56 bytes, one extent (seed %i)", (seed) => {
    const { bytes } = shrunk(messageArb, (m) => without31(m.bytes), seed);
    expect(bytes).toHaveLength(56);
    expect(read(bytes)).toMatchObject({ header: { nextents: 1 }, ranges: [{ se_devindex: 31 }] });
  });

  const quietArb = recipeArb.map(
    (r) => build(r.map((choice, i) => (i < slotIndex("noise") ? choice : 0))).bytes,
  );
  it.each<[RuleId, number]>([
    ["fmap/header/underflow", 0],
    ["fmap/header/nextents-zero", 56],
    ["fmap/header/nextents-limit", 32 + 33 * 24],
    ["fmap/header/ext-type", 56],
    ["fmap/simple/underflow", 56],
    ["fmap/simple/offset-alignment", 56],
    ["fmap/interleaved/header-underflow", 80],
    ["fmap/interleaved/nstrips-limit", 32 + 24 + 33 * 24],
    ["fmap/strip/length-alignment", 80],
    ["fmap/interleaved/remainder", 80],
    ["fmap/total/file-size", 56],
    ["fmap/ignored/overlap", 80],
  ])("%s: at most %i bytes", (rule, length) => {
    const bytes = shrunk(quietArb, (m) => !outcomeOf(m).includes(rule), 1);
    expect(outcomeOf(bytes)).toEqual([rule]);
    expect(bytes.length).toBeLessThanOrEqual(length);
  });
});
