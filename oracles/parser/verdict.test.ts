import { describe, expect, it } from "vitest";
import { DEFAULT_PROFILE, type Profile, profileNamed } from "../../spec/index.ts";
import { MIB2, message, one, range, SMALLEST, striped, UNIT, units } from "../test/messages.ts";
import { parseFmap } from "./parse.ts";
import type { TraceStep } from "./verdict.ts";

it.each([
  ["a header alone", SMALLEST.subarray(0, 32), "fmap/simple/underflow"],
  ["a head alone", one(striped([UNIT])).subarray(0, 56), "fmap/interleaved/strips-underflow"],
])("%s is not too short for itself", (_, bytes, rule) => {
  expect(parseFmap(DEFAULT_PROFILE, bytes)).toMatchObject({ verdict: "reject", errno: "EINVAL", rule });
});

it.each([
  ["32 extents", message([...units(31), range(0n, MIB2, { se_devindex: 1 })]), "fmap/simple/devindex"],
  [
    "32 strips",
    message([striped([...units(31), range(0n, MIB2, { se_devindex: 1 })])]),
    "fmap/strip/devindex",
  ],
])("%s are not too many where another check refuses them", (_, bytes, rule) => {
  expect(parseFmap(DEFAULT_PROFILE, bytes)).toMatchObject({ verdict: "reject", rule });
});

it("the first of several extents is the one that leaves dual-ext's verdict open", () => {
  const head = { ie_chunk_size: 4096, ie_nbytes: "4096" };
  const bytes = message([striped(units(2), head), striped(units(2), head)], { file_size: "1" });
  expect(parseFmap(profileNamed("dual-ext") as Profile, bytes)).toMatchObject({
    verdict: "unspecified",
    offset: 32,
  });
});

it("a sum below 2^64 does not overflow, however near it is", () => {
  const bytes = message([range(0n, (1n << 64n) - MIB2)], { file_size: "4096" });
  expect(parseFmap(profileNamed("simple-only") as Profile, bytes)).toMatchObject({ verdict: "accept" });
});

it.each([31n, 32n, 63n])("dual-ext has a bit for daxdev %i, by a shift that is defined", (n) => {
  const bytes = message([range(0n, MIB2, { se_devindex: Number(n) })]);
  expect(parseFmap(profileNamed("dual-ext") as Profile, bytes)).toMatchObject({
    verdict: "accept",
    map: { devBitmap: 1n << n },
    hazards: [],
  });
});

describe("hazards of a verdict", () => {
  const hazards = (bytes: Uint8Array, failAllocation = 0) =>
    parseFmap(DEFAULT_PROFILE, bytes, { failAllocation }).hazards;

  it("none, for what is as it should be", () => {
    expect(hazards(SMALLEST)).toEqual([]);
    expect(hazards(message([striped(units(32))]))).toEqual([]);
    expect(hazards(new Uint8Array(0))).toEqual([]);
  });

  it("an undefined shift, a leak", () => {
    const strips = [range(0n, MIB2, { se_devindex: 31 }), range(0n, MIB2, { se_devindex: 64 })];
    expect(hazards(message([striped([UNIT]), striped(strips)]))).toEqual([
      { rule: "hazard/devindex-shift", offset: 104, count: 2 },
      { rule: "hazard/strips-leak", offset: 80, count: 1 },
    ]);
  });

  /** 48 bytes for the map and 32 for each extent, against four times the reply. */
  it.each([
    [32, 2, false],
    [32, 3, true],
    [32, 32, true],
    [55, 5, false],
    [55, 6, true],
  ])("%i bytes that announce %i extents: unpaid allocation %s", (length, nextents, unpaid) => {
    const bytes = message([], { ext_type: 1, nextents }, "00".repeat(length - 32));
    const found = [{ rule: "hazard/unpaid-allocation", offset: 0, count: 1 }];
    expect(hazards(bytes)).toEqual(unpaid ? found : []);
    expect(hazards(bytes, 2)).toEqual([]);
  });
});

