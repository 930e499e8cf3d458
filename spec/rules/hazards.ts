/** What a revision does on the way to its verdict that it should not. */
import { type RuleEntry, rfcV2 } from "./rule.ts";

export const hazardRules = {
  "hazard/devindex-shift": {
    level: "SHOULD",
    needs: "observation",
    sentence: "`1 << devindex` is an int shift: undefined in C from 31 on.",
    source: rfcV2("famfs.c:157, famfs.c:257"),
    consequence: "The bitmap of daxdevs holds another bit than was meant, or the compiler drops the code.",
  },
  "hazard/strips-leak": {
    level: "SHOULD",
    needs: "observation",
    sentence: "__famfs_meta_free frees the strips of the first interleaved extent only.",
    source: rfcV2("famfs.c:39"),
    consequence:
      "Each refused or evicted map of several interleaved extents leaks kernel memory: a daemon can drain it.",
  },
  "hazard/unpaid-allocation": {
    level: "SHOULD",
    needs: "observation",
    sentence: "The list of interleaved extents is allocated before the message is known to hold them.",
    source: rfcV2("famfs.c:174"),
    consequence: "A short message makes the kernel allocate up to 1 KiB that it does not pay for.",
  },
  "hazard/inode-left-locked": {
    level: "SHOULD",
    needs: "observation",
    sentence: "When famfs_meta_set refuses, famfs_file_init_dax returns with the inode locked.",
    source: rfcV2("famfs.c:347"),
    consequence: "Every later access to the inode hangs; no path leads there today.",
  },
  "hazard/map-left-dangling": {
    level: "SHOULD",
    needs: "observation",
    sentence:
      "famfs_meta_free clears the inode's map with a cmpxchg that expects NULL, so the freed map stays in place.",
    source: rfcV2("fuse_i.h:1585"),
    consequence: "Whoever looks at the inode afterwards uses freed memory.",
  },
  "hazard/buffer-leak": {
    level: "SHOULD",
    needs: "observation",
    sentence:
      "fuse_get_fmap returns without freeing its buffer when the request fails or the size is out of range.",
    source: rfcV2("file.c:297"),
    consequence: "Each failed open leaks 4 KiB or more of kernel memory: a daemon can drain it.",
  },
  "hazard/zero-chunk-division": {
    level: "SHOULD",
    needs: "observation",
    sentence: "A chunk size of zero is accepted, and the resolver divides by it.",
    source: rfcV2("15/18 famfs.c, famfs_interleave_fileofs_to_daxofs"),
    consequence: "The first access to the file is a divide error in the kernel.",
  },
  "hazard/walk-overflow": {
    level: "SHOULD",
    needs: "observation",
    sentence:
      "Lengths and offsets from 2^63 on turn negative in the resolver's walk, whose sums then overflow.",
    source: rfcV2("15/18 famfs.c, famfs_fileofs_to_daxofs"),
    consequence: "An offset resolves to memory in front of the extent.",
  },
} as const satisfies Record<string, RuleEntry>;

export type HazardId = keyof typeof hazardRules;
