/** What of a message is new to the oracle. */
import { describe, expect, it } from "vitest";
import { build, faultChoice, type Recipe, recipe } from "../../../generators/index.ts";
import { DEFAULT_PROFILE } from "../../../spec/index.ts";
import { FeatureSet, featureOf } from "./feature-set.ts";
import { AT, isNear, nearness, ONE_ABOVE, ONE_BELOW } from "./nearness.ts";
import { OracleFeatures } from "./oracle-features.ts";

const step = (
  actual: number | bigint,
  bound: number | bigint,
  relation: ">=" | "<=" | "==" | "multiple of" = "<=",
) =>
  nearness({ rule: "fmap/header/underflow", offset: 0, ok: true, counted: false, actual, relation, bound });

describe("nearness", () => {
  it("tells the bound and its neighbours from all else, of words of any width", () => {
    for (const bound of [32, 2n ** 63n]) {
      const plus = (n: number) => (typeof bound === "bigint" ? bound + BigInt(n) : bound + n);
      expect([0, 1, -1].map((n) => step(plus(n), bound))).toEqual([AT, ONE_ABOVE, ONE_BELOW]);
      expect([2, -2, 20].map((n) => isNear(step(plus(n), bound)))).toEqual([false, false, false]);
    }
  });

  it("tells the sides, and near from far", () => {
    expect(new Set([step(2, 32), step(62, 32), step(2 ** 20, 32), step(2n ** 63n, 32n)]).size).toBe(4);
    expect(step(0, 2)).toBe(step(20, 22));
  });

  it("of a multiple is how far beyond one it is", () => {
    const unit = 2 << 20;
    expect([0, 1, unit - 1, 3 * unit].map((n) => step(n, unit, "multiple of"))).toEqual([AT, 1, 2, AT]);
    expect(step(4096, unit, "multiple of")).not.toBe(step(8, unit, "multiple of"));
  });
});

describe("features", () => {
  const fresh = (features: OracleFeatures, r: Recipe) => {
    const { bytes } = build(r);
    return features.look(new DataView(bytes.buffer), 0, bytes.length);
  };

  it("are new once", () => {
    const features = new OracleFeatures(DEFAULT_PROFILE);
    const r = recipe({ count: 2, lengths: 1 });
    expect(fresh(features, r)).toBeGreaterThan(5);
    const { count } = features.reached;
    expect(fresh(features, r)).toBe(0);
    expect(features.reached.count).toBe(count);
  });

  it("are not what the oracle does not look at", () => {
    const features = new OracleFeatures(DEFAULT_PROFILE);
    fresh(features, recipe({ count: 2 }));
    expect(fresh(features, recipe({ count: 2, fault1: faultChoice("version"), value1: 1 }))).toBe(0);
  });

  it.each([
    ["another outcome", recipe({ count: 1, fault1: faultChoice("ext_type") })],
    ["a boundary", recipe({ count: 1, fit: 1 })],
    ["a later item", recipe({ count: 6 })],
    ["one fault less far off", recipe({ count: 1, fault1: faultChoice("devindex"), value1: 3 })],
  ])("are %s", (_, r) => {
    const features = new OracleFeatures(DEFAULT_PROFILE);
    fresh(features, recipe({ count: 1 }));
    fresh(features, recipe({ count: 1, fault1: faultChoice("devindex"), value1: 2 }));
    expect(fresh(features, r)).toBeGreaterThan(0);
  });

  it("are two failures in one message that were met in two", () => {
    const features = new OracleFeatures(DEFAULT_PROFILE);
    const [devindex, length] = [faultChoice("devindex"), faultChoice("length off alignment")];
    for (const fault1 of [devindex, length])
      expect(fresh(features, recipe({ count: 1, fault1 }))).not.toBe(0);
    const both = recipe({ count: 1, fault1: devindex, fault2: length });
    expect(fresh(features, both)).toBeGreaterThan(0);
    expect(fresh(features, both)).toBe(0);
  });

  it("that differ have other numbers", () => {
    const numbers = new Set<number>();
    for (let a = 0; a < 40; a++) for (let b = 0; b < 40; b++) numbers.add(featureOf(1, a, b));
    expect(numbers.size).toBeGreaterThan(1590);
    expect(featureOf(1, 2)).not.toBe(featureOf(2, 1));
    const reached = new FeatureSet();
    expect([reached.add(7), reached.add(7), reached.count]).toEqual([true, false, 1]);
  });
});
