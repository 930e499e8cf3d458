import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseFmap } from "../oracles/index.ts";
import { encodeFmap } from "./encode-fmap.ts";
import { mapOf } from "./manifest.ts";
import type { DaxRange, Fmap } from "./map.ts";
import { DEFAULT_PROFILE } from "./profiles/index.ts";
import { fromHex } from "./test/laws.ts";

const MIB = 1n << 20n;
const at = (offset: bigint, length: bigint, devindex = 0n): DaxRange => ({ devindex, offset, length });
const simple = (fileSize: bigint, extents: DaxRange[], fileType = 0): Fmap =>
  mapOf(fileType, fileSize, { extType: "simple", extents });

describe("literal bytes", () => {
  it("of a map of simple extents", () => {
    const map = simple(0x0123_4567_89abn, [at(4n * MIB, 2n * MIB), at(1n << 63n, 6n * MIB, 0x0102_0304n)], 2);
    expect(encodeFmap(map)).toEqual(
      fromHex(`02 00 0100 00000000 02000000 00000000 ab89674523010000 0000000000000000
        00000000 00000000 0000400000000000 0000200000000000
        04030201 00000000 0000000000000080 0000600000000000`),
    );
  });

  it("of a map of interleaved extents, each followed by its strips", () => {
    const map = mapOf(0, 3n, {
      extType: "interleaved",
      extents: [
        { chunkSize: 2n * MIB, nbytes: 2n, strips: [at(0n, 2n * MIB), at(4n * MIB, 2n * MIB)] },
        { chunkSize: 4n * MIB, nbytes: 1n, strips: [at(8n * MIB, 4n * MIB)] },
      ],
    });
    expect(encodeFmap(map)).toEqual(
      fromHex(`00 00 0100 01000000 02000000 00000000 0300000000000000 0000000000000000
        02000000 00002000 0200000000000000 0000000000000000
        00000000 00000000 0000000000000000 0000200000000000
        00000000 00000000 0000400000000000 0000200000000000
        01000000 00004000 0100000000000000 0000000000000000
        00000000 00000000 0000800000000000 0000400000000000`),
    );
  });

  it("of a map without extents, which no kernel takes", () => {
    expect(encodeFmap(simple(0n, []))).toEqual(
      fromHex("00 00 0100 00000000 00000000 00000000 0000000000000000 0000000000000000"),
    );
  });
});

describe("numbers that their field cannot hold", () => {
  const strips = [at(0n, 2n * MIB)];
  it.each<[string, Fmap]>([
    ["a devindex of 33 bits", simple(0n, [at(0n, 0n, 1n << 32n)])],
    ["a negative offset", simple(0n, [at(-1n, 0n)])],
    ["a length of 65 bits", simple(0n, [at(0n, 1n << 64n)])],
    ["a file size of 65 bits", simple(1n << 64n, [at(0n, 0n)])],
    ["a file type of 9 bits", simple(0n, [at(0n, 0n)], 256)],
    [
      "a chunk size of 33 bits",
      mapOf(0, 0n, { extType: "interleaved", extents: [{ chunkSize: 1n << 32n, nbytes: 1n, strips }] }),
    ],
    [
      "an nbytes of 65 bits",
      mapOf(0, 0n, { extType: "interleaved", extents: [{ chunkSize: 0n, nbytes: 1n << 64n, strips }] }),
    ],
  ])("%s", (_, map) => {
    expect(() => encodeFmap(map)).toThrow(RangeError);
  });
});

describe("what the kernel's parser makes of it", () => {
  const units = (max: number) => fc.integer({ min: 1, max }).map((n) => BigInt(n) * 2n * MIB);
  const range = fc.record({ devindex: fc.constant(0n), offset: units(1000), length: units(8) });
  const sum = (ranges: readonly DaxRange[]) => ranges.reduce((n, r) => n + r.length, 0n);
  const shape = fc.oneof(
    fc.record({
      extType: fc.constant("simple" as const),
      extents: fc.array(range, { minLength: 1, maxLength: 32 }),
    }),
    fc.record({
      extType: fc.constant("interleaved" as const),
      extents: fc.array(
        fc.record({
          chunkSize: units(4),
          nbytes: units(4),
          strips: fc.array(range, { minLength: 1, maxLength: 32 }),
        }),
        { minLength: 1, maxLength: 8 },
      ),
    }),
  );

  it("is the map that was encoded", () => {
    fc.assert(
      fc.property(
        shape,
        fc.constantFrom(0, 1, 2),
        fc.bigInt({ min: 0n, max: 8n * MIB }),
        (s, fileType, less) => {
          const total = sum(s.extType === "simple" ? s.extents : s.extents.flatMap((e) => e.strips));
          const map = mapOf(fileType, total > less ? total - less : 0n, s);
          expect(parseFmap(DEFAULT_PROFILE, encodeFmap(map))).toMatchObject({ verdict: "accept", map });
        },
      ),
    );
  });
});
