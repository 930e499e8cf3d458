/** The opcodes that all profiles share. The opcodes of famfs differ: see the profile. */
export const OPCODES = {
  LOOKUP: 1,
  FORGET: 2,
  GETATTR: 3,
  READLINK: 5,
  OPEN: 14,
  READ: 15,
  STATFS: 17,
  RELEASE: 18,
  FLUSH: 25,
  INIT: 26,
  OPENDIR: 27,
  READDIR: 28,
  RELEASEDIR: 29,
  INTERRUPT: 36,
  DESTROY: 38,
  BATCH_FORGET: 42,
  READDIRPLUS: 44,
} as const;

/** Requests that have no reply. */
export const UNANSWERED: readonly number[] = [OPCODES.FORGET, OPCODES.BATCH_FORGET];

export const ROOT_NODEID = 1n;

/** Major version of the protocol; the minor is in the profile. */
export const FUSE_MAJOR = 7;

/** The file types of st_mode, and the mask of their bits. */
export const MODE = {
  typeMask: 0o170000,
  directory: 0o040000,
  regular: 0o100000,
  symlink: 0o120000,
} as const;

/** Errnos of a reply are below this number (fs/fuse/dev.c refuses error > 0 and error <= -512). */
export const ERROR_BOUND = 512;
