/** The revisions that ask the daemon for daxdevs with GET_DAXDEV. */
import type { Profile } from "./profile.ts";

const MIB2 = 2 << 20;

export const rfcV2: Profile = {
  name: "rfc-v2",
  aliases: [],
  title: "famfs-fuse RFC V2, 3 July 2025",
  source: "linux-fsdevel 20250703185032.46568-13-john@groves.net (12/18) to -16 (15/18)",
  open: {},
  opcodes: { getFmap: 53, getDaxdev: 54 },
  // rfc-v1 sets the macro to 42, and the libfuse header for rfc-v2 does, too; only its comment says 7.43.
  minor: 42,
  initBit: 42,
  initGuarded: false,
  request: { hook: "open", nodeid: "nodeid", again: false, body: "fuse_get_fmap_in" },
  limits: {
    maxExtents: 32,
    maxStrips: 32,
    devindexes: 1,
    maxAllocation: 4 << 20,
    alignment: MIB2,
    fmapMax: 32_768,
  },
  parser: {
    fileSizeLimit: "u64",
    sums: "wrap",
    bitmap: "int",
    recheck: true,
    interleaved: {
      order: ["nbytes", "strips", "nstrips"],
      chunkSizes: "any",
      nbytesLimit: "u64",
      nstrips: "counted",
      stripCapacity: false,
      cover: "remainder",
      frees: "first extent",
    },
  },
  errnos: {
    nextentsZero: "EINVAL",
    nextentsLimit: "E2BIG",
    bufferAlloc: "EIO",
    alreadyMapped: "EEXIST",
    lostRace: "EEXIST",
  },
  fmapSizeField: false,
  replySize: { kind: "retry-once", first: 4096, min: 56, max: 32_768 },
  exchange: {
    allocationChecked: true,
    leaksBuffer: "when it fails",
    dropsVerdict: true,
    openIgnoresFmap: true,
  },
  install: {
    looksFirst: true,
    loser: "freed",
    unlocksUnlocked: false,
    freeLeavesPointer: true,
    ownAddressSpace: false,
  },
  daxdevs: {
    way: "pull",
    slots: 24,
    known: "EALREADY",
    nameCopyChecked: false,
    claimFailure: "not claimed",
    missing: "nothing",
  },
  resolver: {
    failure: "empty",
    compares: "s64",
    shift: false,
    clip: "file size",
    checksChunk: false,
    poisoned: null,
  },
};

export const rfcV1: Profile = {
  ...rfcV2,
  name: "rfc-v1",
  title: "famfs-fuse RFC V1, 20 April 2025",
  source: "linux-fsdevel 20250421013346.32530-13-john@groves.net (12/19) to -15 (14/19)",
  open: { resolver: "15/19 as posted was not read" },
  request: { hook: "lookup", nodeid: "inode number", again: true, body: "none" },
  limits: { ...rfcV2.limits, maxExtents: 2, maxStrips: 16, fmapMax: null },
  replySize: { kind: "exact", first: 4096, max: 4096 },
  exchange: { ...rfcV2.exchange, allocationChecked: false, leaksBuffer: "always" },
  resolver: null,
};

export const v3: Profile = {
  ...rfcV2,
  name: "v3",
  title: "famfs-fuse V3, 7 January 2026",
  source: "linux-fsdevel 20260107153332.64727-15-john@groves.net (14/21) to -18 (17/21)",
  opcodes: { getFmap: 54, getDaxdev: 55 },
  // The comment says 7.46, but no hunk sets the macro: it stays at 45, as in the base and in fuse.h of simple-only.
  minor: 45,
  initBit: 43,
  initGuarded: true,
  request: { ...rfcV2.request, body: "none" },
  errnos: { ...rfcV2.errnos, alreadyMapped: null },
  replySize: { kind: "single", first: 4096, max: 4096 },
  exchange: {
    allocationChecked: true,
    leaksBuffer: "when the request fails",
    dropsVerdict: false,
    openIgnoresFmap: false,
  },
  install: { ...rfcV2.install, looksFirst: false, ownAddressSpace: true },
  daxdevs: { ...rfcV2.daxdevs, known: null },
};

const v3Resolver = v3.resolver as NonNullable<Profile["resolver"]>;

export const v4: Profile = {
  ...v3,
  name: "v4",
  aliases: ["v5", "v6"],
  title: "famfs-fuse V4, 14 January 2026, and its re-sends V5 and V6",
  source: "linux-fsdevel 20260114213209.29453-13, -14 and -16-john@groves.net (11/19 to 15/19)",
  open: { "install/freeLeavesPointer": "famfs_meta_free of this revision was not read" },
  errnos: { ...v3.errnos, lostRace: null },
  exchange: { ...v3.exchange, leaksBuffer: "never" },
  install: { ...v3.install, loser: "leaked", unlocksUnlocked: true, freeLeavesPointer: null },
  daxdevs: { ...v3.daxdevs, nameCopyChecked: true },
  resolver: { ...v3Resolver, failure: "EIO", clip: "uninitialised" },
};

const v4Interleaved = v4.parser.interleaved as NonNullable<Profile["parser"]["interleaved"]>;

const v7Resolver = { ...v3Resolver, failure: "EIO", checksChunk: true } as const;

export const v7: Profile = {
  ...v4,
  name: "v7",
  aliases: [],
  title: "famfs-fuse V7, 18 January 2026",
  source: "linux-fsdevel, famfs-fuse V7 of 18 January 2026 (13/19 and 15/19)",
  parser: {
    ...v4.parser,
    interleaved: {
      ...v4Interleaved,
      order: ["chunk-size", "nbytes", "strips", "nstrips"],
      chunkSizes: "aligned",
      frees: "every extent",
    },
  },
  install: { ...v4.install, loser: "freed", unlocksUnlocked: false },
  resolver: v7Resolver,
};

export const v10: Profile = {
  ...v7,
  name: "v10",
  aliases: ["v8", "v9"],
  title: "famfs-fuse V10, 31 March 2026, and V8 and V9, which have the same code",
  source: "linux-fsdevel/vfs@018cf40b, famfs-fuse V10 (03/10, 04/10 and 06/10)",
  errnos: { ...v7.errnos, nextentsZero: "ERANGE", nextentsLimit: "ERANGE", bufferAlloc: "ENOMEM" },
  daxdevs: { ...v7.daxdevs, claimFailure: "slot in error" },
  resolver: { ...v7Resolver, poisoned: "EHWPOISON" },
};
