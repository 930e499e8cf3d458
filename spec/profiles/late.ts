/** The revisions whose daemon registers the daxdevs in advance, and whose header has the length of the message. */
import { v10 } from "./early.ts";
import type { Profile } from "./profile.ts";

export const simpleOnly: Profile = {
  ...v10,
  name: "simple-only",
  aliases: [],
  title: "the tree without interleaved extents, 2026",
  source: "linux-fsdevel/vfs@5b9e415a, fs/fuse/famfs.c and include/uapi/linux/fuse.h",
  open: { ...v10.open, "daxdevs/slots": "MAX_DAXDEVS of this revision was not found" },
  opcodes: { ...v10.opcodes, getDaxdev: null },
  request: { ...v10.request, body: "fuse_getxattr_in" },
  limits: { ...v10.limits, maxExtents: null, maxStrips: null },
  parser: { ...v10.parser, bitmap: "u64", recheck: false, interleaved: null },
  fmapSizeField: true,
  replySize: { kind: "fmap-size", first: 4096, max: 16 << 20 },
  install: { ...v10.install, ownAddressSpace: false },
  daxdevs: { ...v10.daxdevs, way: "push", slots: null, missing: "every access fails" },
  resolver: {
    failure: "EIO",
    compares: "u64",
    shift: true,
    clip: null,
    checksChunk: false,
    poisoned: "EHWPOISON",
  },
};

export const dualExt: Profile = {
  ...simpleOnly,
  name: "dual-ext",
  title: "the tree with both kinds of extents again, 2026",
  source: "linux-fsdevel/vfs, the revision after simple-only that brings interleaved extents back",
  open: {
    "opcodes/getFmap": "its uapi header was not found",
    minor: "its uapi header was not found",
    initBit: "its uapi header was not found",
    "limits/maxStrips": "its uapi header was not found, and with it the value of FUSE_FAMFS_MAX_STRIPS",
    "limits/fmapMax": "its uapi header was not found",
    "install/freeLeavesPointer": "famfs_meta_free of this revision was not read",
    resolver: "its resolver was not found",
  },
  limits: { ...simpleOnly.limits, devindexes: 64, alignment: 4096, fmapMax: null },
  parser: {
    ...simpleOnly.parser,
    fileSizeLimit: "s64",
    sums: "refused",
    interleaved: {
      order: ["chunk-size", "nbytes", "nstrips", "strips"],
      chunkSizes: [4096, 2 << 20],
      nbytesLimit: "s64",
      nstrips: "at once",
      stripCapacity: true,
      cover: "nbytes",
      frees: "every extent",
    },
  },
  daxdevs: { ...simpleOnly.daxdevs, slots: 64 },
  resolver: null,
};
