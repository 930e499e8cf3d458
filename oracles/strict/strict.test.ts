import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  DEFAULT_PROFILE,
  fmapHeader,
  interleavedExt,
  type Profile,
  profileNamed,
  simpleExt,
} from "../../spec/index.ts";
import { MIB2, message, range, SMALLEST, SMALLEST_STRIPED, striped, UNIT, units } from "../test/messages.ts";
import { strict } from "./strict.ts";
import { STRICT_CHECKS, type StrictName } from "./strict-checks.ts";

const HALF = 1n << 63n;
const at = (struct: { offsetOf(name: never): number }, name: string, base = 0) =>
  base + struct.offsetOf(name as never);
const H = (name: string) => at(fmapHeader, name);
const FIRST = fmapHeader.size;
const SECOND = FIRST + simpleExt.size;
const breaches = (bytes: Uint8Array) => strict(DEFAULT_PROFILE, bytes);

it("names the strip that is at fault", () => {
  const bytes = message([striped([range(0n, MIB2), range(HALF - MIB2, MIB2)])]);
  expect(breaches(bytes)[0]).toEqual({
    check: "range-end-fits",
    at: 96,
    detail: "extent 0, strip 1 ends beyond 2^63-1",
  });
});

it("reads no extents of a type that it does not know", () => {
  const found = breaches(message([striped(units(2))], { ext_type: 2 }));
  expect(found).toContainEqual({ check: "length-exact", at: 32, detail: "72 bytes follow the last extent" });
});

it("without strips nothing else is said of what they do not carry", () => {
  const bytes = message([striped([], { ie_nbytes: "4096" })], { file_size: "8192" });
  expect(breaches(bytes).map(({ check }) => check)).toEqual(["no-zero-division"]);
});

describe("safe is", () => {
  it.each<[string, Uint8Array]>([
    ["the smallest map", SMALLEST],
    ["the smallest interleaved map", SMALLEST_STRIPED],
    ["32 extents", message(units(32))],
    ["an empty file with an extent", message([UNIT], { file_size: "0" })],
    ["a range that ends with the last byte that there is", message([range(HALF - MIB2, MIB2 - 1n)])],
    ["a map that the kernel refuses for its alignment", message([range(4096n, 4096n)])],
    [
      "strips that are cut short where no chunk is",
      message([striped(units(2), { ie_nbytes: "2097153" })], { file_size: "2097153" }),
    ],
  ])("%s", (_, bytes) => {
    expect(breaches(bytes)).toEqual([]);
  });
});

/** The range of daxdev n that ends with the last offset that there is. */
const vast = (n: number) => range(0n, HALF - 1n, { se_devindex: n });

const UNSAFE: Record<
  Exclude<StrictName, "paid-allocation" | "fmap-size-exact">,
  [Uint8Array, number, string][]
