/** A stored failure is replayed as it was written, or not at all: damaged bytes would be another message. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sealed } from "../../base/digest.ts";
import { DOCUMENTS } from "../../spec/test/documents.ts";
import { storedFailure } from "./stored-failure.ts";

const KINDS = ["counterexample", "session", "requirement-failure"] as const;
const failures = KINDS.flatMap((kind) =>
  (DOCUMENTS[kind] as readonly object[]).map((d) => [kind, d] as const),
);

describe.each(failures)("a stored %s", (_, document) => {
  const whole = sealed(document);
  const bytes = Buffer.from(`${JSON.stringify(whole, null, 2)}\n`);
  /** What becomes of the file's bytes: the failure, or that it is refused. */
  const read = (some: Uint8Array) => {
    try {
      return storedFailure(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(some)), "the file");
    } catch {
      return null;
    }
  };

  it("is read as it was written", () => {
    expect(read(bytes)).toEqual(whole);
  });

  it("cut at any byte is refused", () => {
    fc.assert(fc.property(fc.nat(bytes.length - 2), (end) => read(bytes.subarray(0, end)) === null));
  });

  it("with any bit flipped is refused", () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 2), fc.nat(7), (at, bit) => {
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] as number) ^ (1 << bit);
        return read(flipped) === null;
      }),
      { numRuns: 500 },
    );
  });

  it("edited says what to do; without its digest it is taken as it is", () => {
    const edited = { ...whole, profile: "v10" };
    expect(() => storedFailure(edited, "the file")).toThrow(
      "the file was damaged or edited: its digest is another one; take the digest out to replay it as it is",
    );
    const { digest: _, ...byHand } = edited;
    expect(storedFailure(byHand, "the file")).toEqual(byHand);
  });
});

describe("what is no stored failure", () => {
  it.each([[null], [[]], [{ format: "toString" }], [{ format: "fmapspec-report" }]])("%j", (json) => {
    expect(() => storedFailure(json, "the file")).toThrow(
      /^the file is no failure file: its format is none of/,
    );
  });
});
