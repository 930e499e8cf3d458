/** Messages made by hand, for tests of the harness. */
import { fmapHeader, interleavedExt, simpleExt } from "../../../spec/fmap.ts";

export const MIB2 = 2n << 20n;

type Extent = readonly [devindex: number, offset: bigint, length: bigint];

function header(ext_type: number, nextents: number, file_size: bigint): Uint8Array {
  const bytes = new Uint8Array(fmapHeader.size);
  const rest = { file_type: 0, reserved: 0, fmap_version: 1, reserved0: 0, reserved1: 0n };
  fmapHeader.write(bytes, 0, { ...rest, ext_type, nextents, file_size });
  return bytes;
}

function extent([se_devindex, se_offset, se_len]: Extent): Uint8Array {
  const bytes = new Uint8Array(simpleExt.size);
  simpleExt.write(bytes, 0, { se_devindex, reserved: 0, se_offset, se_len });
  return bytes;
}

function iext(chunkSize: number, nbytes: bigint, nstrips: number): Uint8Array {
  const bytes = new Uint8Array(interleavedExt.size);
  interleavedExt.write(bytes, 0, {
    ie_nstrips: nstrips,
    ie_chunk_size: chunkSize,
    ie_nbytes: nbytes,
    reserved: 0n,
  });
  return bytes;
}

export const simpleMessage = (
  fileSize: bigint,
  extents: readonly Extent[],
  nextents = extents.length,
): Buffer => Buffer.concat([header(0, nextents, fileSize), ...extents.map(extent)]);

export const interleavedMessage = (
  fileSize: bigint,
  iexts: readonly { chunkSize: number; nbytes: bigint; strips: readonly Extent[] }[],
): Buffer =>
  Buffer.concat([
    header(1, iexts.length, fileSize),
    ...iexts.flatMap(({ chunkSize, nbytes, strips }) => [
      iext(chunkSize, nbytes, strips.length),
      ...strips.map(extent),
    ]),
  ]);
