/** famfs_file_init_dax, famfs_meta_set and famfs_meta_free: the installation of a parsed map on its inode. */
import { revisions } from "../profiles/names.ts";
import { at, type RuleEntry } from "./rule.ts";

export const installRules = {
  "install/already-mapped": {
    level: "MUST",
    needs: "install",
    sentence: "An inode that already has a map keeps it, and the message is not parsed.",
    source: at("famfs.c:328"),
    errno: { of: "alreadyMapped" },
    consequence: "A map is exchanged under open files.",
  },
  "install/parse-error": {
    level: "MUST",
    needs: "install",
    sentence: "A refused message leaves the inode as it was and hands its errno on.",
    source: at("famfs.c:336"),
    consequence: "A file without a map takes the dax path.",
  },
  "install/publish": {
    level: "MUST",
    needs: "install",
    sentence:
      "An accepted map is published, i_size becomes its file_size and S_DAX is set, under the inode's lock.",
    source: at("famfs.c:344"),
    consequence: "Size, map and access path of the file disagree.",
  },
  "install/lost-race": {
    level: "MUST",
    needs: "install",
    sentence: "When another open has published a map meanwhile, that one stays and the new one is dropped.",
    source: at("famfs.c:341"),
    errno: { of: "lostRace" },
    consequence: "A map in use is freed or lost.",
  },
  "install/set-refused": {
    level: "MUST",
    needs: "install",
    sentence: "When famfs_meta_set finds a map in spite of the lock, the new one is freed.",
    source: at("famfs.c:344", revisions("rfc-v1", "rfc-v2")),
    errno: "EALREADY",
    consequence: "A map in use is lost.",
  },
  "install/meta-set": {
    level: "MUST",
    needs: "install",
    sentence: "famfs_meta_set puts a map only where none is, and returns what was there.",
    source: at("fuse_i.h:1575"),
    consequence: "A map in use is overwritten.",
  },
  "install/meta-free": {
    level: "MUST",
    needs: "install",
    sentence: "famfs_meta_free frees the inode's map.",
    source: at("fuse_i.h:1584"),
    consequence: "Every evicted inode leaves its map behind.",
  },
  "install/missing-daxdev": {
    level: "MUST",
    needs: "exchange",
    sentence:
      "A map that refers to a daxdev that nobody has named is published, and every access to its file fails.",
    source: at("famfs.c, famfs_check_daxdev_table", revisions("simple-only")),
    consequence: "An access reaches memory of a device that is not there.",
  },
} as const satisfies Record<string, RuleEntry>;
