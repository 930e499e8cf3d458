/** The fields of a message, decoded whether a kernel accepts it or not: for the files of stored failures. */
import { hexOf } from "./hex.ts";
import { messagePieces, type Piece } from "./message-pieces.ts";

/** A simple extent or a strip; a field that is cut off is missing. */
export interface DecodedRange {
  devindex?: string;
  offset?: string;
  length?: string;
}

/** An interleaved extent of a decoded message, by the names on the wire. */
export interface DecodedInterleaved {
  /** Number of strips that the head announces. */
  nstrips?: string;
  chunkSize?: string;
  nbytes?: string;
  strips: DecodedRange[];
}

/** Extents are written as a driver writes those of its map; a header's fields have the names of the wire. All numbers are decimal strings. */
export interface DecodedMessage {
  header: Record<string, string>;
  extents: (DecodedRange | DecodedInterleaved)[];
  /** Hex of the bytes behind the last extent. */
  rest?: string;
}

/** Names in a map of the fields on the wire. */
const CALLED: Readonly<Record<string, string>> = {
  se_devindex: "devindex",
  se_offset: "offset",
  se_len: "length",
  ie_nstrips: "nstrips",
  ie_chunk_size: "chunkSize",
  ie_nbytes: "nbytes",
};

/** Decodes until the bytes end. `sizeField`: the header has fmap_size in place of reserved0. */
export function decodeMessage(message: Uint8Array, sizeField = false): DecodedMessage {
  const decoded: DecodedMessage = { header: {}, extents: [] };
  for (const piece of messagePieces(message, sizeField)) {
    if (piece.kind === "header") decoded.header = values(piece, (name) => name);
    else if (piece.kind === "rest") decoded.rest = hexOf(piece.bytes);
    else if (piece.kind === "strip")
      (decoded.extents.at(-1) as DecodedInterleaved).strips.push(renamed(piece));
    else decoded.extents.push(piece.kind === "extent" ? renamed(piece) : { ...renamed(piece), strips: [] });
  }
  return decoded;
}

const renamed = (piece: Piece) => values(piece, (name) => CALLED[name] ?? null);

/** The complete fields by name, without those whose name is null. */
const values = ({ fields }: Piece, called: (name: string) => string | null): Record<string, string> =>
  Object.fromEntries(
    fields.flatMap(({ name, value }) => {
      const key = called(name);
      return key === null || value === null ? [] : [[key, `${value}`]];
    }),
  );
