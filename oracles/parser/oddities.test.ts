import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { validMessageArb } from "../../generators/index.ts";
import { DEFAULT_PROFILE, type Profile, profileNamed, type RuleId } from "../../spec/index.ts";
import {
  MIB2,
  message,
  one,
  range,
  SMALLEST,
  SMALLEST_STRIPED,
  striped,
  UNIT,
  units,
} from "../test/messages.ts";
import { ACCEPTED_CASES } from "../test/parser-cases.ts";
import { oddities } from "./oddities.ts";
import { parseFmap } from "./parse.ts";

const odd = (bytes: Uint8Array): RuleId[] => {
  const verdict = parseFmap(DEFAULT_PROFILE, bytes);
  if (verdict.verdict !== "accept") throw new Error("the test needs a message that is accepted");
  return oddities(DEFAULT_PROFILE, bytes, verdict.map);
};

it("nothing is odd about a valid message", () => {
  for (const bytes of [
    SMALLEST,
    SMALLEST_STRIPED,
    message(units(32)),
    message([striped(units(2), fits(2n))]),
  ])
    expect(odd(bytes)).toEqual([]);
  fc.assert(
    fc.property(validMessageArb, (bytes) => {
      expect(odd(bytes)).toEqual([]);
    }),
  );
});

/** An interleaved extent that serves all that its strips carry. */
function fits(n: bigint) {
  return { ie_nbytes: (n * MIB2).toString() };
}

describe("each oddity alone", () => {
  const max = `${(1n << 64n) - 1n}`;
  const half = 1n << 63n;
  const strip = (more: object) => striped([range(MIB2, MIB2, more)]);
  it.each<[RuleId, string, Uint8Array]>([
    ["fmap/ignored/version", "0", message([UNIT], { fmap_version: 0 })],
    ["fmap/ignored/version", "2", message([striped([UNIT])], { fmap_version: 2 })],
    ["fmap/ignored/file-type", "the first without a name", message([UNIT], { file_type: 3 })],
    ["fmap/ignored/file-type", "255", message([UNIT], { file_type: 255 })],
    ["fmap/ignored/reserved", "the header's byte", message([UNIT], { reserved: 1 })],
    ["fmap/ignored/reserved", "reserved0", message([UNIT], { reserved0: 1 })],
    ["fmap/ignored/reserved", "reserved1", message([UNIT], { reserved1: max })],
    ["fmap/ignored/reserved", "an extent's", message([UNIT, range(2n * MIB2, MIB2, { reserved: 1 })])],
    ["fmap/ignored/reserved", "an interleaved extent's", message([striped([UNIT], { reserved: "1" })])],
    ["fmap/ignored/reserved", "a strip's", message([strip({ reserved: 1 })])],
    ["fmap/ignored/trailing-bytes", "one", message([UNIT], {}, "00")],
    ["fmap/ignored/trailing-bytes", "behind strips", message([striped([UNIT])], {}, "ff")],
    ["fmap/ignored/chunk-size", "0", message([striped([UNIT], { ie_chunk_size: 0 })])],
    ["fmap/ignored/chunk-size", "4 KiB", message([striped([UNIT], { ie_chunk_size: 4096 })])],
    ["fmap/ignored/nbytes", "less than the strips", message([striped([UNIT], { ie_nbytes: "1" })])],
    ["fmap/ignored/nbytes", "more", message([striped([UNIT], { ie_nbytes: max })])],
    ["fmap/ignored/overlap", "twice the same", message([UNIT, UNIT])],
    [
      "fmap/ignored/overlap",
      "into the one before, out of order",
      message([range(4n * MIB2, MIB2), range(MIB2, 4n * MIB2)]),
    ],
    ["fmap/ignored/overlap", "of two extents' strips", message([striped([UNIT]), striped([UNIT])])],
    [
      "fmap/ignored/zero-length",
      "an extent inside another",
      message([range(0n, 2n * MIB2), range(MIB2, 0n)]),
    ],
    ["fmap/ignored/zero-length", "a strip", message([striped([UNIT, range(0n, 0n)])])],
    ["fmap/ignored/file-size-zero", "simple", one(UNIT)],
    ["fmap/ignored/file-size-zero", "interleaved", one(striped([UNIT]))],
    [
      "fmap/total/wraps",
      "to just above the file",
      message([range(0n, half), range(half, half - MIB2), range((1n << 64n) - MIB2, 2n * MIB2)]),
    ],
  ])("%s: %s", (rule, _, bytes) => {
    expect(odd(bytes)).toEqual([rule]);
  });
});

describe("what only some revisions take", () => {
  const oddIn = (name: string, bytes: Uint8Array) => {
    const profile = profileNamed(name) as Profile;
    const verdict = parseFmap(profile, bytes);
    if (verdict.verdict !== "accept") throw new Error("the test needs a message that is accepted");
    return oddities(profile, bytes, verdict.map);
  };

  it("a chunk size of zero is one, and a small one is another", () => {
    const chunked = (size: number) => message([striped([UNIT], { ie_chunk_size: size })]);
    expect(oddIn("v7", chunked(0))).toEqual(["fmap/ignored/chunk-size-zero"]);
    expect(oddIn("v7", chunked(2 << 20))).toEqual([]);
  });

  it("the map's own size, where the header has it", () => {
    expect(oddIn("dual-ext", message([UNIT], { reserved0: 56 }))).toEqual([]);
    expect(oddIn("dual-ext", message([UNIT], { reserved0: 57 }))).toEqual(["fmap/ignored/fmap-size"]);
  });
});

it("several at once are all named", () => {
  const bytes = message([UNIT, UNIT, range(0n, 0n)], { fmap_version: 7, file_type: 9, file_size: "0" }, "00");
  expect(new Set(odd(bytes))).toEqual(
    new Set([
      "fmap/ignored/version",
      "fmap/ignored/file-type",
      "fmap/ignored/file-size-zero",
      "fmap/ignored/trailing-bytes",
      "fmap/ignored/zero-length",
      "fmap/ignored/overlap",
    ]),
  );
});

it("a sum of exactly 2^64 wraps too, to a file of no bytes", () => {
  const half = 1n << 63n;
  const bytes = message([range(0n, half), range(half, half)]);
  expect(odd(bytes).sort()).toEqual(["fmap/ignored/file-size-zero", "fmap/total/wraps"]);
});

it("ranges that touch, or lie on other daxdevs, do not overlap", () => {
  expect(odd(message([range(2n * MIB2, MIB2), range(0n, 2n * MIB2)]))).toEqual([]);
  const verdict = parseFmap(DEFAULT_PROFILE, message([UNIT, UNIT]));
  if (verdict.verdict !== "accept" || verdict.map.extType !== "simple") return expect.unreachable();
  const extents = verdict.map.extents.map((e, i) => ({ ...e, devindex: BigInt(i) }));
  expect(oddities(DEFAULT_PROFILE, message([UNIT, UNIT]), { ...verdict.map, extents })).toEqual([]);
});

it("names the rule of every literal message that it is accepted under", () => {
  for (const [rule, { accepted }] of Object.entries(ACCEPTED_CASES))
    for (const bytes of accepted) if (rule.startsWith("fmap/ignored/")) expect(odd(bytes)).toContain(rule);
});
