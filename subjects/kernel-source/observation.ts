/**
 * What the harness is asked and what it answers, beside the message and the map: declared here once, from where the C
 * header of a build is made.
 *
 * A request is `u32 length, message`, or `u32 EXTENDED | length`, and then `length` bytes: an `ask`, its `nresolve`
 * questions, the message. A reply is `u32 length`, and then: i32 rc of famfs_file_init_dax (OOPS if it did not return);
 * if rc is 0, the map that the inode has then, as in the frames protocol; an `observation`; a `resolved` for each
 * question. The reply to scene `sites` is UTF-8 text instead, one line a site: its kind, a blank, file:line[:column],
 * or file:function where the compiler left no line.
 */
import type { Profile } from "../../spec/profiles/index.ts";
import { struct } from "../../spec/struct.ts";
import { declareStruct } from "./c-struct.ts";

/** Bit of a request's length. */
export const EXTENDED = 0x8000_0000;

/** The rc of a call that did not return, for want of an errno: a fault, a write out of bounds, a division by zero, BUG(). */
export const OOPS = -0x8000_0000;

export const SCENES = {
  plain: 0,
  /** The inode has a map already. */
  mapped: 1,
  /** Somebody else publishes a map while we wait in inode_lock(). */
  lostRace: 2,
  /** Somebody else's map is there at the cmpxchg of famfs_meta_set(), in spite of the lock. */
  lateRival: 3,
  /** After success, famfs_meta_free() instead of __famfs_meta_free(). */
  evict: 4,
  /** The three ways to spoil a file before anything is resolved. */
  noTable: 5,
  sizeChanged: 6,
  daxCleared: 7,
  /** Answers with what the parser is; no message is judged. Only a device in a kernel knows this one (in-kernel/about.ts). */
  about: 0xffff_fffe,
  /** Has the counts of what was reached written down; no message is judged. Only a covered program knows this one. */
  coverage: 0xffff_fffd,
  /** Answers with the table of sites; no message is judged. */
  sites: 0xffff_ffff,
} as const;

export type Scene = keyof typeof SCENES;

export const ask = struct("fmapspec_ask", {
  /** The n-th allocation fails; 0 for none. */
  failAllocation: "u32",
  scene: "u32",
  nresolve: "u32",
  reserved: "u32",
});

/** One question to the resolver, in bytes of the file. */
export const question = struct("fmapspec_question", { offset: "u64", length: "u64" });

export const observation = struct("fmapspec_observation", {
  /** Objects that are left when the new map, if there is one, has been freed. */
  leaked: "u32",
  /** Allocations that succeeded, and their bytes. */
  allocations: "u32",
  allocatedBytes: "u32",
  /** Undefined shifts; then all other reports of UndefinedBehaviorSanitizer. A site is a line of the table, from 1. */
  shifts: "u32",
  otherUb: "u32",
  otherUbSite: "u32",
  /** Reports of AddressSanitizer, and what kfree was given that it cannot free. */
  asan: "u32",
  asanSite: "u32",
  /** Times that the inode is still locked; negative (two's complement) if it was unlocked too often. */
  lockDepth: "u32",
  /** The inode's map after famfs_file_init_dax: 0 none, 1 the new one, 2 the earlier or rival one. */
  mapState: "u32",
  /** S_DAX is set. */
  dax: "u32",
  /** The inode's map points to memory that is free. */
  dangling: "u32",
  shiftSite: "u32",
  reserved: "u32",
  /** 0x5eed if nobody set it. */
  iSize: "u64",
});

/** The resolver's answer: an i32 rc (OOPS, or -ENOSYS if the source has no resolver), and what struct iomap says. */
export const resolved = struct("fmapspec_resolved", {
  rc: "u32",
  /** A daxdev was found. */
  mapped: "u32",
  devindex: "u64",
  offset: "u64",
  length: "u64",
});

const upperSnake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

/** protocol.h: the above in C, and what the harness has to know of the profile. */
export function protocolHeader(profile: Profile): string {
  const defines = {
    ...Object.fromEntries(
      Object.entries(SCENES).map(([name, n]) => [`FMAPSPEC_${upperSnake(name)}`, `${n}u`]),
    ),
    FMAPSPEC_EXTENDED: `${EXTENDED}u`,
    FMAPSPEC_OOPS: "INT32_MIN",
    FMAPSPEC_DAXDEVS: profile.daxdevs.slots ?? profile.limits.devindexes,
    FMAPSPEC_KMALLOC_MAX: `${profile.limits.maxAllocation}ul`,
  };
  return [
    "#pragma once",
    "#include <stdint.h>",
    ...Object.entries(defines).map(([name, value]) => `#define ${name} ${value}`),
    ...[ask, question, observation, resolved].map(declareStruct),
    "",
  ].join("\n");
}
