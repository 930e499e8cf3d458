/**
 * The fmap message, as include/uapi/linux/fuse.h of the famfs patches has it: a header, then `nextents` simple
 * extents, or `nextents` interleaved extents each directly followed by its strips.
 */
import { struct } from "./struct.ts";

export const fmapHeader = struct("fuse_famfs_fmap_header", {
  file_type: "u8",
  reserved: "u8",
  fmap_version: "u16",
  ext_type: "u32",
  nextents: "u32",
  reserved0: "u32",
  file_size: "u64",
  reserved1: "u64",
});

/** A simple extent; also each strip of an interleaved extent. */
export const simpleExt = struct("fuse_famfs_simple_ext", {
  se_devindex: "u32",
  reserved: "u32",
  se_offset: "u64",
  se_len: "u64",
});

/** The head of an interleaved extent; `ie_nstrips` simple extents follow it. */
export const interleavedExt = struct("fuse_famfs_iext", {
  ie_nstrips: "u32",
  ie_chunk_size: "u32",
  ie_nbytes: "u64",
  reserved: "u64",
});

/** Body of the GET_FMAP request in rfc-v2: how many bytes of reply the kernel accepts. */
export const getFmapIn = struct("fuse_get_fmap_in", { size: "u32", padding: "u32" });

export const FMAP_VERSION = 1;
export const EXT_SIMPLE = 0;
export const EXT_INTERLEAVE = 1;

/** Names of file_type on the wire, by value. */
export const FILE_TYPES = ["regular", "superblock", "log"] as const;

/** Names of ext_type on the wire, by value. */
export const EXT_TYPES = ["simple", "interleaved"] as const;
