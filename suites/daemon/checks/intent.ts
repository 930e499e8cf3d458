import { type DaxRange, FILE_TYPES, type Fmap, misreadings, renderMisreading } from "../../../spec/index.ts";

/** A run of a file's bytes on one daxdev. */
export interface Segment {
  readonly fileOffset: bigint;
  readonly length: bigint;
  readonly devindex: bigint;
  readonly offset: bigint;
}

/** Files of more chunks than this are compared extent by extent only. */
const MAX_SEGMENTS = 100_000;

/** The file's bytes in order, each run as long as it can be; null: too many runs to list. */
export function segments(map: Fmap): Segment[] | null {
  const result: Segment[] = [];
  let at = 0n;
  const add = (range: DaxRange, start: bigint, length: bigint) => {
    const left = map.fileSize - at;
    const n = length < left ? length : left;
    if (n <= 0n) return;
    const last = result.at(-1);
    const offset = range.offset + start;
    if (last !== undefined && last.devindex === range.devindex && last.offset + last.length === offset)
      result[result.length - 1] = { ...last, length: last.length + n };
    else result.push({ fileOffset: at, length: n, devindex: range.devindex, offset });
    at += n;
  };
  if (map.extType === "simple") {
    for (const extent of map.extents) add(extent, 0n, extent.length);
    return result;
  }
  for (const { chunkSize, nbytes, strips } of map.extents) {
    if (chunkSize === 0n) return null;
    for (let done = 0n, chunk = 0n; done < nbytes && at < map.fileSize; done += chunkSize, chunk++) {
      if (result.length > MAX_SEGMENTS) return null;
      const strip = strips[Number(chunk % BigInt(strips.length))] as DaxRange;
      const length = nbytes - done < chunkSize ? nbytes - done : chunkSize;
      add(strip, (chunk / BigInt(strips.length)) * chunkSize, length);
    }
  }
  return result;
}

/** Byte range by byte range, where two maps of a file put its bytes elsewhere. */
export function differences(meant: Fmap, served: Fmap): string[] {
  const found: string[] = [];
  if (meant.fileSize !== served.fileSize)
    found.push(
      `the file is ${served.fileSize} bytes long, meant were ${meant.fileSize}${asMeant(served.fileSize, meant.fileSize)}`,
    );
  const [a, b] = [segments(meant), segments(served)];
  if (a === null || b === null) return found;
  let i = 0;
  let j = 0;
  for (let at = 0n; i < a.length && j < b.length; ) {
    const [x, y] = [a[i] as Segment, b[j] as Segment];
    const end = min(x.fileOffset + x.length, y.fileOffset + y.length);
    const place = (s: Segment) => ({ devindex: s.devindex, offset: s.offset + (at - s.fileOffset) });
    const [p, q] = [place(x), place(y)];
    if (p.devindex !== q.devindex || p.offset !== q.offset)
      found.push(
        `bytes ${at} to ${end - 1n} are at daxdev ${q.devindex}, offset ${q.offset}; meant was daxdev ${p.devindex}, offset ${p.offset}${asMeant(q.offset, p.offset)}`,
      );
    at = end;
    if (x.fileOffset + x.length === end) i++;
    if (y.fileOffset + y.length === end) j++;
  }
  return found;
}

/** How a number may have become another one than was meant. */
const asMeant = (value: bigint, meant: bigint) =>
  renderMisreading(misreadings(value, 64, (n) => n === meant));

const typeName = (fileType: number) =>
  fileType in FILE_TYPES ? `${fileType} (${FILE_TYPES[fileType]})` : `${fileType}`;

/** How the file type that a map carries differs from the one that was meant; null: not at all. */
export const typeDifference = (meant: Fmap, served: Fmap): string | null =>
  meant.fileType === served.fileType
    ? null
    : `file_type is ${typeName(served.fileType)}, meant was ${typeName(meant.fileType)}`;

const min = (a: bigint, b: bigint) => (a < b ? a : b);
