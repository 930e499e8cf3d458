import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byteSwapped, type FieldWidth, misreadings, renderMisreading } from "./misreadings.ts";

const MIB = 1n << 20n;

/** The likeliest explanation where only `meant` is right. */
const explained = (value: bigint, width: FieldWidth, meant: bigint) =>
  misreadings(value, width, (n) => n === meant)[0]?.kind;

describe("numbers that were written wrongly", () => {
  it.each([
    ["byte-order", 0x0000_2000_0000_0000n, 64, 2n * MIB],
    ["byte-order", 0x0100_0000n, 32, 1n],
    ["byte-order", 0x0100n, 16, 1n],
    ["upper-half", (4n * MIB) << 32n, 64, 4n * MIB],
    ["upper-half", 0x0003_0000n, 32, 3n],
    ["upper-half", 0x7f12n, 16, 0x7fn],
    ["lower-half", 0xffff_ffff_0020_0000n, 64, 2n * MIB],
    ["lower-half", 0xbeef_0020n, 32, 0x20n],
    ["upper-quarter", 0x0012_0000_0000_0000n, 64, 0x12n],
    ["lower-quarter", 0x1234_5678_9abc_0020n, 64, 0x20n],
    ["two-bytes-late", (4n * MIB) << 16n, 64, 4n * MIB],
    ["two-bytes-early", (4n * MIB) >> 16n, 64, 4n * MIB],
    ["page-too-high", 2n * MIB + 4096n, 64, 2n * MIB],
    ["page-too-low", 2n * MIB - 4096n, 64, 2n * MIB],
    ["unit", 6n, 64, 6n * MIB],
    ["unit", 6n * MIB, 64, 6n],
    ["unit", 1024n, 64, 4n * MIB],
  ] as const)("%s: %i in %i bits stands for %i", (kind, value, width, meant) => {
    expect(explained(value, width, meant)).toBe(kind);
  });

  it("explains nothing that is right, nothing by 0, and nothing where nothing would be right", () => {
    expect(misreadings(5n, 32, () => true)).toEqual([]);
    expect(misreadings(5n, 32, (n) => n === 0n)).toEqual([]);
    expect(misreadings(5n, 32, () => false)).toEqual([]);
  });

  it("gives each number once, and only numbers that the field can carry", () => {
    fc.assert(
      fc.property(
        fc
          .constantFrom<FieldWidth>(16, 32, 64)
          .chain((width) =>
            fc.tuple(fc.constant(width), fc.bigInt({ min: 0n, max: (1n << BigInt(width)) - 1n })),
          ),
        ([width, value]) => {
          const meant = misreadings(value, width, (n) => n !== value).map((m) => m.meant);
          expect(new Set(meant).size).toBe(meant.length);
          for (const n of meant) expect(n > 0n && n >> BigInt(width) === 0n).toBe(true);
          expect(byteSwapped(byteSwapped(value, width), width)).toBe(value);
        },
      ),
      { seed: 7 },
    );
  });

  it("is told as the end of a sentence", () => {
    const found = misreadings(0x2000_0000_0000n, 64, (n) => n === 2n * MIB);
    expect(renderMisreading(found)).toBe(
      "; 2097152 would be right: it looks written in the opposite byte order",
    );
    expect(renderMisreading([])).toBe("");
  });
});
