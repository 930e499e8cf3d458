import { expect, it } from "vitest";
import {
  EXT_INTERLEAVE,
  EXT_SIMPLE,
  EXT_TYPES,
  FILE_TYPES,
  fmapHeader,
  getFmapIn,
  interleavedExt,
  simpleExt,
} from "./fmap.ts";
import { laidOutAsC, pairs, roundTrips } from "./test/laws.ts";

laidOutAsC(fmapHeader, [
  "uint8_t file_type",
  "uint8_t reserved",
  "uint16_t fmap_version",
  "uint32_t ext_type",
  "uint32_t nextents",
  "uint32_t reserved0",
  "uint64_t file_size",
  "uint64_t reserved1",
]);
laidOutAsC(simpleExt, ["uint32_t se_devindex", "uint32_t reserved", "uint64_t se_offset", "uint64_t se_len"]);
laidOutAsC(interleavedExt, [
  "uint32_t ie_nstrips",
  "uint32_t ie_chunk_size",
  "uint64_t ie_nbytes",
  "uint64_t reserved",
]);
laidOutAsC(getFmapIn, ["uint32_t size", "uint32_t padding"]);

pairs(fmapHeader, "02 a1 0100 01000000 20000000 b1b2b3b4 efcdab8967452301 c1c2c3c4c5c6c7c8", {
  file_type: 2,
  reserved: 0xa1,
  fmap_version: 1,
  ext_type: 1,
  nextents: 32,
  reserved0: 0xb4b3b2b1,
  file_size: 0x0123456789abcdefn,
  reserved1: 0xc8c7c6c5c4c3c2c1n,
});
pairs(simpleExt, "04030201 ffffffff 0000200000000080 0000400000000000", {
  se_devindex: 0x01020304,
  reserved: 0xffffffff,
  se_offset: 0x8000000000200000n,
  se_len: 0x400000n,
});
pairs(interleavedExt, "03000000 00002000 0100000000000000 ffffffffffffffff", {
  ie_nstrips: 3,
  ie_chunk_size: 0x200000,
  ie_nbytes: 1n,
  reserved: (1n << 64n) - 1n,
});
pairs(getFmapIn, "00100000 00000000", { size: 4096, padding: 0 });

roundTrips(fmapHeader);
roundTrips(simpleExt);
roundTrips(interleavedExt);
roundTrips(getFmapIn);

it("names the types by their value", () => {
  expect([EXT_TYPES[EXT_SIMPLE], EXT_TYPES[EXT_INTERLEAVE]]).toEqual(["simple", "interleaved"]);
  expect(FILE_TYPES).toEqual(["regular", "superblock", "log"]);
});