> = {
  "defined-shift": [
    [message([range(MIB2, MIB2, { se_devindex: 31 })]), FIRST, "devindex is a shift count out of range"],
  ],
  "file-size-fits": [
    [
      message([vast(0), vast(1)], { file_size: `${HALF}` }),
      H("file_size"),
      "the file size is negative as a loff_t",
    ],
  ],
  "range-end-fits": [
    [message([range(HALF - MIB2, MIB2)]), at(simpleExt, "se_len", FIRST), "extent 0 ends beyond 2^63-1"],
  ],
  "lengths-sum-fits": [
    [
      message([vast(0), vast(1), vast(2)], { file_size: "1" }),
      at(simpleExt, "se_len", FIRST + 2 * simpleExt.size),
      "the lengths up to here add up to 2^64 or more",
    ],
  ],
  "nbytes-sum-fits": [
    [
      message(
        [
          striped([UNIT], { ie_nbytes: `${2n * HALF - 1n}` }),
          striped([range(4n * MIB2, MIB2)], { ie_nbytes: "1" }),
        ],
        { file_size: "1" },
      ),
      at(interleavedExt, "ie_nbytes", FIRST + interleavedExt.size + simpleExt.size),
      "ie_nbytes up to here add up to 2^64 or more",
    ],
  ],
  "no-zero-division": [
    [
      message([striped([UNIT], { ie_chunk_size: 0 })]),
      at(interleavedExt, "ie_chunk_size", FIRST),
      "the chunk size is zero",
    ],
    [
      message([striped([])], { file_size: "0" }),
      at(interleavedExt, "ie_nstrips", FIRST),
      "there are no strips",
    ],
  ],
  "every-byte-carried": [
    [
      message([UNIT], { file_size: "2097153" }),
      H("file_size"),
      "the last 1 bytes of the file have no extent",
    ],
  ],
  "strips-long-enough": [
    [
      message([striped([range(MIB2, MIB2), range(4n * MIB2, 0n)], { ie_chunk_size: 4096 })]),
      H("file_size"),
      "extent 0, strip 1 is 0 bytes long and carries chunks up to byte 1048576",
    ],
  ],
  "ranges-apart": [
    [message([UNIT, range(MIB2, MIB2)]), at(simpleExt, "se_offset", SECOND), "extent 1 overlaps extent 0"],
  ],
  "version-known": [[message([UNIT], { fmap_version: 2 }), H("fmap_version"), "fmap_version is 2"]],
  "file-type-known": [[message([UNIT], { file_type: 3 }), H("file_type"), "file_type is 3"]],
  "ext-type-known": [
    [
      new Uint8Array(FIRST)
        .fill(1, H("fmap_version"), H("fmap_version") + 1)
        .fill(2, H("ext_type"), H("ext_type") + 1),
      H("ext_type"),
      "ext_type is 2",
    ],
  ],
  "reserved-zero": [
    [message([UNIT], { reserved: 1 }), H("reserved"), "a reserved field is not zero"],
    [message([UNIT], { reserved0: 1 }), H("reserved0"), "a reserved field is not zero"],
    [message([UNIT], { reserved1: "1" }), H("reserved1"), "a reserved field is not zero"],
    [
      message([range(MIB2, MIB2, { reserved: 1 })]),
      at(simpleExt, "reserved", FIRST),
      "a reserved field is not zero",
    ],
    [
      message([striped([UNIT], { reserved: "1" })]),
      at(interleavedExt, "reserved", FIRST),
      "a reserved field is not zero",
    ],
  ],
  "length-exact": [
    [message([UNIT], {}, "00"), SECOND, "1 bytes follow the last extent"],
    [SMALLEST.subarray(0, 31), 31, "it ends 1 or more bytes too early"],
    [SMALLEST.subarray(0, 55), 55, "it ends 1 or more bytes too early"],
    [SMALLEST_STRIPED.subarray(0, 55), 55, "it ends 1 or more bytes too early"],
    [SMALLEST_STRIPED.subarray(0, 79), 79, "it ends 1 or more bytes too early"],
  ],
};

describe.each(Object.entries(UNSAFE))("%s", (name, cases) => {
  const check = name as StrictName;
  it.each(cases)("is all that is wrong with a message %#", (bytes, where, detail) => {
    expect(breaches(bytes)).toEqual([{ check, at: where, detail }]);
    const others = (Object.keys(STRICT_CHECKS) as StrictName[]).filter((c) => c !== check);
    expect(strict(DEFAULT_PROFILE, bytes, others)).toEqual([]);
  });
});

it("a count that the message does not pay for comes with a message that ends too early", () => {
  const bytes = SMALLEST_STRIPED.slice(0, FIRST);
  fmapHeader.write(bytes, 0, { ...fmapHeader.read(bytes), nextents: 32 });
  expect(breaches(bytes).map((b) => b.check)).toEqual(["paid-allocation", "length-exact"]);
});

describe("a revision that", () => {
  const simpleOnly = profileNamed("simple-only") as Profile;
  const sized = (n: number) => message([UNIT], { reserved0: n });

  it("has an fmap_size wants it to be the message's length", () => {
    expect(strict(simpleOnly, sized(SMALLEST.length))).toEqual([]);
    expect(strict(simpleOnly, SMALLEST)).toEqual([
      { check: "fmap-size-exact", at: H("reserved0"), detail: "fmap_size is 0" },
    ]);
  });

  it("has no interleaved extents does not know their type", () => {
    const bytes = message([striped([UNIT])], { reserved0: SMALLEST_STRIPED.length });
    expect(strict(simpleOnly, bytes)).toEqual([
      { check: "ext-type-known", at: H("ext_type"), detail: "ext_type is 1" },
    ]);
  });
});

it("never throws, whatever the bytes are", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200, size: "max" }), (bytes) => {
      for (const { at } of breaches(bytes)) expect(at).toBeLessThanOrEqual(bytes.length);
    }),
  );
});
