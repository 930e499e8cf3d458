/**
 * The flags of INIT. `bit`: number among the 64 flags; bits 32 and above are sent in flags2 if INIT_EXT is set. `since`:
 * the minor of FUSE 7 that introduced the flag (history in include/uapi/linux/fuse.h). `offered`: false if fuse_new_init()
 * does not offer the flag on an ordinary mount (it needs DAX, virtiofs or io_uring, or no kernel offers it at all). Linux
 * 6.18 offers 0x5fd73fffffb at 7.45.
 */
interface InitFlag {
  readonly bit: number;
  readonly since: number;
  readonly offered?: false;
}

export const INIT_FLAGS = {
  ASYNC_READ: { bit: 0, since: 6 },
  POSIX_LOCKS: { bit: 1, since: 7 },
  FILE_OPS: { bit: 2, since: 9, offered: false },
  ATOMIC_O_TRUNC: { bit: 3, since: 9 },
  EXPORT_SUPPORT: { bit: 4, since: 10 },
  BIG_WRITES: { bit: 5, since: 9 },
  DONT_MASK: { bit: 6, since: 12 },
  SPLICE_WRITE: { bit: 7, since: 14 },
  SPLICE_MOVE: { bit: 8, since: 14 },
  SPLICE_READ: { bit: 9, since: 14 },
  FLOCK_LOCKS: { bit: 10, since: 17 },
  HAS_IOCTL_DIR: { bit: 11, since: 18 },
  AUTO_INVAL_DATA: { bit: 12, since: 20 },
  DO_READDIRPLUS: { bit: 13, since: 21 },
  READDIRPLUS_AUTO: { bit: 14, since: 21 },
  ASYNC_DIO: { bit: 15, since: 22 },
  WRITEBACK_CACHE: { bit: 16, since: 23 },
  NO_OPEN_SUPPORT: { bit: 17, since: 23 },
  PARALLEL_DIROPS: { bit: 18, since: 25 },
  HANDLE_KILLPRIV: { bit: 19, since: 26 },
  POSIX_ACL: { bit: 20, since: 26 },
  ABORT_ERROR: { bit: 21, since: 27 },
  MAX_PAGES: { bit: 22, since: 28 },
  CACHE_SYMLINKS: { bit: 23, since: 28 },
  NO_OPENDIR_SUPPORT: { bit: 24, since: 29 },
  EXPLICIT_INVAL_DATA: { bit: 25, since: 30 },
  MAP_ALIGNMENT: { bit: 26, since: 31, offered: false },
  SUBMOUNTS: { bit: 27, since: 32, offered: false },
  HANDLE_KILLPRIV_V2: { bit: 28, since: 33 },
  SETXATTR_EXT: { bit: 29, since: 33 },
  INIT_EXT: { bit: 30, since: 36 },
  SECURITY_CTX: { bit: 32, since: 36 },
  HAS_INODE_DAX: { bit: 33, since: 36, offered: false },
  CREATE_SUPP_GROUP: { bit: 34, since: 38 },
  HAS_EXPIRE_ONLY: { bit: 35, since: 38 },
  DIRECT_IO_ALLOW_MMAP: { bit: 36, since: 39 },
  PASSTHROUGH: { bit: 37, since: 40 },
  NO_EXPORT_SUPPORT: { bit: 38, since: 40 },
  HAS_RESEND: { bit: 39, since: 40 },
  ALLOW_IDMAP: { bit: 40, since: 41 },
  OVER_IO_URING: { bit: 41, since: 42, offered: false },
  /** rfc-v1 and rfc-v2, whose base is 7.42, use this bit for FUSE_DAX_FMAP. */
  REQUEST_TIMEOUT: { bit: 42, since: 43 },
} as const satisfies Record<string, InitFlag>;

type InitFlagName = keyof typeof INIT_FLAGS;

const ENTRIES = Object.entries<InitFlag>(INIT_FLAGS) as [InitFlagName, InitFlag][];

/** Bit numbers by name. */
export const INIT_BITS = Object.fromEntries(ENTRIES.map(([name, { bit }]) => [name, bit])) as Readonly<
  Record<InitFlagName, number>
>;

/** Names the flags as in fuse.h, without `FUSE_`. A bit that no mainline kernel has is given as its number. */
export function flagNames(flags: bigint): string {
  const names: string[] = [];
  for (let bit = 0; flags >> BigInt(bit) !== 0n; bit++)
    if (((flags >> BigInt(bit)) & 1n) === 1n)
      names.push(ENTRIES.find(([, flag]) => flag.bit === bit)?.[0] ?? `bit ${bit}`);
  return names.join(", ");
}

const masked = (fits: (flag: InitFlag) => boolean): bigint =>
  ENTRIES.reduce((flags, [, flag]) => (fits(flag) ? flags | (1n << BigInt(flag.bit)) : flags), 0n);

/** The flags that a mainline kernel of FUSE 7.`minor` offers to an ordinary mount. */
export const flagsOffered = (minor: number): bigint =>
  masked(({ since, offered }) => since <= minor && offered !== false);

/** The flags that a mainline kernel of FUSE 7.`minor` acts on if INIT's reply sets them. */
export const flagsKnown = (minor: number): bigint => masked(({ since }) => since <= minor);
