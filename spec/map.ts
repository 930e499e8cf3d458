/** The parsed map of a file as a kernel holds it in memory; every number of it is 64 bits wide there. */

/** A range of a daxdev, bytes: a simple extent or a strip. */
export interface DaxRange {
  readonly devindex: bigint;
  readonly offset: bigint;
  readonly length: bigint;
}

/** An extent whose bytes rotate over strips, chunk by chunk. */
export interface InterleavedExtent {
  /** Bytes that go to one strip before the next one's turn comes. */
  readonly chunkSize: bigint;
  /** Bytes of the file that this extent serves. */
  readonly nbytes: bigint;
  readonly strips: readonly DaxRange[];
}

/** The map of one file: which ranges of which daxdevs hold its bytes, all of one kind of extent. */
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
