/** famfs_file_init_dax, famfs_meta_set and famfs_meta_free: what becomes of a parsed map on its inode. */
import { type RuleEntry, rfcV2 } from "./rule.ts";

export const installRules = {
  "install/already-mapped": {
    level: "MUST",
    needs: "install",
    sentence: "An inode that already has a map keeps it, and the message is not parsed.",
    source: rfcV2("famfs.c:328"),
    errno: "EEXIST",
    consequence: "A map is exchanged under open files.",
  },
  "install/parse-error": {
    level: "MUST",
    needs: "install",
    sentence: "A refused message leaves the inode as it was and hands its errno on.",
    source: rfcV2("famfs.c:336"),
    consequence: "A file without a map takes the dax path.",
  },
  "install/publish": {
    level: "MUST",
    needs: "install",
    sentence:
      "An accepted map is published, i_size becomes its file_size and S_DAX is set, under the inode's lock.",
    source: rfcV2("famfs.c:344"),
    consequence: "Size, map and access path of the file disagree.",
  },
  "install/lost-race": {
    level: "MUST",
    needs: "install",
    sentence: "When another open has published a map meanwhile, that one stays and the new one is freed.",
    source: rfcV2("famfs.c:341"),
    errno: "EEXIST",
    consequence: "A map in use is freed or lost.",
  },
  "install/set-refused": {
    level: "MUST",
    needs: "install",
    sentence: "When famfs_meta_set finds a map in spite of the lock, the new one is freed.",
    source: rfcV2("famfs.c:344"),
    errno: "EALREADY",
    consequence: "A map in use is lost.",
  },
  "install/meta-set": {
    level: "MUST",
    needs: "install",
    sentence: "famfs_meta_set puts a map only where none is, and returns what was there.",
    source: rfcV2("fuse_i.h:1575"),
    consequence: "A map in use is overwritten.",
  },
  "install/meta-free": {
    level: "MUST",
    needs: "install",
    sentence: "famfs_meta_free frees the inode's map.",
    source: rfcV2("fuse_i.h:1584"),
    consequence: "Every evicted inode leaves its map behind.",
  },
} as const satisfies Record<string, RuleEntry>;
