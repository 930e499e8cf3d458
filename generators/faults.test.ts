import { describe, expect, it } from "vitest";
import type { RuleId } from "../spec/index.ts";
import { build } from "./build.ts";
import { FAULTS, faultChoice } from "./faults.ts";
import { recipe, SLOTS } from "./recipe.ts";
import { outcomeOf, read } from "./test/laws.ts";

const KINDS = ["simple", "interleaved"] as const;
const TWO = { count: 1, strips: 1 };
const alone = (kind: number, name: string, choices: object) =>
  build(recipe({ kind, ...TWO, fault1: faultChoice(name), ...choices }));

/**
 * Values whose outcome is another than the fault's own rule, on two extents of two strips, in the last record and with
 * file_size fitted again. Value by value: what is no fault at all, and what another check sees first.
 */
const ELSEWHERE: Readonly<
  Record<string, Partial<Record<RuleId | `${RuleId}+${RuleId}`, readonly number[]>>>
> = {
  "simple: devindex": { "fmap/map/simple": [1] },
  "interleaved: devindex": { "fmap/map/interleaved": [1] },
  // 1 is too few for the file, 0 none, 2 as it was; 31, 32 and 30 are within the limit.
  "simple: nextents without the bytes": {
    "fmap/total/file-size": [0],
    "fmap/header/nextents-zero": [1],
    "fmap/map/simple": [3],
    "fmap/simple/underflow": [4, 5, 14],
  },
  "interleaved: nextents without the bytes": {
    "fmap/interleaved/remainder": [0],
    "fmap/header/nextents-zero": [1],
    "fmap/map/interleaved": [3],
    "fmap/interleaved/header-underflow": [4, 5, 14],
  },
  // One less is too few for the file.
  "simple: nextents off by one": { "fmap/total/file-size": [1] },
  "interleaved: nextents off by one": { "fmap/interleaved/remainder": [1] },
  // A simple extent at offset 0 read as a head serves 0 bytes; a head read as an extent has nstrips for a devindex.
  "simple: the other ext_type": { "fmap/interleaved/nbytes-zero": [0] },
  "interleaved: the other ext_type": { "fmap/simple/devindex": [0] },
  // 1 and 0 are too few for the file, 2 is as it was.
  "interleaved: nstrips without the bytes": {
    "fmap/interleaved/remainder": [0, 1],
    "fmap/map/interleaved": [3],
  },
  "interleaved: nstrips off by one": { "fmap/interleaved/remainder": [1] },
  // All but zero are taken.
  "interleaved: nbytes": { "fmap/ignored/nbytes": [1, 2, 3, 4, 5, 6, 7] },
  // 0x80000000 is a multiple of 2 MiB.
  "interleaved: chunk size": { "fmap/map/interleaved": [5] },
  // nbytes stays what the strip served.
  "interleaved: length zero": { "fmap/ignored/zero-length+fmap/ignored/nbytes": [0] },
  // Only 2^64 - 2 MiB wraps the sum: of two extents to 0, of four strips to 4 MiB. The last value is 0.
  "simple: length at an edge": {
    "fmap/map/simple": [0, 1, 2, 4, 5, 6, 7],
    "fmap/total/wraps+fmap/ignored/file-size-zero": [3],
    "fmap/ignored/zero-length": [8],
  },
  "interleaved: length at an edge": {
    "fmap/ignored/nbytes": [0, 1, 2, 4, 5, 6, 7],
    "fmap/total/wraps+fmap/ignored/nbytes": [3],
    "fmap/ignored/zero-length+fmap/ignored/nbytes": [8],
  },
  // At 0 stands the first range, at 4 MiB the third.
  "simple: offset at an edge": { "fmap/ignored/overlap": [8] },
  "interleaved: offset at an edge": { "fmap/ignored/overlap": [7, 8] },
  // 1 and 2 have names.
  "simple: file_type": { "fmap/map/simple": [0, 1] },
  "interleaved: file_type": { "fmap/map/interleaved": [0, 1] },
  // A simple message has no heads.
  "simple: reserved": { "fmap/map/simple": [4] },
};

const outcomes = new Set<string>();

describe.each(KINDS.map((kind, i) => [kind, i] as const))("in a %s message, alone", (kind, k) => {
  it.each(FAULTS.filter((f) => f[kind] !== null))("$name", (fault) => {
    const tag = fault[kind] as RuleId;
    const elsewhere = Object.entries(ELSEWHERE[`${kind}: ${fault.name}`] ?? {});
    for (let value1 = 0; value1 < fault.values; value1++) {
      const { bytes, tags } = alone(k, fault.name, { value1, refit: 1 });
      expect(tags).toEqual([tag]);
      const expected = elsewhere.find(([, values]) => values.includes(value1))?.[0] ?? tag;
      expect(outcomeOf(bytes).join("+"), `value ${value1}`).toBe(expected);
      outcomes.add(expected);
    }
  });

  it.each(FAULTS.filter((f) => f[kind] === null))("$name changes nothing", (fault) => {
    const clean = build(recipe({ kind: k, ...TWO }));
    for (let value1 = 0; value1 < fault.values; value1++)
      expect(alone(k, fault.name, { value1 })).toEqual(clean);
  });
});

it("has a name for each fault, and room for each in a recipe", () => {
  expect(FAULTS.map((f) => faultChoice(f.name))).toEqual(FAULTS.map((_, i) => i + 1));
  expect(FAULTS.length).toBeLessThanOrEqual(SLOTS.fault1);
  for (const f of FAULTS) expect(f.values).toBeLessThanOrEqual(SLOTS.value1 + 1);
  expect(() => faultChoice("no such")).toThrow("no fault is named 'no such'");
});

describe("where: the record that is changed", () => {
  const chosen = (choices: object) =>
    read(alone(0, "devindex", choices).bytes).ranges.flatMap((r, i) => (r.se_devindex === 1 ? [i] : []));
  const of20 = { count: 12 + 19 };
  it.each([
    ["the last", 0, [19], [0]],
    ["the first", 1, [0], [0]],
    ["all", 2, Array.from({ length: 20 }, (_, i) => i), [0]],
    ["the second", 3, [1], [0]],
    ["from the 17th on", 4, [16, 17, 18, 19], [0]],
  ])("%s", (_, where1, many, single) => {
    expect(chosen({ ...of20, where1 })).toEqual(many);
    expect(chosen({ count: 0, where1 })).toEqual(single);
  });
});

it("adds to what is there: one byte less, one byte more", () => {
  const lengths = [3, 0].map(
    (value1) => read(alone(0, "length off alignment", { value1 }).bytes).ranges.at(-1)?.se_len,
  );
  expect(lengths).toEqual([0x1fffffn, 0x200001n]);
});
