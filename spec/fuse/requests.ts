/**
 * The requests that Linux sends on a /dev/fuse mounted by descriptor, and when it sends them: read in fs/fuse of Linux 6.1
 * (`source`: function and condition) and measured on 6.18. DESTROY is missing because fuse_send_destroy sends it only if
 * fc->destroy is set: for fuseblk and virtiofs.
 */
import { OPCODES } from "./numbers.ts";
import {
  batchForgetIn,
  flushIn,
  forgetIn,
  getattrIn,
  initIn,
  interruptIn,
  openIn,
  readIn,
  releaseIn,
} from "./structs.ts";

/** The node in the request's header; `looked up`: any node that the kernel has looked up and not forgotten. */
export type Target = "zero" | "looked up" | "directory" | "regular file" | "symlink";

export interface RequestUse {
  readonly opcode: number;
  readonly target: Target;
  /** Bytes of the body; `at least`: more follow. */
  readonly body: number | { readonly atLeast: number };
  /** The body begins with the eight bytes of an open file handle. */
  readonly handle?: "file" | "directory";
  /** First agreed minor of FUSE 7 that has the request. Only BATCH_FORGET depends on the minor. */
  readonly since?: number;
  /** After one ENOSYS the kernel never sends it again; after ENOSYS to OPEN or OPENDIR it sends no RELEASE either. */
  readonly endsWithEnosys?: true;
  readonly source: string;
}

/** Body of a name, of a file or an extended attribute, with its NUL. */
const NAME = { atLeast: 2 } as const;

/** struct fuse_getxattr_in, fuse_access_in, fuse_lseek_in, fuse_statx_in. */
const GETXATTR_IN = 8;
const ACCESS_IN = 8;
const LSEEK_IN = 24;
const STATX_IN = 24;

export const REQUEST_USES = {
  INIT: {
    opcode: OPCODES.INIT,
    target: "zero",
    body: initIn.size,
    source: "fs/fuse/inode.c, fuse_send_init: once, before anything else",
  },
  LOOKUP: {
    opcode: OPCODES.LOOKUP,
    target: "directory",
    body: NAME,
    source: "fs/fuse/dir.c, fuse_lookup_name: a name of 1 to FUSE_NAME_MAX bytes, never `.` or `..`",
  },
  FORGET: {
    opcode: OPCODES.FORGET,
    target: "looked up",
    body: forgetIn.size,
    source: "fs/fuse/inode.c, fuse_evict_inode: fi->nlookup; fs/fuse/dev.c, fuse_read_single_forget",
  },
  BATCH_FORGET: {
    opcode: OPCODES.BATCH_FORGET,
    target: "zero",
    body: { atLeast: batchForgetIn.size },
    since: 16,
    source: "fs/fuse/dev.c, fuse_read_forget: minor >= 16 and a second one waits",
  },
  GETATTR: {
    opcode: OPCODES.GETATTR,
    target: "looked up",
    body: getattrIn.size,
    source: "fs/fuse/dir.c, fuse_do_getattr: FUSE_GETATTR_FH for an open regular file alone",
  },
  READLINK: {
    opcode: OPCODES.READLINK,
    target: "symlink",
    body: 0,
    source: "fs/fuse/dir.c, fuse_readlink_page",
  },
  OPEN: {
    opcode: OPCODES.OPEN,
    target: "regular file",
    body: openIn.size,
    endsWithEnosys: true,
    source: "fs/fuse/file.c, fuse_file_open: !fc->no_open; fuse_send_open: without O_CREAT, O_EXCL, O_NOCTTY",
  },
  READ: {
    opcode: OPCODES.READ,
    target: "regular file",
    body: readIn.size,
    handle: "file",
    source: "fs/fuse/file.c, fuse_read_args_fill: at most max_pages",
  },
  STATFS: { opcode: OPCODES.STATFS, target: "looked up", body: 0, source: "fs/fuse/inode.c, fuse_statfs" },
  RELEASE: {
    opcode: OPCODES.RELEASE,
    target: "regular file",
    body: releaseIn.size,
    handle: "file",
    source: "fs/fuse/file.c, fuse_file_put: not with fc->no_open",
  },
  FLUSH: {
    opcode: OPCODES.FLUSH,
    target: "regular file",
    body: flushIn.size,
    handle: "file",
    endsWithEnosys: true,
    source: "fs/fuse/file.c, fuse_flush: !fm->fc->no_flush",
  },
  OPENDIR: {
    opcode: OPCODES.OPENDIR,
    target: "directory",
    body: openIn.size,
    endsWithEnosys: true,
    source: "fs/fuse/file.c, fuse_file_open: !fc->no_opendir",
  },
  READDIR: {
    opcode: OPCODES.READDIR,
    target: "directory",
    body: readIn.size,
    handle: "directory",
    source:
      "fs/fuse/readdir.c, fuse_use_readdirplus: without do_readdirplus, or with readdirplus_auto and not at position 0",
  },
  READDIRPLUS: {
    opcode: OPCODES.READDIRPLUS,
    target: "directory",
    body: readIn.size,
    handle: "directory",
    source: "fs/fuse/readdir.c, fuse_use_readdirplus: fc->do_readdirplus",
  },
  RELEASEDIR: {
    opcode: OPCODES.RELEASEDIR,
    target: "directory",
    body: releaseIn.size,
    handle: "directory",
    source: "fs/fuse/file.c, fuse_file_put: nothing where OPENDIR got ENOSYS",
  },
  INTERRUPT: {
    opcode: OPCODES.INTERRUPT,
    target: "zero",
    body: interruptIn.size,
    endsWithEnosys: true,
    source:
      "fs/fuse/dev.c, fuse_read_interrupt, for a request in flight: its unique, and that with FUSE_INT_REQ_BIT",
  },
  GETXATTR: {
    opcode: 22,
    target: "looked up",
    body: { atLeast: GETXATTR_IN + 2 },
    endsWithEnosys: true,
    source: "fs/fuse/xattr.c, fuse_getxattr: !fm->fc->no_getxattr",
  },
  LISTXATTR: {
    opcode: 23,
    target: "looked up",
    body: GETXATTR_IN,
    endsWithEnosys: true,
    source: "fs/fuse/xattr.c, fuse_listxattr: !fm->fc->no_listxattr",
  },
  ACCESS: {
    opcode: 34,
    target: "looked up",
    body: ACCESS_IN,
    endsWithEnosys: true,
    source: "fs/fuse/dir.c, fuse_access: !fm->fc->no_access",
  },
  LSEEK: {
    opcode: 46,
    target: "regular file",
    body: LSEEK_IN,
    handle: "file",
    endsWithEnosys: true,
    source: "fs/fuse/file.c, fuse_lseek: !fm->fc->no_lseek, for SEEK_DATA and SEEK_HOLE",
  },
  STATX: {
    opcode: 52,
    target: "looked up",
    body: STATX_IN,
    endsWithEnosys: true,
    source:
      "fs/fuse/dir.c of Linux 6.6, fuse_do_statx: !fc->no_statx, for statx(2) that asks for the birth time",
  },
} as const satisfies Record<string, RequestUse>;

/** The use of an opcode; undefined: no kernel sends it on an ordinary mount. */
export const useOf = (opcode: number): (RequestUse & { readonly name: string }) | undefined =>
  byOpcode.get(opcode);

const byOpcode = new Map(
  Object.entries<RequestUse>(REQUEST_USES).map(([name, use]) => [use.opcode, { name, ...use }]),
);
