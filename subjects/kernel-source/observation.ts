/**
 * The requests and replies of the harness besides the message and the map. The C header of a build is generated from these
 * declarations.
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

/** The rc of a call that did not return: a fault, a write out of bounds, a division by zero, BUG(). */
export const OOPS = -0x8000_0000;

export const SCENES = {
  plain: 0,
  /** The inode already has a map. */
  mapped: 1,
  /** Another open publishes its map while this one waits in inode_lock(). */
  lostRace: 2,
  /** Another open's map is there at the cmpxchg of famfs_meta_set(), in spite of the lock. */
  lateRival: 3,
  /** After success, famfs_meta_free() instead of __famfs_meta_free(). */
  evict: 4,
  /** Three ways to make a file invalid before a resolution. */
  noTable: 5,
  sizeChanged: 6,
  daxCleared: 7,
  /** Replies with a description of the parser, without judging a message. Only a device in a kernel has it (in-kernel/about.ts). */
  about: 0xffff_fffe,
  /** Writes the counts of coverage, without judging a message. Only a covered program has it. */
  coverage: 0xffff_fffd,
  /** Replies with the table of sites, without judging a message. */
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
  /** Objects that are still allocated after the new map, if any, was freed. */
  leaked: "u32",
  /** Successful allocations, and their bytes. */
  allocations: "u32",
  allocatedBytes: "u32",
  /** Undefined shifts, then all other reports of UndefinedBehaviorSanitizer. A site is a line number of the table, from 1. */
  shifts: "u32",
  otherUb: "u32",
  otherUbSite: "u32",
  /** Reports of AddressSanitizer, and calls of kfree with something that it cannot free. */
  asan: "u32",
  asanSite: "u32",
  /** How often the inode is still locked; negative (two's complement) if it was unlocked too often. */
  lockDepth: "u32",
  /** The inode's map after famfs_file_init_dax: 0 none, 1 the new one, 2 the earlier or rival one. */
  mapState: "u32",
  /** S_DAX is set. */
  dax: "u32",
  /** The inode's map points to freed memory. */
  dangling: "u32",
  shiftSite: "u32",
  reserved: "u32",
  /** 0x5eed: it was not set. */
  iSize: "u64",
});

/** The resolver's result: an i32 rc (OOPS, or -ENOSYS if the source has no resolver), and the fields of struct iomap. */
export const resolved = struct("fmapspec_resolved", {
  rc: "u32",
  /** A daxdev was found. */
  mapped: "u32",
  devindex: "u64",
  offset: "u64",
  length: "u64",
});

const upperSnake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

/** protocol.h: these declarations in C, and the numbers of the profile that the harness needs. */
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
