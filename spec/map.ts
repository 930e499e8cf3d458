/** The parsed map of a file as the kernel keeps it in memory; all its numbers have 64 bits there. */

/** A range of a daxdev, bytes: a simple extent or a strip. */
export interface DaxRange {
  readonly devindex: bigint;
  readonly offset: bigint;
  readonly length: bigint;
}

/** An extent whose bytes rotate over strips, chunk by chunk. */
export interface InterleavedExtent {
  /** Bytes in one strip before the next strip follows. */
  readonly chunkSize: bigint;
  /** Bytes of the file that this extent serves. */
  readonly nbytes: bigint;
  readonly strips: readonly DaxRange[];
}

/** The map of one file: which ranges of which daxdevs have its bytes. All extents are of one kind. */
export type Fmap = {
  readonly fileType: number;
  /** Bytes. */
  readonly fileSize: bigint;
  /** Bit n stands for devindex n. */
  readonly devBitmap: bigint;
} & (
  | { readonly extType: "simple"; readonly extents: readonly DaxRange[] }
  | { readonly extType: "interleaved"; readonly extents: readonly InterleavedExtent[] }
);
