/** The drawn map: every piece of the file stands over the range that holds it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { overlaps, ownedRanges } from "../../oracles/index.ts";
import type { DaxRange, Fmap } from "../../spec/index.ts";
import { mapHtml } from "./map.ts";
import { scaleOf } from "./scale.ts";

const MIB = 1n << 20n;
const range = (devindex: bigint, offset: bigint, length: bigint): DaxRange => ({
  devindex,
  offset: offset * MIB,
  length: length * MIB,
});
const about = { fileType: 0, devBitmap: 3n };
const count = (map: Fmap, what: RegExp) => mapHtml(map).html.match(what)?.length ?? 0;
const PIECE = /class="piece/g;
const RANGE = /class="range/g;
const SHARED = /class="shared/g;

describe("a map", () => {
  const interleaved: Fmap = {
    ...about,
    fileSize: 15n * MIB,
    extType: "interleaved",
    extents: [
      { chunkSize: 2n * MIB, nbytes: 12n * MIB, strips: [range(0n, 0n, 6n), range(1n, 8n, 6n)] },
      { chunkSize: 2n * MIB, nbytes: 4n * MIB, strips: [range(0n, 6n, 4n)] },
    ],
  };

  it("has a piece for each chunk as far as the file goes, in the colour of its strip", () => {
    const { html } = mapHtml(interleaved);
    const hues = [...html.matchAll(/class="piece h(\d)"/g)].map(([, hue]) => hue);
    expect(hues.join("")).toBe("01010122");
    expect(count(interleaved, RANGE)).toBe(3);
    expect(count(interleaved, SHARED)).toBe(0);
    expect(html).toContain("<title>bytes 2097152 to 4194303 of the file: extent 0, strip 1</title>");
    expect(html).toContain(">daxdev 1</text>");
    // The last chunk is cut where the file ends.
    expect(html).toContain("<title>bytes 14680064 to 15728639 of the file: extent 1, strip 0</title>");
  });

  it("ends where the file does, though extents go on", () => {
    const map: Fmap = { ...interleaved, fileSize: 3n * MIB };
    expect(count(map, PIECE)).toBe(2);
    const simple: Fmap = {
      ...about,
      fileSize: MIB,
      extType: "simple",
      extents: [range(0n, 0n, 2n), range(0n, 4n, 2n)],
    };
    expect(count(simple, PIECE)).toBe(1);
    expect(count(simple, RANGE)).toBe(2);
  });

  it("of an empty file, of chunks of no length, or of extents of no length is drawn all the same", () => {
    const empty: Fmap = { ...about, fileSize: 0n, extType: "simple", extents: [range(0n, 0n, 0n)] };
    expect(count(empty, PIECE)).toBe(0);
    expect(count(empty, RANGE)).toBe(1);
    const [first] = interleaved.extType === "interleaved" ? interleaved.extents : [];
    const still: Fmap = {
      ...interleaved,
      extents: [{ ...(first as NonNullable<typeof first>), chunkSize: 0n }],
    };
    expect(count(still, PIECE)).toBe(0);
    expect(count(still, RANGE)).toBe(2);
  });

  it("leaves out what is too much to see, and says so", () => {
    const extents = Array.from({ length: 60 }, (_, i) => range(0n, BigInt(i) * 4n, 2n));
    const map: Fmap = { ...about, fileSize: 120n * MIB, extType: "simple", extents };
    expect(count(map, PIECE)).toBe(48);
    expect(mapHtml(map).html).toContain("not drawn: 12 more ranges");
    const strips = extents.slice(0, 32);
    const wide = { chunkSize: MIB, nbytes: 32n * MIB, strips };
    const many: Fmap = { ...about, fileSize: 64n * MIB, extType: "interleaved", extents: [wide, wide] };
    expect(count(many, PIECE)).toBe(48);
    expect(count(many, RANGE)).toBe(48);
  });

  it("names what overlaps with the bytes that are shared", () => {
    const extents = [range(1n, 4n, 4n), range(1n, 6n, 4n), range(0n, 6n, 4n)];
    const { html } = mapHtml({ ...about, fileSize: 12n * MIB, extType: "simple", extents });
    expect(html).toContain("overlap: extent 0 and extent 1 share 2 MiB from 0x600000 on of daxdev 1");
    expect(html.match(SHARED)).toHaveLength(1);
  });

  it("has every range and every overlap of any map, inside the picture", () => {
    const anyRange = fc.record({
      devindex: fc.bigInt(0n, 2n),
      offset: fc.bigInt(0n, (1n << 63n) - 1n),
      length: fc.bigInt(0n, (1n << 62n) - 1n),
    });
    const anyMap: fc.Arbitrary<Fmap> = fc
      .tuple(fc.array(anyRange, { minLength: 1, maxLength: 12 }), fc.bigInt(0n, (1n << 64n) - 1n))
      .map(([extents, fileSize]) => ({ ...about, fileSize, extType: "simple", extents }));
    fc.assert(
      fc.property(anyMap, (map) => {
        const { html } = mapHtml(map);
        const all = ownedRanges(map);
        expect(html.match(RANGE)).toHaveLength(all.length);
        expect(html.match(SHARED)?.length ?? 0).toBe(overlaps(all).length);
        for (const [, x, width] of html.matchAll(/ x="([\d.e-]+)" y="\d+" width="([\d.e-]+)"/g)) {
          expect(Number(x)).toBeGreaterThanOrEqual(84);
          // A range is at least one pixel wide, and what is shared two.
          expect(Number(x) + Number(width)).toBeLessThanOrEqual(722.1);
        }
      }),
    );
  });
});

describe("a scale", () => {
  const points = fc.array(fc.bigInt(0n, (1n << 64n) - 1n), { minLength: 1, maxLength: 20 });

  it("keeps the order of offsets, from end to end of its width", () => {
    fc.assert(
      fc.property(points, (ps) => {
        const scale = scaleOf(ps, 600);
        const sorted = [...ps].sort((a, b) => (a < b ? -1 : 1));
        const xs = sorted.map(scale.at);
        expect(xs).toEqual([...xs].sort((a, b) => a - b));
        expect(xs[0]).toBe(0);
        if (new Set(ps).size > 1) expect(xs.at(-1)).toBe(600);
        for (const [i, x] of xs.entries())
          if (i > 0 && sorted[i] !== sorted[i - 1]) expect(x).toBeGreaterThan(xs[i - 1] as number);
      }),
    );
  });

  it("puts an offset between its neighbours, and one outside at the end", () => {
    const scale = scaleOf([100n, 200n], 600);
    expect([99n, 100n, 150n, 200n, 900n].map(scale.at)).toEqual([0, 0, 300, 600, 600]);
  });

  it("writes labels with room between them, and the last at the end", () => {
    fc.assert(
      fc.property(points, (ps) => {
        const { labels } = scaleOf(ps, 600);
        for (const [i, l] of labels.entries()) {
          const next = labels[i + 1];
          if (next !== undefined) expect(next.x - l.x).toBeGreaterThanOrEqual(96 - 0.1);
        }
        expect(labels.at(-1)?.last).toBe(true);
      }),
    );
  });
});
