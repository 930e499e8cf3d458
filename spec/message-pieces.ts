import { EXT_INTERLEAVE, EXT_SIMPLE, fmapHeader, interleavedExt, simpleExt } from "./fmap.ts";
import type { Struct } from "./struct.ts";

/** One field of a piece; the message may end inside it. */
export interface PieceField {
  readonly name: string;
  /** Byte of the message at which the field begins. */
  readonly offset: number;
  /** The field's bytes; fewer than `size` if the message ends inside it. */
  readonly bytes: Uint8Array;
  /** null: the message ends inside the field. */
  readonly value: bigint | null;
  /** Bytes of the complete field. */
  readonly size: number;
}

/** One record of a message, or the bytes behind the last. */
export interface Piece {
  readonly kind: "header" | "extent" | "interleaved" | "strip" | "rest";
  /** Number of the extent, and of the strip in it, from 0 where it has one. */
  readonly extent: number;
  readonly strip: number;
  /** Empty for the rest. */
  readonly fields: readonly PieceField[];
  readonly bytes: Uint8Array;
}

const number = (bytes: Uint8Array): bigint => bytes.reduceRight((n, byte) => (n << 8n) | BigInt(byte), 0n);

/**
 * Splits a message into the records that its own ext_type and counts announce; the message may end inside the last one.
 * Bytes behind the last record are one piece `rest`. `sizeField`: the header has fmap_size in place of reserved0.
 */
export function messagePieces(message: Uint8Array, sizeField = false): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  /** Reads the values of the next record; null: the message ends inside it. */
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
    const present = fields
      .filter((f) => f.offset < bytes.length)
      .map((f): PieceField => {
        const own = bytes.subarray(f.offset, f.offset + f.size);
        const value = own.length === f.size ? number(own) : null;
        const name = f.name === "reserved0" && sizeField ? "fmap_size" : f.name;
        return { name, offset: from + f.offset, bytes: own, value, size: f.size };
      });
    pieces.push({ kind, extent, strip, fields: present, bytes });
    return bytes.length < size ? null : (name: string) => Number(present.find((f) => f.name === name)?.value);
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
