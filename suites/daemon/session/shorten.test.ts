import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shorten } from "./shorten.ts";

/** The list made shorter while it holds all of `needed`, and how often that was asked. */
async function keeping(list: readonly number[], needed: readonly number[]) {
  let asked = 0;
  const shortest = await shorten(list, async (shorter) => {
    asked++;
    return needed.every((n) => shorter.includes(n));
  });
  return { shortest, asked };
}

describe("the shortest list that still fails", () => {
  it("has exactly what it takes, in order", async () => {
    const list = Array.from({ length: 40 }, (_, i) => i);
    await fc.assert(
      fc.asyncProperty(fc.subarray(list), async (needed) => {
        expect((await keeping(list, needed)).shortest).toEqual(needed);
      }),
      { numRuns: 300 },
    );
  });

  it("is found in few attempts where little is needed", async () => {
    const list = Array.from({ length: 1000 }, (_, i) => i);
    expect((await keeping(list, [500, 501])).asked).toBeLessThan(60);
  });

  it("is never found by an attempt with nothing left out", async () => {
    const list = [1, 2, 3];
    await shorten(list, async (shorter) => {
      expect(shorter.length).toBeLessThan(list.length);
      return false;
    });
    expect(await shorten([], async () => true)).toEqual([]);
  });
});
