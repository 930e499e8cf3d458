import { describe, expect, it } from "vitest";
import { DEFAULT_PROFILE, type ErrnoName, type RuleId } from "../../spec/index.ts";
import { parserRules } from "../../spec/rules/parser.ts";
import { MIB2, message, one, range, SMALLEST, striped, UNIT, units } from "../test/messages.ts";
import { ACCEPTED_CASES, PARSER_CASES, type RuleCases } from "../test/parser-cases.ts";
import { parseFmap } from "./parse.ts";

const parse = (bytes: Uint8Array, failAllocation = 0) =>
  parseFmap(DEFAULT_PROFILE, bytes, { failAllocation });

const cases = Object.entries({ ...PARSER_CASES, ...ACCEPTED_CASES }) as [RuleId, RuleCases][];

describe.each(cases)("%s", (rule, { accepted, refused }) => {
  it("has a message on each side, where one can exist", () => {
    expect(accepted.length).toBeGreaterThan(0);
    const reachable =
      !(rule in parserRules) || parserRules[rule as keyof typeof parserRules].needs !== "unreachable";
    expect(refused.length > 0).toBe(reachable);
  });

  it("accepts", () => {
    for (const bytes of accepted) expect(parse(bytes)).toMatchObject({ verdict: "accept" });
  });

  it("refuses, with errno, rule and byte offset", () => {
    for (const { message: bytes, errno, offset, rule: instead, failAllocation } of refused)
      expect(parse(bytes, failAllocation), Buffer.from(bytes).toString("hex")).toMatchObject({
        verdict: "reject",
        errno,
        offset,
        rule: instead ?? rule,
      });
  });
});

describe("of two faults", () => {
  const indexed = range(MIB2, MIB2, { se_devindex: 1 });
  const worst = range(1n, 1n, { se_devindex: 1 });
  const nothing = striped([UNIT], { ie_nbytes: "0" });
  const tooMany = striped(units(33));
  it.each<[string, Uint8Array, ErrnoName, RuleId]>([
    [
      "a short header hides all",
      one(UNIT, { nextents: 0 }).subarray(0, 31),
      "EINVAL",
      "fmap/header/underflow",
    ],
    [
      "no extents before the type",
      one(UNIT, { nextents: 0, ext_type: 9 }),
      "EINVAL",
      "fmap/header/nextents-zero",
    ],
    [
      "too many before the type",
      one(UNIT, { nextents: 33, ext_type: 9 }),
      "E2BIG",
      "fmap/header/nextents-limit",
    ],
    [
      "too many before the bytes for them",
      one(UNIT, { nextents: 33 }),
      "E2BIG",
      "fmap/header/nextents-limit",
    ],
    ["the type before the bytes", one(UNIT, { nextents: 2, ext_type: 9 }), "EINVAL", "fmap/header/ext-type"],
    ["the bytes before the extents", one(worst, { nextents: 2 }), "EINVAL", "fmap/simple/underflow"],
    ["in an extent: devindex, offset, length", one(worst), "EINVAL", "fmap/simple/devindex"],
    ["then offset, length", one(range(1n, 1n)), "EINVAL", "fmap/simple/offset-alignment"],
    ["the first extent first", message([range(0n, 1n), indexed]), "EINVAL", "fmap/simple/length-alignment"],
    [
      "what is counted before the sum",
      one(indexed, { file_size: "4194304" }),
      "EINVAL",
      "fmap/simple/devindex",
    ],
    ["a strip's devindex first", one(striped([worst])), "EINVAL", "fmap/strip/devindex"],
    ["then its offset", one(striped([range(1n, 1n)])), "EINVAL", "fmap/strip/offset-alignment"],
    [
      "nbytes before the strips' bytes",
      one(nothing).subarray(0, 60),
      "EINVAL",
      "fmap/interleaved/nbytes-zero",
    ],
    [
      "the strips' bytes before their number",
      one(tooMany).subarray(0, 847),
      "EINVAL",
      "fmap/interleaved/strips-underflow",
    ],
    [
      "the number before the strips",
      one(striped([worst, ...units(32)])),
      "EINVAL",
      "fmap/interleaved/nstrips-limit",
    ],
    [
      "no strips, then one that is wrong",
      message([striped([]), striped([worst])]),
      "EINVAL",
      "fmap/interleaved/nstrips-zero",
    ],
    [
      "a later head that ends early beats what is counted",
      message([tooMany], { nextents: 2 }),
      "EINVAL",
      "fmap/interleaved/header-underflow",
    ],
    [
      "a later nbytes beats what is counted",
      message([striped([worst]), nothing]),
      "EINVAL",
      "fmap/interleaved/nbytes-zero",
    ],
    [
      "so do later strips that end early",
      message([tooMany, striped([], { ie_nstrips: 1 })]),
      "EINVAL",
      "fmap/interleaved/strips-underflow",
    ],
    [
      "and the remainder",
      one(striped([indexed]), { file_size: "4194304" }),
      "EINVAL",
      "fmap/interleaved/remainder",
    ],
    [
      "but not the sum",
      one(striped([indexed]), { file_size: `${(1n << 64n) - 1n}` }),
      "EINVAL",
      "fmap/strip/devindex",
    ],
    ["nor a remainder that fits", one(striped([indexed])), "EINVAL", "fmap/strip/devindex"],
  ])("%s", (_, bytes, errno, rule) => {
    expect(parse(bytes)).toMatchObject({ verdict: "reject", errno, rule });
  });

  it("want of memory beats what is counted", () => {
    const bytes = message([striped([worst]), striped([UNIT])]);
    expect(parse(bytes, 4)).toMatchObject({
      errno: "ENOMEM",
      rule: "fmap/interleaved/alloc-strips",
      offset: 80,
    });
  });
});

