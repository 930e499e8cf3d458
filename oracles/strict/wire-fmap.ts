import {
  EXT_INTERLEAVE,
  EXT_SIMPLE,
  type Fmap,
  fmapHeader,
  interleavedExt,
  simpleExt,
} from "../../spec/index.ts";

type Header = ReturnType<typeof fmapHeader.read>;
type SimpleExt = ReturnType<typeof simpleExt.read>;

/** A range as written in a message, with its byte offset there. */
export interface WireRange extends SimpleExt {
  readonly at: number;
  /** `extent 0`, or `extent 0, strip 1`. */
  readonly owner: string;
}

interface WireInterleaved extends ReturnType<typeof interleavedExt.read> {
  readonly at: number;
  readonly strips: readonly WireRange[];
}

/** The fields of a message, read whether a kernel accepts it or not. */
export interface WireFmap {
  readonly header: Header;
  readonly extents: readonly WireRange[];
  readonly interleaved: readonly WireInterleaved[];
  /** Byte behind the last extent that the header announces. */
  readonly end: number;
}

/** Reads a message; a number if it ends too early: the least length in bytes that it would need. */
export function readWireFmap(message: Uint8Array): WireFmap | number {
  if (message.length < fmapHeader.size) return fmapHeader.size;
  const header = fmapHeader.read(message);
  const { ext_type, nextents } = header;
  let at: number = fmapHeader.size;
  const ranges = (n: number, owner: (i: number) => string): WireRange[] | number => {
    if (at + n * simpleExt.size > message.length) return at + n * simpleExt.size;
    return Array.from({ length: n }, (_, i) => {
      const from = at;
      at += simpleExt.size;
      return { ...simpleExt.read(message, from), at: from, owner: owner(i) };
    });
  };
  if (ext_type === EXT_SIMPLE) {
    const extents = ranges(nextents, (i) => `extent ${i}`);
    return typeof extents === "number" ? extents : { header, extents, interleaved: [], end: at };
  }
  const interleaved: WireInterleaved[] = [];
  for (let i = 0; ext_type === EXT_INTERLEAVE && i < nextents; i++) {
    const head = at;
    at += interleavedExt.size;
    if (at > message.length) return at;
    const ext = interleavedExt.read(message, head);
    const strips = ranges(ext.ie_nstrips, (j) => `extent ${i}, strip ${j}`);
    if (typeof strips === "number") return strips;
    interleaved.push({ ...ext, at: head, strips });
  }
  return { header, extents: [], interleaved, end: at };
}

/** Every extent or strip of the message, in its order. */
export const wireRanges = ({ extents, interleaved }: WireFmap): readonly WireRange[] =>
  interleaved.length === 0 ? extents : interleaved.flatMap((e) => e.strips);

/** The map that the message means. */
export function meantMap({ header, extents, interleaved }: WireFmap): Fmap {
  const range = (r: WireRange) => ({
    devindex: BigInt(r.se_devindex),
    offset: r.se_offset,
    length: r.se_len,
  });
  const head = { fileType: header.file_type, fileSize: header.file_size, devBitmap: 0n };
  if (header.ext_type === EXT_SIMPLE) return { ...head, extType: "simple", extents: extents.map(range) };
  return {
    ...head,
    extType: "interleaved",
    extents: interleaved.map((e) => ({
      chunkSize: BigInt(e.ie_chunk_size),
      nbytes: e.ie_nbytes,
      strips: e.strips.map(range),
    })),
  };
}
