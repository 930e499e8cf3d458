/** A message field by field, as far as its bytes go. */
import { describe, expect, it } from "vitest";
import { decodeMessage } from "./decoded-message.ts";
import { encodeMessage } from "./message-document.ts";

const U64 = "18446744073709551615";

describe("a message decodes to", () => {
  it("its header by the names of the wire, and extents as a driver writes them", () => {
    const message = encodeMessage({
      header: { file_type: 2, reserved: 7, file_size: U64, reserved0: 5, reserved1: "9" },
      extents: [
        { se_devindex: 4_294_967_295, reserved: 6, se_offset: "4096", se_len: U64 },
        { se_offset: "0", se_len: "1" },
      ],
      trailing: "00ff",
    });
    expect(decodeMessage(message)).toEqual({
      header: {
        file_type: "2",
        reserved: "7",
        fmap_version: "1",
        ext_type: "0",
        nextents: "2",
        reserved0: "5",
        file_size: U64,
        reserved1: "9",
      },
      extents: [
        { devindex: "4294967295", offset: "4096", length: U64 },
        { devindex: "0", offset: "0", length: "1" },
      ],
      rest: "00ff",
    });
  });

  it("interleaved extents with their strips", () => {
    const strips = [{ se_devindex: 1, se_offset: "2", se_len: "3" }];
    const extents = [
      { ie_chunk_size: 8, ie_nbytes: "9", strips },
      { ie_nstrips: 0, ie_chunk_size: 1, ie_nbytes: "0", strips: [] },
    ];
    const decoded = decodeMessage(encodeMessage({ header: { file_size: "1" }, extents }));
    expect(decoded.extents).toEqual([
      { nstrips: "1", chunkSize: "8", nbytes: "9", strips: [{ devindex: "1", offset: "2", length: "3" }] },
      { nstrips: "0", chunkSize: "1", nbytes: "0", strips: [] },
    ]);
    expect(decoded).not.toHaveProperty("rest");
  });

  it("fmap_size where the revision has one", () => {
    const message = encodeMessage({ header: { file_size: "0", reserved0: 32 }, extents: [] });
    expect(decodeMessage(message, true).header).toMatchObject({ fmap_size: "32" });
    expect(decodeMessage(message, true).header).not.toHaveProperty("reserved0");
  });

  it("what there is of it, where it is cut", () => {
    const whole = encodeMessage({
      header: { file_size: "1" },
      extents: [
        { ie_nstrips: 9, ie_chunk_size: 8, ie_nbytes: "9", strips: [{ se_offset: "2", se_len: "3" }] },
      ],
    });
    const cut = (n: number) => decodeMessage(whole.subarray(0, n));
    expect(cut(0)).toEqual({ header: {}, extents: [] });
    expect(cut(10)).toEqual({
      header: { file_type: "0", reserved: "0", fmap_version: "1", ext_type: "1" },
      extents: [],
    });
    expect(cut(32).extents).toEqual([]);
    expect(cut(33).extents).toEqual([{ strips: [] }]);
    expect(cut(56).extents).toEqual([{ nstrips: "9", chunkSize: "8", nbytes: "9", strips: [] }]);
    expect(cut(74).extents).toMatchObject([{ strips: [{ devindex: "0", offset: "2" }] }]);
  });

  it("no extents where their type is unknown", () => {
    const message = encodeMessage({
      header: { file_size: "0", ext_type: 7, nextents: 1 },
      extents: [],
      trailing: "aa",
    });
    expect(decodeMessage(message)).toMatchObject({ extents: [], rest: "aa" });
  });
});
