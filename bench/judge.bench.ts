import { bench, describe } from "vitest";
import { build, type Recipe, recipe } from "../generators/index.ts";
import { KernelParser, parseFmap } from "../oracles/index.ts";
import { DEFAULT_PROFILE } from "../spec/index.ts";

/** Shapes of performance notes: extents or extents x strips. */
const SHAPES: Record<string, Recipe> = {
  "1 extent, 56 bytes": recipe({}),
  "32 extents, 800 bytes": recipe({ count: 4 }),
  "2 x 3 strips, 224 bytes": recipe({ kind: 1, count: 1, strips: 2 }),
  "32 x 32 strips, 25 KB": recipe({ kind: 1, count: 4, strips: 4 }),
};

const oracle = new KernelParser(DEFAULT_PROFILE);

for (const [name, shape] of Object.entries(SHAPES)) {
  const message = build(shape).bytes;
  const view = new DataView(message.buffer, message.byteOffset, message.length);
  describe(`judging ${name}`, () => {
    bench("the hot path: verdict and map record", () => {
      oracle.parse(view, 0, message.length);
    });
    bench("the readable verdict, with BigInt", () => {
      parseFmap(DEFAULT_PROFILE, message);
    });
  });
}
