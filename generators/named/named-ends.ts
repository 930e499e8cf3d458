import { fmapHeader, type Profile, simpleExt } from "../../spec/index.ts";
import { build } from "../build.ts";
import { recipe } from "../recipe.ts";

const SHAPES = [
  ["simple-1", { kind: 0, count: 0 }],
  ["simple-2", { kind: 0, count: 1 }],
  ["interleaved-1x2", { kind: 1, count: 0, strips: 1 }],
  ["interleaved-2x1", { kind: 1, count: 1, strips: 0 }],
] as const;

/** Numbers of bytes behind the last extent: one, a field, and around a record. */
const MORE = [1, 8, 23, 24, 25, 48];

/** Messages cut at every 8 bytes, or a byte before or behind a record, or with some bytes too many. */
export function* namedEnds(profile: Profile): Generator<[name: string, message: Uint8Array]> {
  for (const [shape, choices] of SHAPES) {
    const whole = build(recipe(choices), profile).bytes;
    for (let end = 0; end < whole.length; end++)
      if (end % 8 === 0 || isNextToRecord(end)) yield [`end/${shape}/${end}-bytes`, whole.slice(0, end)];
    for (const tailAt of MORE)
      yield [`end/${shape}/${tailAt}-more`, build(recipe({ ...choices, tail: 3, tailAt }), profile).bytes];
  }
}

/** Whether `end` is one byte from the border of a record. The head of an interleaved extent is as long as a range. */
function isNextToRecord(end: number): boolean {
  const past = (end - fmapHeader.size) % simpleExt.size;
  return end >= fmapHeader.size - 1 && [-1, 1, simpleExt.size - 1].includes(past);
}
