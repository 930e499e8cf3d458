/** The annotated hex dump: a line for each field, as far as the bytes go, whatever they say. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { build, messageArb, randomBytesArb, recipe } from "../../generators/index.ts";
import { plain } from "../line.ts";
import { renderDump } from "./dump.ts";
import { layout } from "./layout.ts";

const HEADER = "0000010000000000010000000000000000002000000000000000000000000000";
const dump = (hex: string, ...marks: { offset: number; text: string }[]) =>
  renderDump(Buffer.from(hex, "hex"), marks, plain).split("\n");

describe("a dump", () => {
  it("names each field and reads its value", () => {
    expect(dump(HEADER)).toEqual([
      "offset  bytes                    field          value",
      "header",
      "     0  00                       file_type      0 (regular)",
      "     1  00                       reserved       0",
      "     2  01 00                    fmap_version   1",
      "     4  00 00 00 00              ext_type       0 (simple)",
      "     8  01 00 00 00              nextents       1",
      "    12  00 00 00 00              reserved0      0",
      "    16  00 00 20 00 00 00 00 00  file_size      0x200000 (2097152)",
      "    24  00 00 00 00 00 00 00 00  reserved1      0",
    ]);
  });

  it("says what is unknown, and shows no extents of an unknown type", () => {
    const lines = dump(`ff${HEADER.slice(2, 8)}02000000${HEADER.slice(16)}${"11".repeat(24)}`);
    expect(lines[2]).toMatch(/255 \(unknown\)$/);
    expect(lines[5]).toMatch(/2 \(unknown\)$/);
    expect(lines.slice(-2)).toEqual(["24 bytes more", "    32  11 11 11 11 11 11 11 11 ..."]);
  });

  it("shows where a field is cut off", () => {
    expect(dump(HEADER.slice(0, 20)).at(-1)).toBe(
      "     8  01 00                    nextents       cut off after 2 of 4 bytes",
    );
    expect(dump("")).toEqual(["offset  bytes                    field          value", "     0  (no bytes)"]);
  });

  it("puts each mark behind the field that it is in, or at the end", () => {
    const lines = dump(
      HEADER,
      { offset: 9, text: "here" },
      { offset: 8, text: "there" },
      { offset: 32, text: "short" },
    );
    expect(lines.find((l) => l.includes("nextents"))).toMatch(/1 {2}<- here {2}<- there$/);
    expect(lines.at(-1)).toBe("    32  (end)                     <- short");
  });

  it("leaves the middle of many records out, but none that is marked", () => {
    const message = build(recipe({ count: 4 })).bytes;
    const text = renderDump(message, [{ offset: 32 + 20 * 24, text: "odd" }], plain);
    expect(text.match(/^extent \d+$/gm)).toEqual([0, 1, 2, 3, 20, 31].map((i) => `extent ${i}`));
    expect(text.match(/\d+ more records like these/g)).toEqual([
      "16 more records like these",
      "10 more records like these",
    ]);
  });

  it("calls the four bytes in front of file_size what the profile's header calls them", () => {
    const names = (profile: string | null) =>
      layout(new Uint8Array(32), profile)[0]
        ?.fields.map((f) => f.name)
        .slice(5, 7);
    expect(names("rfc-v2")).toEqual(["reserved0", "file_size"]);
    expect(names("simple-only")).toEqual(["fmap_size", "file_size"]);
    expect(names(null)).toEqual(["reserved0", "file_size"]);
  });

  it("shows interleaved extents with their strips", () => {
    const titles = layout(build(recipe({ kind: 1, count: 1, strips: 1 })).bytes).map((r) => r.title);
    expect(titles).toEqual([
      "header",
      ...["interleaved extent 0", "extent 0, strip 0", "extent 0, strip 1"],
      ...["interleaved extent 1", "extent 1, strip 0", "extent 1, strip 1"],
    ]);
  });
});

describe("the layout", () => {
  it.each([
    ["messages", messageArb.map((m) => m.bytes)],
    ["random bytes", randomBytesArb],
  ])("of %s holds each byte once, in order", (_, arb) => {
    fc.assert(
      fc.property(arb, (message) => {
        const fields = layout(message).flatMap((r) => r.fields);
        expect(Buffer.concat(fields.map((f) => f.bytes)).equals(message)).toBe(true);
        let end = 0;
        for (const { offset, bytes } of fields) {
          expect(offset).toBe(end);
          end += bytes.length;
        }
      }),
    );
  });
});
