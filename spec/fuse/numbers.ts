/** Opcodes that every profile has; those of famfs differ and stand in the profile. */
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

/** Major of the protocol; its minors stand in the profiles. */
export const FUSE_MAJOR = 7;

/** File type in st_mode, and the bits that say it. */
export const MODE = {
  typeMask: 0o170000,
  directory: 0o040000,
  regular: 0o100000,
  symlink: 0o120000,
} as const;

/** The largest errno that a reply can carry is below this (fs/fuse/dev.c: error > 0 or <= -512 is refused). */
export const ERROR_BOUND = 512;
