/** Where else the files could lie: maps that are as good as the true ones, and other ones. */

import { UsageError } from "../../../base/errors.ts";
import { type Fmap, type Manifest, mapOf, rangesOf } from "../../../spec/index.ts";

/** Bytes that every offset and length is a multiple of. */
export const UNIT = 2n << 20n;

/** As many other places as faults make use of at most. */
const ENOUGH = 1n << 18n;

const larger = (a: bigint, b: bigint) => (a > b ? a : b);
const smaller = (a: bigint, b: bigint) => (a < b ? a : b);

/** The map with all its ranges so many bytes further on. */
export function moved(map: Fmap, by: bigint): Fmap {
  const shifted = <R extends { readonly offset: bigint }>(r: R): R => ({ ...r, offset: r.offset + by });
  return map.extType === "simple"
    ? mapOf(map.fileType, map.fileSize, { extType: "simple", extents: map.extents.map(shifted) })
    : mapOf(map.fileType, map.fileSize, {
        extType: "interleaved",
        extents: map.extents.map((e) => ({ ...e, strips: e.strips.map(shifted) })),
      });
}

/** Bytes up to the end of the last range, on whatever daxdev. */
const extentOf = (m: Manifest): bigint =>
  m.files.flatMap(({ map }) => rangesOf(map)).reduce((end, r) => larger(end, r.offset + r.length), UNIT);

/**
 * How far the files can be moved in steps of `step` without leaving the smallest daxdev: the n-th place, counted from
 * the true one at 0, which comes again after the last. Throws UsageError where there is no other place.
 */
function placesOf(m: Manifest, step: bigint): (n: number) => bigint {
  const sizes = m.daxdevs.flatMap(({ size }) => (size === null ? [] : [size]));
  const room = sizes.reduce(smaller, extentOf(m) + ENOUGH * step);
  const places = (room - extentOf(m)) / step + 1n;
  if (places < 2n) throw new UsageError("this fault needs a daxdev that has room to move the files to");
  const count = Number(smaller(places, ENOUGH));
  return (n) => BigInt(n % count) * step;
}

/** Places so far apart that files at different ones never touch. */
export const farPlaces = (m: Manifest) => placesOf(m, extentOf(m));

/** Places for all the files at once, as many as there are. */
export const nearPlaces = (m: Manifest) => placesOf(m, UNIT);
