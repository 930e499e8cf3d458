import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { recipeArb } from "./arbitraries.ts";
import { build, buildInto } from "./build.ts";
import { Draft, MAX_MESSAGE } from "./draft.ts";
import { recipe, SLOTS } from "./recipe.ts";
import { outcomeOf, read } from "./test/laws.ts";

const MIB2 = 2n << 20n;
const u64 = (n: bigint) => BigInt.asUintN(64, n);
const TWO = { count: 1, strips: 1 };

it("builds the same message anywhere in a buffer that was used before, and touches nothing before it", () => {
  const used = new Draft(new Uint8Array(3 * MAX_MESSAGE).fill(0xff));
  const law = fc.property(recipeArb, fc.nat(99), (r, start) => {
    const { bytes, tags } = build(r);
    used.bytes.fill(0xff, 0, start);
    const length = buildInto(used, start, r);
    expect(Buffer.compare(used.bytes.subarray(start, start + length), bytes)).toBe(0);
    expect(used.tags.slice(0, used.ntags)).toEqual(tags);
    expect(used.bytes.subarray(0, start).every((b) => b === 0xff)).toBe(true);
    expect(length).toBeLessThanOrEqual(MAX_MESSAGE);
  });
  fc.assert(law, { numRuns: 500 });
});

describe("file_size against the sum of lengths", () => {
  const HALF = 1n << 63n;
  /** What each choice makes of a sum, and whether the parser still takes a simple message of that size. */
  const FITS: readonly ((sum: bigint) => bigint)[] = [
    (sum) => sum,
    (sum) => sum + 1n,
    (sum) => sum - 1n,
    () => 0n,
    (sum) => sum + MIB2,
    (sum) => sum - MIB2,
    () => 1n,
    () => -1n,
    () => HALF,
    () => HALF - 1n,
    (sum) => sum + (1n << 32n),
    (sum) => sum - (1n << 32n),
    (sum) => sum + HALF,
    (sum) => sum + HALF + 1n,
    () => 1n << 32n,
    () => 1n << 31n,
  ];

  it.each(FITS.map((sizeFor, i) => [i, sizeFor] as const))("choice %i", (choice, sizeFor) => {
    for (const kind of [0, 1]) {
      const { bytes, tags } = build(recipe({ kind, ...TWO, fit: choice }));
      const { header, sum } = read(bytes);
      expect(header.file_size).toBe(u64(sizeFor(sum)));
      const rule = kind === 1 ? "fmap/interleaved/remainder" : "fmap/total/file-size";
      expect(tags).toEqual(choice === 0 ? [] : [choice === 3 ? "fmap/ignored/file-size-zero" : rule]);
      if (kind === 0) expect(outcomeOf(bytes)[0] === rule).toBe(header.file_size > sum);
    }
  });

  it("there is a choice for each", () => {
    expect(FITS).toHaveLength(SLOTS.fit + 1);
  });

  it("is fitted again after a fault, if asked to, and then missed all the same", () => {
    const zero = { ...TWO, fault1: 12 };
    const sizes = [0, 1].map((refit) => read(build(recipe({ ...zero, refit })).bytes));
    expect(sizes.map((m) => [m.header.file_size, m.sum])).toEqual([
      [2n * MIB2, MIB2],
      [MIB2, MIB2],
    ]);
    expect(read(build(recipe({ ...zero, refit: 1, fit: 1 })).bytes).header.file_size).toBe(MIB2 + 1n);
  });
});

describe("the end of the message", () => {
  const whole = build(recipe(TWO)).bytes;
  const striped = build(recipe({ kind: 1, ...TWO })).bytes;
  const tail = (kind: number, tail: number, tailAt: number) => build(recipe({ kind, ...TWO, tail, tailAt }));
  const firstOf = (bytes: Uint8Array, n: number) => bytes.slice(0, n);

  it.each([
    ["cut after 0", 0, 1, 0, firstOf(whole, 0), "fmap/header/underflow"],
    ["cut after 31", 1, 1, 31, firstOf(striped, 31), "fmap/header/underflow"],
    ["cut after 32", 0, 1, 32, firstOf(whole, 32), "fmap/simple/underflow"],
    ["cut after 79", 0, 1, 79, firstOf(whole, 79), "fmap/simple/underflow"],
    ["cut after the strips of one", 1, 1, 104, firstOf(striped, 104), "fmap/interleaved/strips-underflow"],
    ["cut by 1", 1, 2, 1, firstOf(striped, striped.length - 1), "fmap/interleaved/strips-underflow"],
    ["cut by all", 0, 2, 5000, firstOf(whole, 0), "fmap/header/underflow"],
  ])("%s", (_, kind, how, at, bytes, rule) => {
    expect(tail(kind, how, at)).toEqual({ bytes, tags: [rule] });
  });

  it.each([
    ["cut after more than there is", 1, 80],
    ["cut by nothing", 2, 0],
    ["followed by nothing", 3, 0],
  ])("%s: as it was", (_, how, at) => {
    expect(tail(0, how, at)).toEqual({ bytes: whole, tags: [] });
  });

  it("followed by more", () => {
    const { bytes, tags } = tail(0, 3, 25);
    expect(bytes).toEqual(Uint8Array.from([...whole, ...new Array(25).fill(0xa5)]));
    expect(tags).toEqual(["fmap/ignored/trailing-bytes"]);
    expect(tail(0, 3, 65_535).bytes.length).toBeLessThanOrEqual(MAX_MESSAGE);
  });
});

it("names every choice that means something, in order", () => {
  const all = recipe({ count: 5, offsets: 3, fit: 3, fault1: 1, fault2: 16, tail: 3, tailAt: 1 });
  expect(build(all).tags).toEqual([
    "fmap/header/nextents-limit",
    "fmap/ignored/overlap",
    "fmap/ignored/file-size-zero",
    "fmap/simple/devindex",
    "fmap/ignored/version",
    "fmap/ignored/trailing-bytes",
  ]);
});
