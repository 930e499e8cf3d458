import {
  encodeMessage,
  type InterleavedDocument,
  MIB2,
  type Profile,
  type RangeDocument,
  TWO_TO_63,
  TWO_TO_64,
} from "../spec/index.ts";
import { covering, product } from "./covering.ts";

/** The values of each field of a small map: its boundary classes. */
interface Classes {
  readonly devindex: readonly number[];
  readonly offset: readonly bigint[];
  readonly length: readonly bigint[];
  readonly chunkSize: readonly number[];
  readonly nbytes: readonly bigint[];
}

function classesOf({ limits }: Profile): Classes {
  const unit = BigInt(limits.alignment);
  return {
    devindex: [0, 1, 31, 64],
    offset: [0n, unit, unit >> 1n, TWO_TO_63, TWO_TO_64 - unit],
    length: [unit, 0n, unit >> 1n, TWO_TO_63, TWO_TO_64 - unit],
    chunkSize: [Number(MIB2), 0, 4096, 4096 + Number(MIB2)],
    nbytes: [unit, 0n, 1n, 2n * unit, TWO_TO_63, TWO_TO_64 - 1n],
  };
}

/** file_size relative to the bytes that the ranges carry, modulo 2^64: exact, zero, one less, one more, and both edges. */
const FILE_SIZES: readonly ((carried: bigint) => bigint)[] = [
  (n) => n,
  () => 0n,
  (n) => BigInt.asUintN(64, n - 1n),
  (n) => BigInt.asUintN(64, n + 1n),
  () => TWO_TO_63,
  () => TWO_TO_64 - 1n,
];

/** A family of small maps, and how completely it is enumerated. */
export interface SmallWorld {
  readonly name: string;
  /** `full`: every combination of all factors; a number: every combination of that many factors. */
  readonly coverage: "full" | number;
  messages(profile: Profile): Generator<Uint8Array>;
}

/** The shape of a map: how many extents; for interleaved ones how many strips each has. */
interface Shape {
  readonly extents: number;
  readonly strips: number | null;
}

/** The factors of one range, and of one interleaved extent's head, by the number of their classes. */
const rangeSizes = (c: Classes) => [c.devindex.length, c.offset.length, c.length.length];
const headSizes = (c: Classes) => [c.chunkSize.length, c.nbytes.length];

function sizesOf(c: Classes, { extents, strips }: Shape): number[] {
  const ranges = (n: number) => Array.from({ length: n }, () => rangeSizes(c)).flat();
  const extent = strips === null ? ranges(1) : [...headSizes(c), ...ranges(strips)];
  return [FILE_SIZES.length, ...Array.from({ length: extents }, () => extent).flat()];
}

/** The message of one row: an index for each factor, in the order of `sizesOf`. */
function messageOf(
  profile: Profile,
  c: Classes,
  { extents, strips }: Shape,
  row: readonly number[],
): Uint8Array {
  let at = 1;
  let carried = 0n;
  const next = () => row[at++] as number;
  const range = (): RangeDocument => {
    const [devindex, offset, length] = [c.devindex[next()], c.offset[next()], c.length[next()]];
    carried += length as bigint;
    return { se_devindex: devindex as number, se_offset: `${offset}`, se_len: `${length}` };
  };
  const extent = (): RangeDocument | InterleavedDocument => {
    if (strips === null) return range();
    const [chunk, nbytes] = [c.chunkSize[next()], c.nbytes[next()]];
    return {
      ie_chunk_size: chunk as number,
      ie_nbytes: `${nbytes}`,
      strips: Array.from({ length: strips }, range),
    };
  };
  const all = Array.from({ length: extents }, extent);
  const fileSize = FILE_SIZES[row[0] as number]?.(BigInt.asUintN(64, carried));
  const header = { file_size: `${fileSize}`, ext_type: strips === null ? 0 : 1 };
  const bytes = encodeMessage({ header, extents: all });
  if (!profile.fmapSizeField) return bytes;
  return encodeMessage({ header: { ...header, reserved0: bytes.length }, extents: all });
}

const world = (name: string, shape: Shape, coverage: SmallWorld["coverage"]): SmallWorld => ({
  name,
  coverage,
  *messages(profile) {
    const classes = classesOf(profile);
    const sizes = sizesOf(classes, shape);
    for (const row of coverage === "full" ? product(sizes) : covering(sizes, coverage))
      yield messageOf(profile, classes, shape, row);
  },
});

/** Maps of up to two extents and two strips, of every boundary class of their fields. */
export const SMALL_WORLDS: readonly SmallWorld[] = [
  world("no extent", { extents: 0, strips: null }, "full"),
  world("one simple extent", { extents: 1, strips: null }, "full"),
  world("two simple extents", { extents: 2, strips: null }, 4),
  world("one interleaved extent without strips", { extents: 1, strips: 0 }, "full"),
  world("one interleaved extent of one strip", { extents: 1, strips: 1 }, "full"),
  world("one interleaved extent of two strips", { extents: 1, strips: 2 }, 3),
  world("two interleaved extents of one strip", { extents: 2, strips: 1 }, 3),
  world("two interleaved extents of two strips", { extents: 2, strips: 2 }, 3),
];
