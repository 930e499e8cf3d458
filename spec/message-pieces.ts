import { EXT_INTERLEAVE, EXT_SIMPLE, fmapHeader, interleavedExt, simpleExt } from "./fmap.ts";
import type { Struct } from "./struct.ts";

/** One field of a piece, as far as its bytes are there. */
export interface PieceField {
  readonly name: string;
  /** Byte of the message at which it begins. */
  readonly offset: number;
  /** Its size in bytes where all of it is there, and fewer where it is cut off. */
  readonly bytes: Uint8Array;
  /** Null: it is cut off. */
  readonly value: bigint | null;
  /** Bytes that it has. */
  readonly size: number;
}

/** One record of a message, or the bytes behind the last. */
export interface Piece {
  readonly kind: "header" | "extent" | "interleaved" | "strip" | "rest";
  /** Number of the extent, and of the strip in it, from 0 where it has one. */
  readonly extent: number;
  readonly strip: number;
  /** None of a rest. */
  readonly fields: readonly PieceField[];
  readonly bytes: Uint8Array;
}

const number = (bytes: Uint8Array): bigint => bytes.reduceRight((n, byte) => (n << 8n) | BigInt(byte), 0n);

/**
 * The records of a message as its own ext_type and counts announce them, as far as its bytes go: the last one may be cut
 * off. Behind them comes a rest if there is one. `sizeField`: the header has fmap_size in the place of reserved0.
 */
export function messagePieces(message: Uint8Array, sizeField = false): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  /** The values of a record that is whole; null: the message ends before. */
  const take = (
    kind: Piece["kind"],
    { size, fields }: Pick<Struct, "size" | "fields">,
    extent = 0,
    strip = 0,
  ) => {
    const from = at;
    const bytes = message.subarray(from, from + size);
    if (bytes.length === 0) return null;
    at += bytes.length;
    const seen = fields
      .filter((f) => f.offset < bytes.length)
      .map((f): PieceField => {
        const own = bytes.subarray(f.offset, f.offset + f.size);
        const value = own.length === f.size ? number(own) : null;
        const name = f.name === "reserved0" && sizeField ? "fmap_size" : f.name;
        return { name, offset: from + f.offset, bytes: own, value, size: f.size };
      });
    pieces.push({ kind, extent, strip, fields: seen, bytes });
    return bytes.length < size ? null : (name: string) => Number(seen.find((f) => f.name === name)?.value);
  };

  const header = take("header", fmapHeader);
  const extents = header?.("nextents") ?? 0;
  const extType = header?.("ext_type");
  for (let i = 0; i < extents && at < message.length; i++) {
    if (extType === EXT_SIMPLE) take("extent", simpleExt, i);
    else if (extType === EXT_INTERLEAVE) {
      const strips = take("interleaved", interleavedExt, i)?.("ie_nstrips") ?? 0;
      for (let j = 0; j < strips && at < message.length; j++) take("strip", simpleExt, i, j);
    } else break;
  }
  if (at < message.length)
    pieces.push({ kind: "rest", extent: 0, strip: 0, fields: [], bytes: message.subarray(at) });
  return pieces;
}
