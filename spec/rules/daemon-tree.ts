/** Requirements for names, inodes and links. Sources without a patch number are mainline Linux. */
import { at, type RuleEntry } from "./rule.ts";

export const daemonTreeRules = {
  "daemon/tree/root": {
    level: "MUST",
    needs: "daemon",
    sentence: "GETATTR of the root is answered with a directory.",
    source: at("fs/fuse/dir.c, fuse_do_getattr: fuse_make_bad"),
    consequence: "The kernel marks the root bad, and every name of the mount fails with EIO.",
  },
  "daemon/tree/attributes": {
    level: "MUST",
    needs: "daemon",
    sentence:
      "LOOKUP, GETATTR and READDIRPLUS give a mode with a file type that Linux has, and a size below 2^63.",
    source: at("fs/fuse/dir.c, fuse_invalid_attr"),
    consequence: "The kernel answers every use of the name with EIO, and never forgets the nodeid.",
  },
  "daemon/tree/lookup-getattr": {
    level: "MUST",
    needs: "daemon",
    sentence:
      "LOOKUP and GETATTR give the same file type for a nodeid, and the same size for a regular file.",
    source: at("fs/fuse/dir.c, fuse_do_getattr; fs/fuse/inode.c, fuse_change_attributes"),
    consequence: "The kernel marks the inode bad (EIO), or the file's size jumps while it is read.",
  },
  "daemon/tree/same-ino": {
    level: "SHOULD",
    needs: "daemon",
    sentence: "LOOKUP, GETATTR and READDIRPLUS give the same ino for a nodeid.",
    source: at("fs/fuse/dir.c, fuse_fillattr"),
    consequence: "st_ino changes from one stat(2) to the next, and programs take one file for two.",
  },
  "daemon/tree/identity": {
    level: "MUST",
    needs: "daemon",
    sentence:
      "While a nodeid is looked up, every LOOKUP gives it the same generation and the same file type.",
    source: at("fs/fuse/fuse_i.h, fuse_stale_inode; fs/fuse/inode.c, fuse_iget"),
    consequence: "Open files and current directories of that nodeid fail with EIO.",
  },
  "daemon/tree/no-loop": {
    level: "MUST",
    needs: "daemon",
    sentence: "No name has the nodeid of the root, of its own directory or of one above it.",
    source: at("fs/fuse/dir.c, fuse_lookup: FUSE_ROOT_ID, d_splice_alias"),
    consequence: "The name fails with EIO where it is the root, with ELOOP where it is another directory.",
  },
  "daemon/tree/one-directory": {
    level: "SHOULD",
    needs: "daemon",
    sentence: "A directory's nodeid has one name only.",
    source: at("fs/fuse/dir.c, fuse_lookup: d_splice_alias"),
    consequence: "The directory moves to the name that was used last, and the other is looked up each time.",
  },
  "daemon/tree/listed-names": {
    level: "MUST",
    needs: "daemon",
    sentence:
      "A directory can be listed, READDIR and READDIRPLUS list the same names, and each of them can be looked up.",
    source: at("fs/fuse/readdir.c, fuse_readdir_uncached; fs/fuse/dir.c, fuse_lookup"),
    consequence: "Files are listed that cannot be opened, or exist and are not listed.",
  },
  "daemon/tree/unknown-name": {
    level: "MUST",
    needs: "daemon",
    sentence: "LOOKUP of a name that does not exist gets ENOENT, or nodeid 0.",
    source: at("fs/fuse/dir.c, fuse_lookup_name"),
    consequence: "A file appears that nobody made.",
  },
  "daemon/tree/near-miss": {
    level: "MUST",
    needs: "daemon",
    sentence:
      "LOOKUP of an existing name with one letter more, one less or another one gets ENOENT, or nodeid 0.",
    source: at("fs/fuse/dir.c, fuse_lookup_name"),
    consequence: "A misspelt name opens another file, and cannot be created.",
  },
  "daemon/tree/lookup-count": {
    level: "MUST",
    needs: "daemon",
    sentence:
      "A nodeid stays valid until as many lookups are forgotten as were made, and the name can be looked up afterwards.",
    source: at("fs/fuse/inode.c, fuse_queue_forget"),
    consequence: "An inode in use becomes stale, or another file takes its nodeid.",
  },
  "daemon/tree/open": {
    level: "MUST",
    needs: "daemon",
    sentence: "A regular file that was looked up, and that its mode lets the caller read, can be opened.",
    source: at("fs/fuse/file.c, fuse_do_open"),
    consequence: "The file cannot be used.",
  },
  "daemon/tree/release": {
    level: "SHOULD",
    needs: "daemon",
    sentence: "RELEASE of a file that was opened is answered without an error, or with ENOSYS.",
    source: at("fs/fuse/file.c, fuse_file_put, fuse_release_end: error is not read"),
    consequence:
      "Nobody hears of the error: close(2) succeeds, and what the daemon could not put away is lost.",
  },
  "daemon/tree/open-many": {
    level: "MUST",
    needs: "daemon",
    sentence: "A file, and a directory, can be opened and released 1,100 times.",
    source: at("fs/fuse/file.c, fuse_file_open, fuse_release_common"),
    consequence: "After so many open(2) every further one fails, until the daemon is started again.",
  },
  "daemon/tree/readlink": {
    level: "MUST",
    needs: "daemon",
    sentence: "READLINK is answered with a target of 1 to 4095 bytes that has no NUL before its end.",
    source: at("fs/fuse/dir.c, fuse_readlink_page"),
    consequence: "The link cannot be read (EIO), or leads to another place: the kernel cuts at the NUL.",
  },
  "daemon/tree/link-length": {
    level: "SHOULD",
    needs: "daemon",
    sentence:
      "The target that READLINK gives has no NUL, and as many bytes as LOOKUP and GETATTR give as the link's size.",
    source: at("fs/fuse/dir.c, fuse_readlink_page"),
    consequence: "Programs that size their buffer by st_size, as lstat(2) advises, cut the target.",
  },
  "daemon/tree/statfs": {
    level: "SHOULD",
    needs: "daemon",
    sentence: "STATFS of the root is answered.",
    source: at("fs/fuse/inode.c, fuse_statfs"),
    consequence: "df fails on the mount.",
  },
} as const satisfies Record<string, RuleEntry>;