describe("the map", () => {
  it("of simple extents", () => {
    const bytes = message([range(MIB2, 2n * MIB2), range(0n, MIB2)], { file_type: 2, file_size: "4194305" });
    expect(parse(bytes)).toEqual({
      verdict: "accept",
      hazards: [],
      map: {
        fileType: 2,
        fileSize: 4_194_305n,
        devBitmap: 1n,
        extType: "simple",
        extents: [
          { devindex: 0n, offset: MIB2, length: 2n * MIB2 },
          { devindex: 0n, offset: 0n, length: MIB2 },
        ],
      },
    });
  });

  it("of interleaved extents", () => {
    const head = { ie_chunk_size: 0xffffffff, ie_nbytes: `${(1n << 64n) - 1n}`, reserved: "5" };
    const bytes = message([striped([range(1n << 63n, 0n)], head), striped([range(0n, MIB2), UNIT])]);
    expect(parse(bytes)).toMatchObject({
      map: {
        fileType: 0,
        fileSize: 2n * MIB2,
        devBitmap: 1n,
        extType: "interleaved",
        extents: [
          {
            chunkSize: 0xffffffffn,
            nbytes: (1n << 64n) - 1n,
            strips: [{ devindex: 0n, offset: 1n << 63n, length: 0n }],
          },
          {
            chunkSize: MIB2,
            nbytes: MIB2,
            strips: [
              { devindex: 0n, offset: 0n, length: MIB2 },
              { devindex: 0n, offset: MIB2, length: MIB2 },
            ],
          },
        ],
      },
    });
  });

  it("holds what a byte order or a width would change", () => {
    const big = { length: 0x0123456789a00000n, offset: 0xfedcba9876400000n };
    const bytes = message([range(big.offset, big.length)], { file_size: `${0x0102030405060708n}` });
    expect(parse(bytes)).toMatchObject({
      map: { fileSize: 0x0102030405060708n, extents: [{ ...big, devindex: 0n }] },
    });
  });
});

it("reads a message in the middle of a larger buffer, and nothing around it", () => {
  const buffer = new Uint8Array(3 * SMALLEST.length).fill(0xff);
  buffer.set(SMALLEST, 41);
  expect(parse(buffer.subarray(41, 41 + 56))).toEqual(parse(SMALLEST));
  expect(parse(buffer.subarray(41, 41 + 55))).toMatchObject({ rule: "fmap/simple/underflow" });
});
