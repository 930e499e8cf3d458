import { counted } from "../../base/counted.ts";
import {
  EXT_TYPES,
  FILE_TYPES,
  messagePieces,
  type Piece,
  type PieceField,
  profileNamed,
} from "../../spec/index.ts";

/** A field of a message, or a run of bytes that belongs to none. */
export interface LayoutField {
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly name: string;
  /** As a person reads it. */
  readonly value: string;
}

/** One record of a message: the header, an extent, a strip, or what is left over. */
export interface LayoutRecord {
  readonly title: string;
  readonly fields: readonly LayoutField[];
}

function readable({ name, value, bytes, size }: PieceField): string {
  if (value === null) return `cut off after ${bytes.length} of ${counted(size, "byte")}`;
  if (name === "file_type") return `${value}${named(FILE_TYPES, value)}`;
  if (name === "ext_type") return `${value}${named(EXT_TYPES, value)}`;
  return size === 8 && value >= 4096n ? `0x${value.toString(16)} (${value})` : `${value}`;
}

function named(names: readonly string[], n: bigint): string {
  const name = names[Number(n)];
  return name === undefined ? " (unknown)" : ` (${name})`;
}

const TITLES: Record<Piece["kind"], (piece: Piece) => string> = {
  header: () => "header",
  extent: ({ extent }) => `extent ${extent}`,
  interleaved: ({ extent }) => `interleaved extent ${extent}`,
  strip: ({ extent, strip }) => `extent ${extent}, strip ${strip}`,
  rest: ({ bytes }) => counted(bytes.length, "byte more", "bytes more"),
};

/**
 * The records of a message, as far as its bytes go: what its own ext_type and counts announce, then what is cut off in
 * the middle or follows the last record. `profile`: the name of the one whose header it has.
 */
export function layout(message: Uint8Array, profile: string | null = null): LayoutRecord[] {
  const sizeField = profile !== null && profileNamed(profile)?.fmapSizeField === true;
  return messagePieces(message, sizeField).map((piece) => ({
    title: TITLES[piece.kind](piece),
    fields:
      piece.kind === "rest"
        ? [{ offset: message.length - piece.bytes.length, bytes: piece.bytes, name: "", value: "" }]
        : piece.fields.map((f) => ({ offset: f.offset, bytes: f.bytes, name: f.name, value: readable(f) })),
  }));
}
