/**
 * A message written as JSON (schema `message`), for people: field names of the wire, u64 as decimal strings. A missing
 * field gets the value of a valid message. A count can be given explicitly, to contradict the extents that follow.
 */
import { EXT_INTERLEAVE, EXT_SIMPLE, FMAP_VERSION, fmapHeader, interleavedExt, simpleExt } from "./fmap.ts";

/** A simple extent or a strip of a message, by the names on the wire. */
export interface RangeDocument {
  readonly se_devindex?: number;
  readonly reserved?: number;
  readonly se_offset: string;
  readonly se_len: string;
}

/** An interleaved extent of a message, by the names on the wire. */
export interface InterleavedDocument {
  readonly ie_nstrips?: number;
  readonly ie_chunk_size: number;
  readonly ie_nbytes: string;
  readonly reserved?: string;
  readonly strips: readonly RangeDocument[];
}

/** A GET_FMAP reply as people write it: schema `message`. */
export interface MessageDocument {
  readonly header: {
    readonly file_type?: number;
    readonly reserved?: number;
    readonly fmap_version?: number;
    readonly ext_type?: number;
    readonly nextents?: number;
    readonly reserved0?: number;
    readonly file_size: string;
    readonly reserved1?: string;
  };
  readonly extents: readonly (RangeDocument | InterleavedDocument)[];
  /** Hex of the bytes after the last extent. */
  readonly trailing?: string;
}

const isInterleaved = (e: RangeDocument | InterleavedDocument): e is InterleavedDocument => "strips" in e;

/** The bytes of a document that fits the schema; throws RangeError for a u64 that is too large. */
export function encodeMessage(doc: MessageDocument): Uint8Array {
  const trailing = Buffer.from(doc.trailing ?? "", "hex");
  const size = doc.extents.reduce(
    (n, e) =>
      n + (isInterleaved(e) ? interleavedExt.size + e.strips.length * simpleExt.size : simpleExt.size),
    fmapHeader.size,
  );
  const bytes = new Uint8Array(size + trailing.length);
  const { header } = doc;
  fmapHeader.write(bytes, 0, {
    file_type: header.file_type ?? 0,
    reserved: header.reserved ?? 0,
    fmap_version: header.fmap_version ?? FMAP_VERSION,
    ext_type: header.ext_type ?? (doc.extents.some(isInterleaved) ? EXT_INTERLEAVE : EXT_SIMPLE),
    nextents: header.nextents ?? doc.extents.length,
    reserved0: header.reserved0 ?? 0,
    file_size: BigInt(header.file_size),
    reserved1: BigInt(header.reserved1 ?? 0),
  });
  let at: number = fmapHeader.size;
  const putRange = (r: RangeDocument) => {
    simpleExt.write(bytes, at, {
      se_devindex: r.se_devindex ?? 0,
      reserved: r.reserved ?? 0,
      se_offset: BigInt(r.se_offset),
      se_len: BigInt(r.se_len),
    });
    at += simpleExt.size;
  };
  for (const e of doc.extents) {
    if (!isInterleaved(e)) {
      putRange(e);
      continue;
    }
    interleavedExt.write(bytes, at, {
      ie_nstrips: e.ie_nstrips ?? e.strips.length,
      ie_chunk_size: e.ie_chunk_size,
      ie_nbytes: BigInt(e.ie_nbytes),
      reserved: BigInt(e.reserved ?? 0),
    });
    at += interleavedExt.size;
    for (const strip of e.strips) putRange(strip);
  }
  bytes.set(trailing, size);
  return bytes;
}
