import { describe, expect, it } from "vitest";
import { encodeMessage } from "./message-document.ts";
import { messagePieces } from "./message-pieces.ts";

const range = { se_offset: "1", se_len: "2" };
const interleaved = { ie_chunk_size: 4, ie_nbytes: "8", strips: [range, range] };
const message = (extents: Parameters<typeof encodeMessage>[0]["extents"], header = {}, trailing = "") =>
  encodeMessage({ header: { file_size: "3", ...header }, extents, trailing });

const shapeOf = (bytes: Uint8Array) =>
  messagePieces(bytes).map((p) => [p.kind, p.extent, p.strip, p.bytes.length, p.fields[0]?.offset ?? null]);

describe("the pieces of a message", () => {
  it("are its records, each where it is", () => {
    expect(shapeOf(message([range, range]))).toEqual([
      ["header", 0, 0, 32, 0],
      ["extent", 0, 0, 24, 32],
      ["extent", 1, 0, 24, 56],
    ]);
    expect(shapeOf(message([interleaved, interleaved]))).toEqual([
      ["header", 0, 0, 32, 0],
      ["interleaved", 0, 0, 24, 32],
      ["strip", 0, 0, 24, 56],
      ["strip", 0, 1, 24, 80],
      ["interleaved", 1, 0, 24, 104],
      ["strip", 1, 0, 24, 128],
      ["strip", 1, 1, 24, 152],
    ]);
  });

  it("have their fields with place and value", () => {
    const [, extent] = messagePieces(message([range]));
    expect(extent?.fields.map((f) => [f.name, f.offset, f.size, f.value])).toEqual([
      ["se_devindex", 32, 4, 0n],
      ["reserved", 36, 4, 0n],
      ["se_offset", 40, 8, 1n],
      ["se_len", 48, 8, 2n],
    ]);
  });

  it("of a header have fmap_size where the revision has it", () => {
    const names = (sizeField?: boolean) =>
      messagePieces(message([]), sizeField)[0]?.fields.map((f) => f.name);
    expect(names()).toContain("reserved0");
    expect(names(false)).not.toContain("fmap_size");
    expect(names(true)).toContain("fmap_size");
    expect(names(true)).not.toContain("reserved0");
  });

  it("are none of no bytes, and of a piece of a record what is there of it", () => {
    expect(messagePieces(new Uint8Array())).toEqual([]);
    const named = (n: number) =>
      messagePieces(message([]).subarray(0, n))[0]?.fields.map((f) => [f.name, f.bytes.length, f.value]);
    const whole = [
      ["file_type", 1, 0n],
      ["reserved", 1, 0n],
      ["fmap_version", 2, 1n],
      ["ext_type", 4, 0n],
    ];
    expect(named(8)).toEqual(whole);
    expect(named(9)).toEqual([...whole, ["nextents", 1, null]]);
  });

  it("end with what lies behind the last record", () => {
    expect(messagePieces(message([range], {}, "abcd")).at(-1)).toEqual({
      kind: "rest",
      extent: 0,
      strip: 0,
      fields: [],
      bytes: Uint8Array.of(0xab, 0xcd),
    });
    expect(shapeOf(message([range], { ext_type: 7 })).map(([kind]) => kind)).toEqual(["header", "rest"]);
  });

  it("that were announced and are not there take no time", () => {
    expect(shapeOf(message([], { nextents: 0xffffffff }))).toHaveLength(1);
    expect(shapeOf(message([range], { nextents: 0xffffffff }))).toHaveLength(2);
    const endless = message([{ ...interleaved, ie_nstrips: 0xffffffff, strips: [] }]);
    expect(shapeOf(endless)).toHaveLength(2);
  });
});
