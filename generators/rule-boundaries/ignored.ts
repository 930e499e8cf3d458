import { MIB2 } from "../../spec/index.ts";
import type { Boundaries, Words } from "./words.ts";

/** Fields that the parser does not check, or accepts with any value. */
export function ignoredBoundaries({ unit, sizeField, range, units, striped, message }: Words): Boundaries {
  const one = (header: Parameters<typeof message>[1]) => message(units(1), header);
  const each = (values: readonly number[], header: (n: number) => Parameters<typeof message>[1]) =>
    Object.fromEntries(values.map((n) => [`${n}`, one(header(n))]));
  const whole = message(units(1)).length;
  const two = [range(0n, MIB2), range(4n * MIB2, MIB2)];
  const serving = (ie_nbytes: bigint) => message([striped(two, { ie_nbytes: `${ie_nbytes}` })]);
  return {
    "fmap/ignored/version": each([0, 2, 0x100, 0xffff], (fmap_version) => ({ fmap_version })),
    "fmap/ignored/file-type": each([1, 2, 3, 128, 255], (file_type) => ({ file_type })),
    "fmap/ignored/reserved": {
      "header-u8": one({ reserved: 255 }),
      "header-u64": one({ reserved1: "18446744073709551615" }),
      ...(sizeField ? {} : { "header-u32": one({ reserved0: 0xffffffff }) }),
      extent: message([{ ...range(0n, unit), reserved: 0xffffffff }]),
      head: message([striped([range(0n, MIB2)], { reserved: "18446744073709551615" })]),
      strip: message([striped([{ ...range(0n, MIB2), reserved: 0xffffffff }])]),
    },
    "fmap/ignored/fmap-size": each([0, whole - 1, whole, whole + 1, 0xffffffff], (reserved0) => ({
      reserved0,
    })),
    "fmap/ignored/trailing-bytes": {
      "1": message(units(1), {}, "a5"),
      "24": message(units(1), {}, "a5".repeat(24)),
      "1-interleaved": message([striped([range(0n, MIB2)])], {}, "a5"),
    },
    "fmap/ignored/nbytes": {
      "less-than-the-strips": serving(1n),
      "all-of-the-strips": serving(2n * MIB2),
      "more-than-the-strips": serving(2n * MIB2 + 1n),
    },
    "fmap/ignored/overlap": {
      "the-same-twice": message([range(0n, unit), range(0n, unit)]),
      "one-unit": message([range(0n, 2n * unit), range(unit, 2n * unit)]),
      "next-to-each-other": message(units(2)),
      "strips-the-same-twice": message([striped([range(0n, MIB2), range(0n, MIB2)])]),
    },
    "fmap/ignored/zero-length": {
      only: message([range(0n, 0n)]),
      first: message([range(0n, 0n), range(0n, unit)]),
      strip: message([striped([range(0n, 0n)], { ie_nbytes: "1" })]),
    },
    "fmap/ignored/file-size-zero": {
      simple: one({ file_size: "0" }),
      interleaved: message([striped([range(0n, MIB2)])], { file_size: "0" }),
    },
    "fmap/map/simple": {
      one: message([range(3n * unit, unit)]),
      "two-apart": message([range(5n * unit, 2n * unit), range(0n, unit)]),
      "17": message(units(17)),
    },
    "fmap/map/interleaved": {
      "one-strip": message([striped([range(2n * MIB2, MIB2)])]),
      "two-strips": message([striped(two)]),
      "two-extents": message([striped(two), striped([range(8n * MIB2, 2n * MIB2)])]),
    },
  };
}
