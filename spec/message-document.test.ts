import { describe, expect, it } from "vitest";
import { encodeMessage, type MessageDocument } from "./message-document.ts";
import { fromHex } from "./test/laws.ts";

const extent = { se_offset: "4194304", se_len: "2097152" };

describe("literal bytes", () => {
  it("of a simple message: what is left out is as a valid message has it", () => {
    const doc: MessageDocument = { header: { file_size: "2097152" }, extents: [extent] };
    expect(encodeMessage(doc)).toEqual(
      fromHex(`00 00 0100 00000000 01000000 00000000 0000200000000000 0000000000000000
        00000000 00000000 0000400000000000 0000200000000000`),
    );
  });

  it("of an interleaved message", () => {
    const doc: MessageDocument = {
      header: { file_size: "1" },
      extents: [
        { ie_chunk_size: 65_536, ie_nbytes: "18446744073709551615", strips: [extent] },
        { ie_chunk_size: 1, ie_nbytes: "0", strips: [] },
      ],
    };
    expect(encodeMessage(doc)).toEqual(
      fromHex(`00 00 0100 01000000 02000000 00000000 0100000000000000 0000000000000000
        01000000 00000100 ffffffffffffffff 0000000000000000
        00000000 00000000 0000400000000000 0000200000000000
        00000000 01000000 0000000000000000 0000000000000000`),
    );
  });

  it("of a message that gives every field, against what follows", () => {
    const header = {
      file_type: 1,
      reserved: 2,
      fmap_version: 3,
      ext_type: 4,
      nextents: 5,
      reserved0: 6,
      file_size: "7",
      reserved1: "8",
    };
    const range = { se_devindex: 9, reserved: 10, se_offset: "11", se_len: "12" };
    const head = { ie_nstrips: 13, ie_chunk_size: 14, ie_nbytes: "15", reserved: "16", strips: [range] };
    expect(encodeMessage({ header, extents: [range, head], trailing: "dead" })).toEqual(
      fromHex(`01 02 0300 04000000 05000000 06000000 0700000000000000 0800000000000000
        09000000 0a000000 0b00000000000000 0c00000000000000
        0d000000 0e000000 0f00000000000000 1000000000000000
        09000000 0a000000 0b00000000000000 0c00000000000000 dead`),
    );
  });

  it("of a header alone", () => {
    const bytes = encodeMessage({ header: { file_size: "0" }, extents: [] });
    expect(bytes).toEqual(fromHex("00000100 00000000 00000000 00000000 0000000000000000 0000000000000000"));
  });
});

it.each([
  ["file_size above u64", { header: { file_size: "18446744073709551616" }, extents: [] }],
  ["negative file_size", { header: { file_size: "-1" }, extents: [] }],
  ["nextents above u32", { header: { file_size: "0", nextents: 2 ** 32 }, extents: [] }],
  ["file_type above u8", { header: { file_size: "0", file_type: 256 }, extents: [] }],
  [
    "se_len above u64",
    { header: { file_size: "0" }, extents: [{ se_offset: "0", se_len: "18446744073709551616" }] },
  ],
] as [string, MessageDocument][])("refuses %s", (_, doc) => {
  expect(() => encodeMessage(doc)).toThrow(RangeError);
});
