import { TWO_TO_63, TWO_TO_64 } from "../../spec/index.ts";
import type { Boundaries, Words } from "./words.ts";

export function headerBoundaries({ unit, maxExtents, range, units, striped, message }: Words): Boundaries {
  const one = message(units(1));
  const strips = (n: number) => units(n).map((u) => striped([u], { ie_nbytes: `${unit}` }));
  /** A message with one extent whose header announces another number. */
  const announced = (nextents: number) => message(units(1), { nextents });
  const typed = (ext_type: number) => message(units(1), { ext_type });
  const sized = (file_size: bigint) => message([range(0n, TWO_TO_63)], { file_size: `${file_size}` });
  return {
    "fmap/header/underflow": {
      empty: one.subarray(0, 0),
      "4-bytes": one.subarray(0, 4),
      "31-bytes": one.subarray(0, 31),
      "32-bytes": one.subarray(0, 32),
      whole: one,
    },
    "fmap/header/nextents-zero": {
      "none-simple": message([]),
      "none-interleaved": message([], { ext_type: 1 }),
      "none-announced": announced(0),
      "one-simple": one,
      "one-interleaved": message(strips(1)),
    },
    "fmap/header/nextents-limit": {
      "simple-below": message(units(maxExtents - 1)),
      "simple-at": message(units(maxExtents)),
      "simple-above": message(units(maxExtents + 1)),
      "interleaved-at": message(strips(maxExtents)),
      "interleaved-above": message(strips(maxExtents + 1)),
      "announced-at": announced(maxExtents),
      "announced-above": announced(maxExtents + 1),
      "announced-2-31": announced(0x80000000),
      "announced-most": announced(0xffffffff),
      "unknown-type-above": message(units(1), { nextents: maxExtents + 1, ext_type: 2 }),
    },
    "fmap/header/file-size-limit": {
      "2-63-less-1": sized(TWO_TO_63 - 1n),
      "2-63": sized(TWO_TO_63),
      "2-64-less-1": sized(TWO_TO_64 - 1n),
    },
    "fmap/header/ext-type": {
      "0": one,
      "1": message(strips(1)),
      "2": typed(2),
      "3": typed(3),
      "0x100": typed(0x100),
      "0x10000": typed(0x10000),
      "2-31": typed(0x80000000),
      most: typed(0xffffffff),
      "simple-read-as-interleaved": typed(1),
      "interleaved-read-as-simple": message(strips(1), { ext_type: 0 }),
    },
    "fmap/simple/underflow": {
      exact: message(units(2)),
      "one-byte-short": message(units(2)).subarray(0, 79),
      "no-byte": one.subarray(0, 32),
      "one-more-announced": message(units(2), { nextents: 3 }),
      "one-fewer-announced": message(units(2), { nextents: 1, file_size: `${unit}` }),
    },
  };
}
