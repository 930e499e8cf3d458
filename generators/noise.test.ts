import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { build } from "./build.ts";
import { recipe, SLOTS } from "./recipe.ts";
import { hexOf } from "./test/laws.ts";

const base = { count: 1, strips: 1, kind: 1 };
const clean = build(recipe(base)).bytes;
const damaged = (noise: number, noiseA: number, noiseB: number) =>
  build(recipe({ ...base, noise, noiseA, noiseB })).bytes;

const popcount = (n: number): number => (n === 0 ? 0 : (n & 1) + popcount(n >>> 1));
const bitsApart = (a: Uint8Array, b: Uint8Array) =>
  a.reduce((n, byte, i) => n + popcount(byte ^ (b[i] as number)), 0);
const bytesApart = (a: Uint8Array, b: Uint8Array) => a.reduce((n, byte, i) => n + Number(byte !== b[i]), 0);

const places = fc.nat(SLOTS.noiseA);
const law = (noise: number, holds: (bytes: Uint8Array, a: number, b: number) => void) =>
  fc.assert(
    fc.property(places, places, (a, b) => {
      const bytes = damaged(noise, a, b);
      expect(bytes).toHaveLength(clean.length);
      holds(bytes, a, b);
    }),
  );

describe("noise", () => {
  it("1 flips one bit", () => {
    law(1, (bytes) => {
      expect(bitsApart(bytes, clean)).toBe(1);
    });
  });

  it("2 flips two, or the same one twice", () => {
    law(2, (bytes) => {
      expect([0, 2]).toContain(bitsApart(bytes, clean));
    });
  });

  it("3 sets one byte", () => {
    law(3, (bytes, a, b) => {
      expect(bytes[a % clean.length]).toBe(b & 0xff);
      expect(bytesApart(bytes, clean)).toBeLessThanOrEqual(1);
    });
  });

  it("4 puts a record's worth of bytes at another place", () => {
    law(4, (bytes, a, b) => {
      const [from, to] = [a % clean.length, b % clean.length];
      const n = Math.min(24, clean.length - Math.max(from, to));
      const expected = clean.slice();
      expected.set(clean.subarray(from, from + n), to);
      expect(hexOf(bytes)).toBe(hexOf(expected));
    });
  });

  it("5 leaves nothing as it was, and the same twice", () => {
    law(5, (bytes, a, b) => {
      expect(bytesApart(bytes, clean)).toBeGreaterThan(clean.length / 2);
      expect(hexOf(bytes)).toBe(hexOf(damaged(5, a, b)));
    });
  });

  it("has nothing to damage in a message of no bytes", () => {
    for (let noise = 1; noise <= SLOTS.noise; noise++)
      expect(build(recipe({ noise, noiseA: 3, noiseB: 5, tail: 1, tailAt: 0 })).bytes).toHaveLength(0);
  });
});
