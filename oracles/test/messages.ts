import {
  encodeMessage,
  type InterleavedDocument,
  type MessageDocument,
  type RangeDocument,
} from "../../spec/index.ts";

/** 2 MiB: what offsets and lengths are a multiple of. */
export const MIB2 = 2n << 20n;

type Header = Partial<MessageDocument["header"]>;

/** A simple extent or a strip: `length` bytes at `offset`. */
export const range = (offset: bigint, length: bigint, more: Partial<RangeDocument> = {}): RangeDocument => ({
  se_offset: offset.toString(),
  se_len: length.toString(),
  ...more,
});

/** One aligned range of 2 MiB. */
export const UNIT = range(MIB2, MIB2);

/** `n` ranges of 2 MiB, one after the other. */
export const units = (n: number): RangeDocument[] =>
  Array.from({ length: n }, (_, i) => range(BigInt(i + 1) * MIB2, MIB2));

/** An interleaved extent of these strips that serves 2 MiB. */
export const striped = (
  strips: RangeDocument[],
  more: Partial<InterleavedDocument> = {},
): InterleavedDocument => ({
  ie_chunk_size: Number(MIB2),
  ie_nbytes: MIB2.toString(),
  strips,
  ...more,
});

const lengthOf = (extents: MessageDocument["extents"]): bigint =>
  extents
    .flatMap((e) => ("strips" in e ? e.strips : [e]))
    .reduce((sum, r) => BigInt.asUintN(64, sum + BigInt(r.se_len)), 0n);

/** The message of these extents; its file_size is what they carry, modulo 2^64, unless the header says otherwise. */
export const message = (
  extents: MessageDocument["extents"],
  header: Header = {},
  trailing = "",
): Uint8Array =>
  encodeMessage({ header: { file_size: lengthOf(extents).toString(), ...header }, extents, trailing });

/** A message of one extent that anything may be wrong with, of file_size 0: nothing else is. */
export const one = (extent: RangeDocument | InterleavedDocument, header: Header = {}): Uint8Array =>
  message([extent], { file_size: "0", ...header });

/** The smallest message that is accepted: a header and one simple extent of 2 MiB. */
export const SMALLEST = message([UNIT]);

/** The smallest interleaved one: a header, one extent, one strip. */
export const SMALLEST_STRIPED = message([striped([UNIT])]);
