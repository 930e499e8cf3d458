import { PAGE64 } from "./limits.ts";
/** Explains a wrong number by a usual mistake of its writer, and gives the number that the writer meant. */

/** Which mistake explains a number. */
export type MisreadingKind =
  | "byte-order"
  | "upper-half"
  | "lower-half"
  | "upper-quarter"
  | "lower-quarter"
  | "two-bytes-late"
  | "two-bytes-early"
  | "page-too-low"
  | "page-too-high"
  | "unit";

/** One explanation of a number. */
export interface Misreading {
  readonly kind: MisreadingKind;
  /** The number that the writer probably meant. */
  readonly meant: bigint;
  /** Half a sentence: "written in the opposite byte order". */
  readonly how: string;
}

/** Bits of the field that carries the number. */
export type FieldWidth = 16 | 32 | 64;

/** Units in which a size or an offset is sometimes written in place of bytes, the largest first. */
const UNITS = [
  ["GiB", 1n << 30n],
  ["MiB", 1n << 20n],
  ["pages of 4096 bytes", PAGE64],
  ["KiB", 1024n],
  ["sectors of 512 bytes", 512n],
] as const;

/** The number with the bytes of a field of this width in the opposite order. */
export function byteSwapped(value: bigint, width: FieldWidth): bigint {
  let swapped = 0n;
  for (let at = 0; at < width; at += 8) swapped = (swapped << 8n) | ((value >> BigInt(at)) & 0xffn);
  return swapped;
}

/** Readings in which the number is in one part of the field only. */
function parts(value: bigint, width: FieldWidth): Misreading[] {
  const found: Misreading[] = [];
  for (const [size, bits] of [
    ["half", width / 2],
    ["quarter", width / 4],
  ] as const) {
    if (bits < 8) continue;
    found.push(
      {
        kind: `upper-${size}`,
        meant: value >> BigInt(width - bits),
        how: `written into the upper ${bits} of the field's ${width} bits`,
      },
      {
        kind: `lower-${size}`,
        meant: BigInt.asUintN(bits, value),
        how: `written into the lower ${bits} of the field's ${width} bits, with other bytes above it`,
      },
    );
  }
  // If the writer confuses a u16 with a u32, all later fields are shifted by two bytes.
  found.push(
    { kind: "two-bytes-late", meant: value >> 16n, how: "written two bytes too late" },
    {
      kind: "two-bytes-early",
      meant: BigInt.asUintN(width, value << 16n),
      how: "written two bytes too early",
    },
  );
  return found;
}

/** Readings in another unit, or one page away. */
function scales(value: bigint, width: FieldWidth): Misreading[] {
  const found: Misreading[] = [
    { kind: "page-too-low", meant: value + PAGE64, how: "too low by a page of 4096 bytes" },
  ];
  if (value >= PAGE64)
    found.push({ kind: "page-too-high", meant: value - PAGE64, how: "too high by a page of 4096 bytes" });
  for (const [name, bytes] of UNITS) {
    found.push({ kind: "unit", meant: value * bytes, how: `written in ${name}, not in bytes` });
    if (value % bytes === 0n)
      found.push({ kind: "unit", meant: value / bytes, how: `written in bytes, not in ${name}` });
  }
  return found.filter(({ meant }) => meant >> BigInt(width) === 0n);
}

/**
 * The numbers that the writer of `value`, in a field of `width` bits, may have meant: the readings that `fits` accepts, the
 * likeliest first, each number once. Empty if the value itself fits, or if no reading does. 0 is never a reading, because
 * every field contains zeros.
 */
export function misreadings(
  value: bigint,
  width: FieldWidth,
  fits: (meant: bigint) => boolean,
): readonly Misreading[] {
  if (fits(value)) return [];
  const swapped = byteSwapped(value, width);
  const all: Misreading[] = [
    { kind: "byte-order", meant: swapped, how: "written in the opposite byte order" },
    ...parts(value, width),
    ...scales(value, width),
  ];
  const known = new Set<bigint>([0n, value]);
  return all.filter(({ meant }) => {
    if (known.has(meant) || !fits(meant)) return false;
    known.add(meant);
    return true;
  });
}

/** The likeliest reading as the end of a message: "; 4096 would be right: it looks written ..."; or "". */
export function renderMisreading([first]: readonly Misreading[]): string {
  return first === undefined ? "" : `; ${first.meant} would be right: it looks ${first.how}`;
}
