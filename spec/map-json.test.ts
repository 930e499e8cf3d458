import fc from "fast-check";
import { expect, it } from "vitest";
import { mapFromJson, mapToJson } from "./map-json.ts";
import { interleavedMap, mapArb, simpleMap } from "./test/maps.ts";

it("writes every u64 as a decimal string", () => {
  expect(mapToJson(simpleMap)).toEqual({
    fileType: 2,
    fileSize: "4194304",
    devBitmap: "1",
    extType: "simple",
    extents: [
      { devindex: "0", offset: "2097152", length: "6291456" },
      { devindex: "3", offset: "18446744073709551615", length: "0" },
    ],
  });
  expect(mapToJson(interleavedMap)).toEqual({
    fileType: 0,
    fileSize: "1",
    devBitmap: "18446744071562067968",
    extType: "interleaved",
    extents: [
      { chunkSize: "2097152", nbytes: "5", strips: [{ devindex: "1", offset: "2", length: "3" }] },
      { chunkSize: "0", nbytes: "9223372036854775808", strips: [] },
    ],
  });
});

it("survives JSON text and back", () => {
  const law = fc.property(mapArb, (map) => {
    expect(mapFromJson(JSON.parse(JSON.stringify(mapToJson(map))))).toEqual(map);
  });
  fc.assert(law);
});
