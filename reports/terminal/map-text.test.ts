import { expect, it } from "vitest";
import { interleavedMap, simpleMap } from "../../spec/test/maps.ts";
import { renderMap } from "./map-text.ts";

it("a map of simple extents has a line for each, with sizes as people say them", () => {
  expect(renderMap(simpleMap).split("\n")).toEqual([
    "simple map of a file of 4 MiB, file type 2, daxdevs 0b1",
    "  extent 0: daxdev 0, 6 MiB at offset 0x200000",
    "  extent 1: daxdev 3, 0 bytes at offset 0xffffffffffffffff",
  ]);
});

it("a map of interleaved extents has a line for each and for each strip", () => {
  expect(renderMap(interleavedMap).split("\n")).toEqual([
    `interleaved map of a file of 1 byte, file type 0, daxdevs 0b${"1".repeat(33)}${"0".repeat(31)}`,
    "  extent 0: 5 bytes in chunks of 2 MiB over 1 strip",
    "    strip 0: daxdev 1, 3 bytes at offset 0x2",
    "  extent 1: 8388608 TiB in chunks of 0 bytes over 0 strips",
  ]);
});
