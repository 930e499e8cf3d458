/** The known faults of the revisions, which a message triggers before its verdict. */
import { INTERLEAVING, revisions } from "../profiles/names.ts";
import { at, inParser, type RuleEntry } from "./rule.ts";

export const hazardRules = {
  "hazard/devindex-shift": {
    level: "SHOULD",
    needs: "observation",
    sentence:
      "`1 << devindex` is an int shift, undefined in C from 31 on; as a 64-bit shift (from simple-only on) from 64 on.",
    source: inParser("famfs.c:157, famfs.c:257"),
    consequence: "The bitmap of daxdevs holds another bit than was meant, or the compiler drops the code.",
  },
  "hazard/strips-leak": {
    level: "SHOULD",
    needs: "observation",
    sentence: "__famfs_meta_free frees the strips of the first interleaved extent only.",
    source: at("famfs.c:39", revisions("rfc-v1", "v4")),
    consequence:
      "Each refused or evicted map of several interleaved extents leaks kernel memory: a daemon can drain it.",
  },
  "hazard/unpaid-allocation": {
    level: "SHOULD",
    needs: "observation",
    sentence: "The list of interleaved extents is allocated before the message is known to hold them.",
    source: inParser("famfs.c:174", INTERLEAVING),
    consequence:
      "A short message makes the kernel allocate up to 1 KiB that it does not pay for; without a limit of extents up to 4 MiB.",
  },
  "hazard/inode-left-locked": {
    level: "SHOULD",
    needs: "observation",
    sentence: "When famfs_meta_set refuses, famfs_file_init_dax returns with the inode locked.",
    source: at("famfs.c:347", revisions("rfc-v1", "rfc-v2")),
    consequence: "Every later access to the inode hangs; no path leads there today.",
  },
  "hazard/unlock-of-unlocked": {
    level: "SHOULD",
    needs: "observation",
    sentence:
      "A refused message leaves famfs_file_init_dax by a way that unlocks the inode, which was never locked.",
    source: at("famfs.c, famfs_file_init_dax", revisions("v4", "v4")),
    consequence: "The lock of whoever holds it is broken, or its count is wrong from then on.",
  },
  "hazard/lost-race-leak": {
    level: "SHOULD",
    needs: "observation",
    sentence: "The map that lost a race is never freed.",
    source: at("famfs.c, famfs_file_init_dax", revisions("v4", "v4")),
    consequence: "Opens that race leak kernel memory.",
  },
  "hazard/map-left-dangling": {
    level: "SHOULD",
    needs: "observation",
    sentence:
      "famfs_meta_free clears the inode's map with a cmpxchg that expects NULL, so the freed map stays in place.",
    source: at("fuse_i.h:1585", revisions("rfc-v1", "v3")),
    consequence: "Whoever looks at the inode afterwards uses freed memory.",
  },
  "hazard/buffer-leak": {
    level: "SHOULD",
    needs: "observation",
    sentence:
      "fuse_get_fmap returns without freeing its buffer when the request fails (rfc-v2 and v3), when the size is out of range (rfc-v2), or always (rfc-v1).",
    source: at("file.c:297", revisions("rfc-v1", "v3")),
    consequence: "Each failed open leaks 4 KiB or more of kernel memory: a daemon can drain it.",
  },
  "hazard/unchecked-buffer": {
    level: "SHOULD",
    needs: "observation",
    sentence: "The reply's buffer is used without a look whether it could be allocated.",
    source: at("12/19 file.c, fuse_get_fmap", revisions("rfc-v1", "rfc-v1")),
    consequence: "A null pointer is written through while the machine is short of memory.",
  },
  "hazard/unchecked-name": {
    level: "SHOULD",
    needs: "observation",
    sentence: "The copy of a daxdev's name is used without a look whether it could be allocated.",
    source: at("14/18 famfs.c, famfs_fuse_get_daxdev", revisions("rfc-v1", "v3")),
    consequence:
      "A daxdev has no name while the machine is short of memory, and messages print a null pointer.",
  },
  "hazard/zero-chunk-division": {
    level: "SHOULD",
    needs: "observation",
    sentence: "A chunk size of zero is accepted, and the resolver divides by it.",
    source: at("15/18 famfs.c, famfs_interleave_fileofs_to_daxofs", revisions("rfc-v2", "v10")),
    consequence: "The first access to the file is a divide error in the kernel.",
  },
  "hazard/uninitialised-extent-size": {
    level: "SHOULD",
    needs: "observation",
    sentence: "The resolver clips an interleaved extent by a variable that was never set.",
    source: at("famfs.c, famfs_interleave_fileofs_to_daxofs", revisions("v4", "v4")),
    consequence: "Whether an offset resolves, and into which extent, is left to what the stack holds.",
  },
  "hazard/walk-overflow": {
    level: "SHOULD",
    needs: "observation",
    sentence:
      "Lengths and offsets from 2^63 on turn negative in the resolver's walk, whose sums then overflow.",
    source: at("15/18 famfs.c, famfs_fileofs_to_daxofs", revisions("rfc-v2", "simple-only")),
    consequence: "An offset resolves to memory in front of the extent.",
  },
} as const satisfies Record<string, RuleEntry>;

/** Id of a known fault of a revision. */
export type HazardId = keyof typeof hazardRules;
