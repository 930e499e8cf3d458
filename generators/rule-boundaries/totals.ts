import { MIB2, TWO_TO_63, TWO_TO_64 } from "../../spec/index.ts";
import type { Boundaries, Words } from "./words.ts";

export function totalBoundaries({ unit, range, striped, message }: Words): Boundaries {
  const sized = (file_size: bigint) => message([range(0n, unit)], { file_size: `${file_size}` });
  /** One strip of `length` bytes for a file of `fileSize` bytes; it serves `nbytes` bytes, by default all. */
  const strip = (length: bigint, fileSize: bigint, nbytes = fileSize === 0n ? 1n : fileSize) =>
    message([striped([range(0n, length)], { ie_nbytes: `${nbytes}` })], { file_size: `${fileSize}` });
  const wrapping = (file_size: bigint) =>
    message([range(0n, TWO_TO_64 - unit), range(0n, 2n * unit)], { file_size: `${file_size}` });
  return {
    "fmap/total/file-size": {
      "one-byte-less": sized(unit - 1n),
      exact: sized(unit),
      "one-byte-more": sized(unit + 1n),
      "2-63": sized(TWO_TO_63),
      most: sized(TWO_TO_64 - 1n),
    },
    "fmap/interleaved/remainder": {
      "one-byte-less": strip(MIB2, MIB2 - 1n),
      exact: strip(MIB2, MIB2),
      "one-byte-more": strip(MIB2, MIB2 + 1n, MIB2),
      // A difference of -2^63 is negative; one unit less wraps to a positive number.
      "less-by-2-63": strip(TWO_TO_63, 0n),
      "less-by-more-than-2-63": strip(TWO_TO_63 + MIB2, 0n),
    },
    "fmap/interleaved/nbytes-cover": {
      "file-one-byte-more-than-served": strip(2n * MIB2, MIB2 + 1n, MIB2),
      "file-as-served": strip(2n * MIB2, MIB2),
      "file-less-than-served": strip(2n * MIB2, 1n, MIB2),
    },
    "fmap/total/wraps": {
      "to-the-file-size": wrapping(unit),
      "one-byte-below-it": wrapping(unit + 1n),
    },
  };
}
