/** What runs leave behind is read whole or not at all. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digestOf, sealed } from "../../base/digest.ts";
import { UsageError } from "../../base/errors.ts";
import { DOCUMENTS } from "../../spec/test/documents.ts";
import { readStored } from "./stored-document.ts";

const KINDS = ["report", "daemon-report", "journal"] as const;
const documents = KINDS.flatMap((kind) =>
  (DOCUMENTS[kind] as readonly object[]).map((d) => [kind, d] as const),
);
const bytesOf = (document: object) => Buffer.from(`${JSON.stringify(document, null, 2)}\n`);
const read = (bytes: Uint8Array) => readStored(bytes, "the file");

describe.each(documents)("a stored %s", (_, document) => {
  const whole = sealed(document);
  const bytes = bytesOf(whole);

  it("is read as it was written, however it is laid out", () => {
    expect(read(bytes)).toEqual(whole);
    expect(read(Buffer.from(JSON.stringify(whole)))).toEqual(whole);
    const reversed = Object.fromEntries(Object.entries(whole).reverse());
    expect(digestOf(reversed)).toBe(whole.digest);
  });

  it("cut at any byte is refused", () => {
    // Without the line's end it is whole.
    fc.assert(
      fc.property(fc.nat(bytes.length - 2), (end) => {
        expect(() => read(bytes.subarray(0, end))).toThrow(UsageError);
      }),
    );
  });

  it("with any bit flipped is refused, with the file's name", () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 2), fc.nat(7), (at, bit) => {
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] as number) ^ (1 << bit);
        expect(() => read(flipped)).toThrow(/^the file is no stored report or journal, or it was damaged: /);
      }),
      { numRuns: 500 },
    );
  });
});

describe("what is no stored document", () => {
  it.each([
    ["", /not JSON/],
    ["null", /format/],
    ["[]", /format/],
    ['{"format":"toString"}', /format/],
    ['{"format":"fmapspec-report"}', /must have required property/],
  ])("%j", (text, why) => {
    expect(() => read(Buffer.from(text))).toThrow(why);
  });

  it("lacks a digest, or is of a profile that is not known", () => {
    const [document] = DOCUMENTS.report as readonly [{ digest: string }];
    const { digest: _, ...bare } = document;
    expect(() => read(bytesOf(bare))).toThrow(/it has no digest/);
    expect(() => read(bytesOf(sealed({ ...bare, profile: "v99" })))).toThrow(/there is no profile 'v99'/);
  });
});
