import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RULES } from "../rules/index.ts";
import { closed, hex, ruleId, u64 } from "./shared.ts";

const accepts = (schema: object) => new Ajv2020({ strict: true }).compile(schema);
const LIMIT = 1n << 64n;

describe("u64", () => {
  const isU64 = accepts(u64);

  it("is exactly 0 to 2^64-1 in decimal: near every power of ten and of two, and beside every digit of the limit", () => {
    const edges = new Set<bigint>([0n, LIMIT - 1n, LIMIT, LIMIT + 1n]);
    for (let i = 0n; i <= 70n; i++)
      for (const near of [-1n, 0n, 1n]) edges.add((1n << i) + near).add(10n ** (i / 3n) + near);
    for (let digit = 0n; digit <= 19n; digit++)
      for (let d = 1n; d <= 9n; d++)
        for (const sign of [-1n, 1n]) edges.add(LIMIT - 1n + sign * d * 10n ** digit);
    for (const n of edges) expect(isU64(n.toString()), n.toString()).toBe(n >= 0n && n < LIMIT);
  });

  it("takes any number in the range and none above", () => {
    const text = fc.bigInt({ min: 0n, max: 4n * LIMIT });
    fc.assert(
      fc.property(text, (n) => isU64(n.toString()) === n < LIMIT),
      { numRuns: 2000 },
    );
  });

  it.each([
    "",
    "00",
    "01",
    "007",
    "-0",
    "-1",
    "+1",
    "1.0",
    "1e3",
    "0x10",
    " 1",
    "1 ",
    "1\n",
    "1n",
    "1_000",
    "٣",
  ])("is not %j", (text) => {
    expect(isU64(text)).toBe(false);
  });

  it("is not a JSON number", () => {
    expect(isU64(1)).toBe(false);
  });
});

it("hex is whole bytes in lower case", () => {
  const isHex = accepts(hex);
  expect(["", "00", "0f9a"].every((t) => isHex(t))).toBe(true);
  expect(["0", "0F", "0g", "00 ", "0x00", "000", "00\n"].some((t) => isHex(t))).toBe(false);
});

it("a rule id is what the rules have", () => {
  const isRuleId = accepts(ruleId);
  expect(RULES.every((r) => isRuleId(r.id))).toBe(true);
  expect(["", "fmap", "fmap/", "/fmap", "fmap//x", "Fmap/x", "fmap/x y"].some((t) => isRuleId(t))).toBe(
    false,
  );
});

it("closed() lets only the properties with a question mark be missing", () => {
  const fits = accepts(closed({ must: { type: "string" }, "may?": { type: "string" } }));
  expect([{ must: "x" }, { must: "x", may: "y" }].every((o) => fits(o))).toBe(true);
  expect([{}, { may: "y" }, { must: "x", "may?": "y" }, { must: "x", other: 1 }].some((o) => fits(o))).toBe(
    false,
  );
});
