/** What Linux puts into the bodies of its requests, for a 64-bit program, as measured on 6.18. */
import {
  batchForgetIn,
  bytesOf,
  flushIn,
  forgetIn,
  forgetOne,
  getattrIn,
  getFmapIn,
  OPCODES,
  openIn,
  PAGE,
  readIn,
  releaseIn,
} from "../../../spec/index.ts";

/** Bytes that glibc has room for when it lists a directory. */
const LISTING = 32_768;

/** FUSE_GETATTR_FH: fh is that of an open file. */
const GETATTR_FH = 1;

/** O_LARGEFILE; with opendir(3) O_NONBLOCK and O_DIRECTORY as well. */
const openFlags = (directory: boolean): number => (directory ? 0x18800 : 0x8000);

/** The kernel scrambles the address of the process's files: anything but 0. */
const LOCK_OWNER = 0x9e37_79b9_7f4a_7c15n;

/** `fh`: of an open regular file. */
export const getattrBody = (fh?: bigint): Uint8Array =>
  bytesOf(getattrIn, fh === undefined ? {} : { getattr_flags: GETATTR_FH, fh });

export const openBody = (directory: boolean): Uint8Array => bytesOf(openIn, { flags: openFlags(directory) });

export const releaseBody = (fh: bigint, directory: boolean): Uint8Array =>
  bytesOf(releaseIn, { fh, flags: openFlags(directory) });

export const flushBody = (fh: bigint): Uint8Array => bytesOf(flushIn, { fh, lock_owner: LOCK_OWNER });

/** `size`: bytes that the program has room for; a request has at most `maxPages` pages. */
export const readdirBody = (fh: bigint, offset: bigint, maxPages: number, size = LISTING): Uint8Array =>
  bytesOf(readIn, {
    fh,
    offset,
    size: Math.min(size, maxPages * PAGE),
    flags: openFlags(true),
  });

export const forgetBody = (nlookup: bigint): Uint8Array => bytesOf(forgetIn, { nlookup });

/** Gives back one lookup of each nodeid. */
export function batchForgetBody(nodeids: readonly bigint[]): Uint8Array {
  const items = nodeids.map((nodeid) => bytesOf(forgetOne, { nodeid, nlookup: 1n }));
  return Buffer.concat([bytesOf(batchForgetIn, { count: nodeids.length }), ...items]);
}

/** `size`: bytes of reply that there is room for. struct fuse_getxattr_in has the same two fields. */
export const getFmapBody = (size: number): Uint8Array => bytesOf(getFmapIn, { size });

/** First minor of which fuse_dev_do_read packs several FORGETs into one message. */
export const MINOR_OF_BATCH_FORGET = 16;

/** FOPEN_NOFLUSH in what OPEN was answered with: close(2) sends no FLUSH. */
export const FOPEN_NOFLUSH = 1 << 5;

/** Replies that were shorter before a minor (FUSE_COMPAT_*_SIZE; fs/fuse/dev.c, fuse_adjust_compat). */
const COMPAT: Readonly<Record<number, { readonly before: number; readonly size: number }>> = {
  [OPCODES.STATFS]: { before: 4, size: 48 },
  [OPCODES.LOOKUP]: { before: 9, size: 120 },
  [OPCODES.GETATTR]: { before: 9, size: 96 },
};

/** Bytes of the reply to an opcode whose struct has `size` bytes today. */
export function replySize(opcode: number, minor: number, size: number): number {
  const compat = COMPAT[opcode];
  return compat !== undefined && minor < compat.before ? compat.size : size;
}
