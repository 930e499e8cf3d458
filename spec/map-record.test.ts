import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Fmap } from "./map.ts";
import {
  MapRecordError,
  mapHead,
  mapInterleaved,
  mapRange,
  readMapRecord,
  writeMapRecord,
} from "./map-record.ts";
import { fromHex, laidOutAsC, roundTrips } from "./test/laws.ts";
import { interleavedMap, mapArb, simpleMap } from "./test/maps.ts";

laidOutAsC(mapHead, [
  "uint32_t file_type",
  "uint32_t ext_type",
  "uint64_t file_size",
  "uint64_t dev_bitmap",
  "uint32_t n",
  "uint32_t zero",
]);
laidOutAsC(mapRange, ["uint64_t dev", "uint64_t offset", "uint64_t length"]);
laidOutAsC(mapInterleaved, ["uint64_t chunk_size", "uint64_t nbytes", "uint64_t nstrips"]);
roundTrips(mapHead);
roundTrips(mapRange);
roundTrips(mapInterleaved);

const SIMPLE = `02000000 00000000 0000400000000000 0100000000000000 02000000 00000000
  0000000000000000 0000200000000000 0000600000000000
  0300000000000000 ffffffffffffffff 0000000000000000`;
const INTERLEAVED = `00000000 01000000 0100000000000000 00000080ffffffff 02000000 00000000
  0000200000000000 0500000000000000 0100000000000000
  0100000000000000 0200000000000000 0300000000000000
  0000000000000000 0000000000000080 0000000000000000`;

it.each([
  ["simple", SIMPLE, simpleMap],
  ["interleaved", INTERLEAVED, interleavedMap],
] as [string, string, Fmap][])("a %s map and its literal record are the same thing", (_, hex, map) => {
  expect(readMapRecord(fromHex(hex))).toEqual(map);
  expect(writeMapRecord(map)).toEqual(fromHex(hex));
});

it("what is written is read back", () => {
  const law = fc.property(mapArb, (map) => {
    expect(readMapRecord(writeMapRecord(map))).toEqual(map);
  });
  fc.assert(law);
});

describe("bytes that are not exactly one record", () => {
  const whole = fromHex(INTERLEAVED);
  const changed = (at: number, value: number) => whole.map((byte, i) => (i === at ? value : byte));
  const TYPE = 4;
  const N = 24;
  const NSTRIPS = 32 + 16;
  it.each([
    ["no bytes", whole.subarray(0, 0), "the map ends after 0 bytes, inside a fmapspec_map at byte 0"],
    ["half a head", whole.subarray(0, 31), "the map ends after 31 bytes, inside a fmapspec_map at byte 0"],
    [
      "a range less",
      whole.subarray(0, 56),
      "the map ends after 56 bytes, inside a fmapspec_range at byte 56",
    ],
    [
      "a byte less",
      whole.subarray(0, 103),
      "the map ends after 103 bytes, inside a fmapspec_interleaved at byte 80",
    ],
    ["a byte more", fromHex(`${INTERLEAVED}00`), "1 bytes follow the map, which ends at byte 104"],
    ["an extent more than told", changed(N, 1), "24 bytes follow the map, which ends at byte 80"],
    [
      "an extent less than told",
      changed(N, 3),
      "the map ends after 104 bytes, inside a fmapspec_interleaved at byte 104",
    ],
    [
      "2^56 strips",
      changed(NSTRIPS + 7, 1),
      "the map ends after 104 bytes, inside a fmapspec_range at byte 104",
    ],
    ["another type", changed(TYPE, 2), "ext_type 2 of the map is neither 0 (simple) nor 1 (interleave)"],
  ])("%s", (_, bytes, message) => {
    expect(() => readMapRecord(bytes)).toThrow(new MapRecordError(message));
  });

  it("every truncation throws that error and no other", () => {
    for (let n = 0; n < whole.length; n++)
      expect(() => readMapRecord(whole.subarray(0, n))).toThrow(MapRecordError);
  });
});
