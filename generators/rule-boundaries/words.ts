import {
  encodeMessage,
  type InterleavedDocument,
  type MessageDocument,
  MIB2,
  type Profile,
  type RangeDocument,
  type RuleId,
} from "../../spec/index.ts";

/** Messages by a short description, under the rule whose boundary they are next to. */
export type Boundaries = Partial<Record<RuleId, Readonly<Record<string, Uint8Array>>>>;

type Extents = MessageDocument["extents"];
type Header = Partial<MessageDocument["header"]>;

/** The functions with which boundaries are written for one profile. */
export type Words = ReturnType<typeof wordsFor>;

/** Limits for a profile without its own: it must accept messages on both sides of the earlier revisions' limits. */
const LIMITS = { extents: 32, strips: 32 };

export function wordsFor({ limits, fmapSizeField }: Profile) {
  const unit = BigInt(limits.alignment);
  /** A simple extent or a strip. */
  const range = (offset: bigint, length: bigint, more: Partial<RangeDocument> = {}): RangeDocument => ({
    se_offset: `${offset}`,
    se_len: `${length}`,
    ...more,
  });
  /** Aligned ranges, one after the other. */
  const units = (n: number) => Array.from({ length: n }, (_, i) => range(BigInt(i) * unit, unit));
  /** An interleaved extent that serves all bytes of its strips, in chunks that every profile accepts. */
  const striped = (
    strips: readonly RangeDocument[],
    more: Partial<InterleavedDocument> = {},
  ): InterleavedDocument => ({
    ie_chunk_size: Number(MIB2),
    ie_nbytes: `${lengthOf(strips)}`,
    strips,
    ...more,
  });
  /** The message of these extents; file_size is the bytes that they carry unless `header` sets it. */
  const message = (extents: Extents, header: Header = {}, trailing = ""): Uint8Array => {
    const full = { file_size: `${lengthOf(extents)}`, ...header };
    const bytes = encodeMessage({ header: full, extents, trailing });
    if (!fmapSizeField || header.reserved0 !== undefined) return bytes;
    return encodeMessage({ header: { reserved0: bytes.length, ...full }, extents, trailing });
  };
  return {
    unit,
    devindexes: limits.devindexes,
    maxExtents: limits.maxExtents ?? LIMITS.extents,
    maxStrips: limits.maxStrips ?? LIMITS.strips,
    sizeField: fmapSizeField,
    range,
    units,
    striped,
    message,
  };
}

/** The sum of all lengths, modulo 2^64. */
const lengthOf = (extents: Extents): bigint =>
  extents
    .flatMap((e) => ("strips" in e ? e.strips : [e]))
    .reduce((sum, r) => BigInt.asUintN(64, sum + BigInt(r.se_len)), 0n);
