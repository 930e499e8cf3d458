import { MIB2, TWO_TO_63, TWO_TO_64 } from "../../spec/index.ts";
import type { Boundaries, Words } from "./words.ts";

const CHUNK = Number(MIB2);
const CHUNK_SIZES = {
  "0": 0,
  "1": 1,
  "4095": 4095,
  "4096": 4096,
  "4097": 4097,
  "64-kib": 1 << 16,
  "1-mib": 1 << 20,
  "2-mib-less-1": CHUNK - 1,
  "2-mib-and-1": CHUNK + 1,
  "4-mib": 2 * CHUNK,
  "6-mib": 3 * CHUNK,
  "2-31": 0x80000000,
  "last-multiple": 0xffe00000,
  most: 0xffffffff,
};

export function interleavedBoundaries({ maxStrips, unit, range, striped, message }: Words): Boundaries {
  const ranges = (n: number, length = MIB2) =>
    Array.from({ length: n }, (_, i) => range(BigInt(i) * length, length));
  const whole = message([striped(ranges(1)), striped([range(MIB2, MIB2)])]);
  const chunked = (ie_chunk_size: number) => message([striped(ranges(1), { ie_chunk_size })]);
  /** One strip of `length` bytes that serves `ie_nbytes` bytes. */
  const serving = (ie_nbytes: bigint, length = MIB2) =>
    message([striped(ranges(1, length), { ie_nbytes: `${ie_nbytes}` })], { file_size: "1" });
  const counted = (n: number) => message([striped(ranges(n), { ie_nbytes: "1" })], { file_size: "1" });
  const none = striped([], { ie_nbytes: "1" });
  return {
    "fmap/interleaved/header-underflow": {
      "first-head-one-byte-short": whole.subarray(0, 55),
      "first-head-missing": whole.subarray(0, 32),
      "second-head-one-byte-short": whole.subarray(0, 103),
      "second-head-missing": whole.subarray(0, 80),
      exact: whole,
    },
    "fmap/interleaved/chunk-size": Object.fromEntries(
      Object.entries(CHUNK_SIZES).map(([name, size]) => [name, chunked(size)]),
    ),
    "fmap/interleaved/nbytes-zero": {
      "0": serving(0n),
      "1": serving(1n),
      "0-and-no-strip": message([striped([], { ie_nbytes: "0" })]),
      "0-of-an-empty-file": message([striped(ranges(1), { ie_nbytes: "0" })], { file_size: "0" }),
      "0-in-the-second": message([striped(ranges(1)), striped(ranges(1), { ie_nbytes: "0" })]),
    },
    "fmap/interleaved/nbytes-limit": {
      "2-63-less-1": serving(TWO_TO_63 - 1n, TWO_TO_63),
      "2-63": serving(TWO_TO_63, TWO_TO_63),
      "2-64-less-1": serving(TWO_TO_64 - 1n, TWO_TO_63),
      "2-63-of-a-short-file": serving(TWO_TO_63),
    },
    "fmap/interleaved/strips-underflow": {
      "one-byte-short": whole.subarray(0, 79),
      "no-strip": whole.subarray(0, 56),
      "last-strip-one-byte-short": whole.subarray(0, whole.length - 1),
      "one-more-announced": message([striped(ranges(2), { ie_nstrips: 3 })]),
      "one-fewer-announced": message([striped(ranges(2), { ie_nstrips: 1, ie_nbytes: `${MIB2}` })], {
        file_size: `${MIB2}`,
      }),
      "most-announced": message([striped(ranges(1), { ie_nstrips: 0xffffffff })]),
    },
    "fmap/interleaved/nstrips-zero": {
      "0": message([none]),
      "1": message([striped(ranges(1))]),
      "0-then-1": message([none, striped(ranges(1))]),
      "1-then-0": message([striped(ranges(1)), none]),
    },
    "fmap/interleaved/nstrips-limit": {
      one: counted(1),
      two: counted(2),
      at: counted(maxStrips),
      above: counted(maxStrips + 1),
      "above-in-the-second": message([striped(ranges(1)), striped(ranges(maxStrips + 1))]),
    },
    "fmap/interleaved/strip-capacity": {
      exact: serving(MIB2),
      "one-byte-more": serving(MIB2 + 1n),
      "partial-chunk": serving(unit - 1n, unit),
      "partial-chunk-over": serving(unit + 1n, unit),
      "two-strips-exact": message([striped(ranges(2))]),
      "two-strips-over-in-the-first": message([striped(ranges(2), { ie_nbytes: `${2n * MIB2 + 1n}` })]),
      "second-strip-short": message([
        striped([range(0n, 2n * MIB2), range(4n * MIB2, unit)], { ie_nbytes: `${MIB2 + unit + 1n}` }),
      ]),
    },
  };
}