describe("the trace", () => {
  const traced = (bytes: Uint8Array, failAllocation = 0): TraceStep[] => {
    const steps: TraceStep[] = [];
    parseFmap(DEFAULT_PROFILE, bytes, { failAllocation, trace: { check: (step) => steps.push(step) } });
    return steps;
  };
  const read = (steps: TraceStep[]) =>
    steps.map(
      (s) =>
        `${s.offset} ${s.rule} ${s.actual} ${s.relation} ${s.bound}${s.counted ? " counted" : ""}${s.ok ? "" : " NO"}`,
    );

  it("of a simple message: each check in the order of the C", () => {
    const bytes = message([UNIT, range(4097n, 0n, { se_devindex: 31 })]);
    expect(read(traced(bytes))).toEqual([
      "0 fmap/header/underflow 80 >= 32",
      "8 fmap/header/nextents-zero 2 >= 1",
      "8 fmap/header/nextents-limit 2 <= 32",
      "0 fmap/header/alloc-meta 48 <= 4194304",
      "4 fmap/header/ext-type 0 <= 1",
      "80 fmap/simple/underflow 80 >= 80",
      "8 fmap/simple/alloc-extents 48 <= 4194304",
      "32 fmap/simple/devindex 0 == 0 counted",
      "40 fmap/simple/offset-alignment 2097152 multiple of 2097152 counted",
      "48 fmap/simple/length-alignment 2097152 multiple of 2097152 counted",
      "56 fmap/simple/devindex 31 == 0 counted NO",
      "64 fmap/simple/offset-alignment 4097 multiple of 2097152 counted NO",
      "72 fmap/simple/length-alignment 0 multiple of 2097152 counted",
    ]);
  });

  it("of an interleaved message", () => {
    const bytes = message([striped([UNIT])], { file_size: "1" });
    expect(read(traced(bytes))).toEqual([
      "0 fmap/header/underflow 80 >= 32",
      "8 fmap/header/nextents-zero 1 >= 1",
      "8 fmap/header/nextents-limit 1 <= 32",
      "0 fmap/header/alloc-meta 48 <= 4194304",
      "4 fmap/header/ext-type 1 <= 1",
      "8 fmap/interleaved/alloc-extents 32 <= 4194304",
      "32 fmap/interleaved/header-underflow 80 >= 56",
      "40 fmap/interleaved/nbytes-zero 2097152 >= 1",
      "32 fmap/interleaved/strips-underflow 80 >= 80",
      "32 fmap/interleaved/nstrips-zero 1 >= 1 counted",
      "32 fmap/interleaved/nstrips-limit 1 <= 32 counted",
      "32 fmap/interleaved/alloc-strips 24 <= 4194304",
      "56 fmap/strip/devindex 0 == 0 counted",
      "64 fmap/strip/offset-alignment 2097152 multiple of 2097152 counted",
      "72 fmap/strip/length-alignment 2097152 multiple of 2097152 counted",
      "16 fmap/interleaved/remainder -2097151 <= 0",
      "16 fmap/total/file-size 2097152 >= 1",
    ]);
  });

  it.each([
    ["a short header", new Uint8Array(31), 0, "0 fmap/header/underflow 31 >= 32 NO"],
    ["no such type", one(UNIT, { ext_type: 7 }), 0, "4 fmap/header/ext-type 7 <= 1 NO"],
    ["no memory", SMALLEST, 2, "8 fmap/simple/alloc-extents 24 <= 4194304 NO"],
    ["nbytes", one(striped([UNIT], { ie_nbytes: "0" })), 0, "40 fmap/interleaved/nbytes-zero 0 >= 1 NO"],
    [
      "a sum too small",
      message([UNIT], { file_size: `${1n << 63n}` }),
      0,
      `16 fmap/total/file-size 2097152 >= ${1n << 63n} NO`,
    ],
    [
      "a remainder",
      one(striped([range(0n, (1n << 63n) + MIB2)])),
      0,
      `16 fmap/interleaved/remainder ${(1n << 63n) - MIB2} <= 0 NO`,
    ],
  ])("ends where the verdict fell: %s", (_, bytes, failAllocation, last) => {
    expect(read(traced(bytes, failAllocation)).at(-1)).toBe(last);
  });

  it("changes nothing: the verdict is that of a parse without it", () => {
    for (const bytes of [SMALLEST, one(range(1n, 1n)), message([striped(units(33))]), new Uint8Array(5)]) {
      const watched = parseFmap(DEFAULT_PROFILE, bytes, { trace: { check: () => undefined } });
      expect(watched).toEqual(parseFmap(DEFAULT_PROFILE, bytes));
    }
  });
});
