/** The messages of FUSE that the suite sends or reads, as declared in include/uapi/linux/fuse.h. */
import { struct } from "../struct.ts";

export const inHeader = struct("fuse_in_header", {
  len: "u32",
  opcode: "u32",
  unique: "u64",
  nodeid: "u64",
  uid: "u32",
  gid: "u32",
  pid: "u32",
  total_extlen: "u16",
  padding: "u16",
});

export const outHeader = struct("fuse_out_header", { len: "u32", error: "i32", unique: "u64" });

export const initIn = struct("fuse_init_in", {
  major: "u32",
  minor: "u32",
  max_readahead: "u32",
  flags: "u32",
  flags2: "u32",
  unused: "char[44]",
});

export const initOut = struct("fuse_init_out", {
  major: "u32",
  minor: "u32",
  max_readahead: "u32",
  flags: "u32",
  max_background: "u16",
  congestion_threshold: "u16",
  max_write: "u32",
  time_gran: "u32",
  max_pages: "u16",
  map_alignment: "u16",
  flags2: "u32",
  unused: "char[28]",
});

const attr = {
  ino: "u64",
  size: "u64",
  blocks: "u64",
  atime: "u64",
  mtime: "u64",
  ctime: "u64",
  atimensec: "u32",
  mtimensec: "u32",
  ctimensec: "u32",
  mode: "u32",
  nlink: "u32",
  uid: "u32",
  gid: "u32",
  rdev: "u32",
  blksize: "u32",
  flags: "u32",
} as const;

/** struct fuse_entry_out with its struct fuse_attr in it. */
export const entryOut = struct("fuse_entry_out", {
  nodeid: "u64",
  generation: "u64",
  entry_valid: "u64",
  attr_valid: "u64",
  entry_valid_nsec: "u32",
  attr_valid_nsec: "u32",
  ...attr,
});

export const getattrIn = struct("fuse_getattr_in", { getattr_flags: "u32", dummy: "u32", fh: "u64" });

/** struct fuse_attr_out with its struct fuse_attr in it. */
export const attrOut = struct("fuse_attr_out", {
  attr_valid: "u64",
  attr_valid_nsec: "u32",
  dummy: "u32",
  ...attr,
});

export const openIn = struct("fuse_open_in", { flags: "u32", open_flags: "u32" });

export const openOut = struct("fuse_open_out", { fh: "u64", open_flags: "u32", padding: "u32" });

export const releaseIn = struct("fuse_release_in", {
  fh: "u64",
  flags: "u32",
  release_flags: "u32",
  lock_owner: "u64",
});

export const flushIn = struct("fuse_flush_in", {
  fh: "u64",
  unused: "u32",
  padding: "u32",
  lock_owner: "u64",
});

/** Body of READ, READDIR and READDIRPLUS. */
export const readIn = struct("fuse_read_in", {
  fh: "u64",
  offset: "u64",
  size: "u32",
  read_flags: "u32",
  lock_owner: "u64",
  flags: "u32",
  padding: "u32",
});

/** A directory entry without its name, which follows; the next entry begins at a multiple of 8 bytes. */
export const dirent = struct("fuse_dirent", { ino: "u64", off: "u64", namelen: "u32", type: "u32" });

export const forgetIn = struct("fuse_forget_in", { nlookup: "u64" });

export const batchForgetIn = struct("fuse_batch_forget_in", { count: "u32", dummy: "u32" });

export const forgetOne = struct("fuse_forget_one", { nodeid: "u64", nlookup: "u64" });

export const interruptIn = struct("fuse_interrupt_in", { unique: "u64" });

export const statfsOut = struct("fuse_statfs_out", {
  blocks: "u64",
  bfree: "u64",
  bavail: "u64",
  files: "u64",
  ffree: "u64",
  bsize: "u32",
  namelen: "u32",
  frsize: "u32",
  padding: "u32",
  spare: "char[24]",
});

/** The reply to GET_DAXDEV in rfc-v1 to v10: 280 bytes; `name` is the device's path with a NUL. */
export const daxdevOut = struct("fuse_daxdev_out", {
  index: "u16",
  reserved: "u16",
  reserved2: "u32",
  reserved3: "u64",
  reserved4: "u64",
  name: "char[256]",
});

/** Bodies of notifications; the bytes of a name or of data follow them. */
export const notifyPollOut = struct("fuse_notify_poll_wakeup_out", { kh: "u64" });

export const notifyInvalInodeOut = struct("fuse_notify_inval_inode_out", {
  ino: "u64",
  off: "u64",
  len: "u64",
});

export const notifyInvalEntryOut = struct("fuse_notify_inval_entry_out", {
  parent: "u64",
  namelen: "u32",
  flags: "u32",
});

export const notifyDeleteOut = struct("fuse_notify_delete_out", {
  parent: "u64",
  child: "u64",
  namelen: "u32",
  padding: "u32",
});

export const notifyStoreOut = struct("fuse_notify_store_out", {
  nodeid: "u64",
  offset: "u64",
  size: "u32",
  padding: "u32",
});

export const notifyRetrieveOut = struct("fuse_notify_retrieve_out", {
  notify_unique: "u64",
  nodeid: "u64",
  offset: "u64",
  size: "u32",
  padding: "u32",
});

/** Of protocol 7.45; a nodeid for each of `count` follows. */
export const notifyPruneOut = struct("fuse_notify_prune_out", {
  count: "u32",
  padding: "u32",
  spare: "u64",
});
