import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RULES, type RuleId } from "../spec/index.ts";
import { fileRangeArb, messageArb, randomBytesArb, recipeArb, validMessageArb } from "./arbitraries.ts";
import { build } from "./build.ts";
import { MAX_MESSAGE } from "./draft.ts";
import { SLOT_NAMES, SLOTS } from "./recipe.ts";
import { checksOf, outcomeOf, read, shrinksStayValid, shrunk } from "./test/laws.ts";

const ids = new Set<RuleId>(RULES.map((r) => r.id));
const accepted = (bytes: Uint8Array) => {
  expect(outcomeOf(bytes)).toEqual([
    read(bytes).header.ext_type === 0 ? "fmap/map/simple" : "fmap/map/interleaved",
  ]);
};

shrinksStayValid("recipeArb", recipeArb, (r) => {
  expect(r).toHaveLength(SLOT_NAMES.length);
  for (const [i, slot] of SLOT_NAMES.entries()) {
    expect(r[i]).toBeGreaterThanOrEqual(0);
    expect(r[i]).toBeLessThanOrEqual(SLOTS[slot]);
  }
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
    expect(shrunk(validMessageArb, () => false, 1)).toEqual(
      build([...new Array(SLOT_NAMES.length).fill(0)]).bytes,
    );
  });
});

describe("messageArb shrinks to the message that a person would write", () => {
  it.each([1, 2, 3, 4, 5])("no devindex 31: 56 bytes, one extent (seed %i)", (seed) => {
    const without31 = (bytes: Uint8Array) =>
      !checksOf(bytes).some((c) => c.rule.endsWith("/devindex") && c.actual === 31);
    const { bytes } = shrunk(messageArb, (m) => without31(m.bytes), seed);
    expect(bytes).toHaveLength(56);
    expect(read(bytes).header.nextents).toBe(1);
    expect(read(bytes).ranges).toMatchObject([{ se_devindex: 31 }]);
  });

  it.each<[RuleId, number]>([
    ["fmap/header/nextents-limit", 56],
    ["fmap/header/ext-type", 56],
    ["fmap/simple/offset-alignment", 56],
    ["fmap/interleaved/nbytes-zero", 56],
    ["fmap/interleaved/nstrips-limit", 32 + 24 + 33 * 24],
    ["fmap/strip/length-alignment", 80],
    ["fmap/interleaved/remainder", 80],
    ["fmap/total/file-size", 56],
  ])("%s: at most %i bytes", (rule, length) => {
    const { bytes } = shrunk(messageArb, (m) => !outcomeOf(m.bytes).includes(rule), 7);
    expect(outcomeOf(bytes)).toEqual([rule]);
    expect(bytes.length).toBeLessThanOrEqual(length);
  });
});
