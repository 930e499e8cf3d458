/** Bytes without a recipe become simpler as long as they fail. */
import { describe, expect, it } from "vitest";
import { decodeMessage, encodeMessage, type MessageDocument } from "../../../spec/index.ts";
import { shrinkBytes } from "./shrink-bytes.ts";

const range = { se_devindex: 1, reserved: 2, se_offset: "4096", se_len: "8192" };
const message = (doc: Partial<MessageDocument>) =>
  encodeMessage({ header: { file_type: 1, file_size: "77", reserved0: 5 }, extents: [], ...doc });

/** What is left of the message where it has to keep this. */
async function left(doc: Partial<MessageDocument>, keeps: (m: Uint8Array) => boolean) {
  const simplest = await shrinkBytes(message(doc), async (m) => keeps(m));
  expect(keeps(simplest)).toBe(true);
  return decodeMessage(simplest);
}

describe("bytes shrink", () => {
  it("to none where all fail", async () => {
    expect(await shrinkBytes(message({}), async () => true)).toEqual(new Uint8Array());
  });

  it("to themselves where nothing else fails", async () => {
    const whole = message({ extents: [range], trailing: "ff" });
    expect(await shrinkBytes(whole, async () => false)).toBe(whole);
  });

  it("to the header, with zeros where it does not matter", async () => {
    const keeps = (m: Uint8Array) => m.length >= 32 && m[0] === 1;
    const { header, extents } = await left({ extents: [range], trailing: "ff" }, keeps);
    expect(extents).toEqual([]);
    expect(Object.entries(header).filter(([, value]) => value !== "0")).toEqual([["file_type", "1"]]);
  });

  it("to the one extent that it takes, counted right", async () => {
    const odd = { ...range, se_len: "3" };
    const keeps = (m: Uint8Array) => {
      const { header, extents } = decodeMessage(m);
      return (
        header.nextents === `${extents.length}` && extents.some((e) => "length" in e && e.length === "3")
      );
    };
    const { extents, rest } = await left({ extents: [range, odd, range], trailing: "ff" }, keeps);
    expect(extents).toEqual([{ devindex: "0", offset: "0", length: "3" }]);
    expect(rest).toBeUndefined();
  });

  it("to the one strip that it takes, of the one extent that it is in", async () => {
    const extent = (...lengths: string[]) => ({
      ie_chunk_size: 8,
      ie_nbytes: "9",
      strips: lengths.map((se_len) => ({ ...range, se_len })),
    });
    const keeps = (m: Uint8Array) => {
      const { header, extents } = decodeMessage(m);
      return (
        header.nextents === `${extents.length}` &&
        extents.every((e) => "strips" in e && e.nstrips === `${e.strips.length}`) &&
        extents.some((e) => "strips" in e && e.strips.some((s) => s.length === "3"))
      );
    };
    const { extents } = await left({ extents: [extent("1", "2"), extent("4", "3", "5")] }, keeps);
    expect(extents).toEqual([
      { nstrips: "1", chunkSize: "0", nbytes: "0", strips: [{ devindex: "0", offset: "0", length: "3" }] },
    ]);
  });
});
