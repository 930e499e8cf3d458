/**
 * Requirements for a famfs daemon: maps, daxdevs, and agreement with its author's manifest. The source "famfs design" is the
 * cover letters of the series; sources without a patch number are mainline Linux.
 */
import { revisions } from "../profiles/names.ts";
import { at, type RuleEntry } from "./rule.ts";

/** The revisions that ask the daemon for daxdevs. */
const PULLING = revisions("rfc-v1", "v10");
/** The revisions that learn a reply's size in a first exchange. */
const RESIZING = ["rfc-v2", ...revisions("simple-only")] as const;

export const daemonMapRules = {
  "daemon/fmap/accepted": {
    level: "MUST",
    needs: "daemon",
    sentence: "The kernel's parser accepts the reply to GET_FMAP of every regular file.",
    source: at("famfs.c:77"),
    consequence: "The file has no map: its data is not where the daemon put it.",
  },
  "daemon/fmap/covers-file": {
    level: "MUST",
    needs: "daemon",
    sentence: "Every byte of the file resolves, inside the extent or strip that carries it.",
    source: at("15/18 famfs.c, famfs_fileofs_to_daxofs"),
    consequence: "Reads and writes fail, or hit memory behind an extent: another file's data.",
  },
  "daemon/fmap/inside-device": {
    level: "MUST",
    needs: "daemon",
    sentence: "Every extent lies inside its daxdev, where the manifest tells its size.",
    source: at("drivers/dax/super.c, dax_direct_access"),
    consequence: "Reads and writes behind the device fail.",
  },
  "daemon/fmap/plausible-offset": {
    level: "SHOULD",
    needs: "daemon",
    sentence:
      "Every extent ends inside its daxdev where this machine has it, and within the 2^52 bytes that memory can have.",
    source: at("drivers/dax/super.c, dax_direct_access: -ERANGE beyond the device"),
    consequence: "Reads and writes there fail, or the offset was written in another way than it is read.",
  },
  "daemon/fmap/no-overlap-in-file": {
    level: "MUST",
    needs: "daemon",
    sentence: "No two extents or strips of a file share a byte of a daxdev.",
    source: at("famfs design: one byte of a file, one byte of memory"),
    consequence: "Writing one part of a file changes another.",
  },
  "daemon/fmap/no-overlap-between-files": {
    level: "MUST",
    needs: "daemon",
    sentence: "No two files share a byte of a daxdev.",
    source: at("famfs design: one byte of a file, one byte of memory"),
    consequence: "Writing one file changes another.",
  },
  "daemon/fmap/file-size": {
    level: "MUST",
    needs: "daemon",
    sentence: "file_size is the size that LOOKUP and GETATTR give.",
    source: at("famfs.c:349"),
    consequence: "i_size changes at open: data is cut off or read from behind the end.",
  },
  "daemon/fmap/file-type": {
    level: "MUST",
    needs: "daemon",
    sentence: "file_type is one that the protocol defines.",
    source: at("fuse.h, enum fuse_famfs_file_type"),
    consequence: "A later kernel refuses the map.",
  },
  "daemon/fmap/version": {
    level: "SHOULD",
    needs: "daemon",
    sentence: "fmap_version is 1.",
    source: at("fuse.h, FAMFS_FMAP_VERSION"),
    consequence: "A later kernel refuses the map.",
  },
  "daemon/fmap/reserved-zero": {
    level: "SHOULD",
    needs: "daemon",
    sentence: "Reserved fields are zero.",
    source: at("fuse.h, struct fuse_famfs_fmap_header"),
    consequence: "A later kernel gives them a meaning.",
  },
  "daemon/fmap/exact-length": {
    level: "SHOULD",
    needs: "daemon",
    sentence: "The reply ends with its last extent.",
    source: at("famfs.c:129", revisions("rfc-v2")),
    consequence: "A later kernel refuses the map.",
  },
  "daemon/fmap/size-reply": {
    level: "MUST",
    needs: "daemon",
    sentence:
      "A map that does not fit the announced buffer is answered with its size (a u32, from simple-only on a header with its fmap_size), then whole when asked again.",
    source: at("file.c:285", RESIZING),
    consequence: "The transport refuses the reply, and the file has no map.",
  },
  "daemon/fmap/stable-again": {
    level: "MUST",
    needs: "daemon",
    sentence: "The same question gets the same map.",
    source: at("famfs design: the map is cached on the inode"),
    consequence: "What a file's data is depends on when it was opened.",
  },
  "daemon/fmap/stable-after-forget": {
    level: "MUST",
    needs: "daemon",
    sentence: "After FORGET and a new LOOKUP a file has the same map.",
    source: at("famfs design: the map is cached on the inode"),
    consequence: "Data moves while nobody looks.",
  },
  "daemon/fmap/stable-concurrent": {
    level: "MUST",
    needs: "daemon",
    sentence: "Requests in flight at once get the same maps as one at a time.",
    source: at("fs/fuse/dev.c"),
    consequence: "Under load a file gets another file's map.",
  },
  "daemon/fmap/stable-restarted": {
    level: "MUST",
    needs: "daemon",
    sentence: "A restarted daemon serves the same maps.",
    source: at("famfs design: several hosts mount the same memory"),
    consequence: "Hosts disagree about where a file's data is.",
  },
  "daemon/fmap/directory": {
    level: "SHOULD",
    needs: "daemon",
    sentence: "GET_FMAP of a directory gets an error.",
    source: at("12/18 file.c: S_ISREG only"),
    consequence: "No kernel asks so; a daemon that answers maps a directory to memory.",
  },
  "daemon/fmap/symlink": {
    level: "SHOULD",
    needs: "daemon",
    sentence: "GET_FMAP of a symlink gets an error.",
    source: at("12/18 file.c: S_ISREG only"),
    consequence: "No kernel asks so; a daemon that answers maps a symlink to memory.",
  },
  "daemon/fmap/unknown-nodeid": {
    level: "SHOULD",
    needs: "daemon",
    sentence: "GET_FMAP of a nodeid that was never given out gets an error.",
    source: at("fs/fuse/inode.c, fuse_iget"),
    consequence: "No kernel asks so; a daemon that answers does not check what it is asked for.",
  },
  "daemon/fmap/forgotten-nodeid": {
    level: "SHOULD",
    needs: "daemon",
    sentence: "GET_FMAP of a forgotten nodeid gets an error, or the map of the file that it stood for.",
    source: at("fs/fuse/inode.c, fuse_queue_forget"),
    consequence: "No kernel asks so; a daemon that answers has given the nodeid to another file.",
  },
  "daemon/daxdev/known": {
    level: "MUST",
    needs: "daemon",
    sentence: "GET_DAXDEV knows every devindex that a map uses.",
    source: at("14/18 famfs.c, famfs_update_daxdev_table", PULLING),
    consequence: "Every access to the file fails.",
  },
  "daemon/daxdev/index": {
    level: "SHOULD",
    needs: "daemon",
    sentence: "GET_DAXDEV's answer carries the index that was asked for.",
    source: at("14/18 fuse.h, struct fuse_daxdev_out; the kernel does not compare it", PULLING),
    consequence: "A later kernel that compares the index refuses the device.",
  },
  "daemon/daxdev/name": {
    level: "MUST",
    needs: "daemon",
    sentence: "A daxdev's name is an absolute path and ends with a NUL inside its 256 bytes.",
    source: at("14/18 famfs.c, famfs_verify_daxdev", PULLING),
    consequence: "The kernel opens another path, or reads behind the name.",
  },
  "daemon/daxdev/char-device": {
    level: "MUST",
    needs: "daemon",
    sentence: "Where the path that names a daxdev exists, it is a character device.",
    source: at("14/18 famfs.c, famfs_verify_daxdev: S_ISCHR, else EINVAL", PULLING),
    consequence: "The kernel has no device at that index, and every access to the file fails.",
  },
  "daemon/daxdev/reserved-zero": {
    level: "SHOULD",
    needs: "daemon",
    sentence: "In GET_DAXDEV's answer reserved fields are zero, and so is what follows the NUL of the name.",
    source: at("14/18 fuse.h, struct fuse_daxdev_out", PULLING),
    consequence: "A later kernel gives them a meaning, and memory of the daemon leaks.",
  },
  "daemon/daxdev/stable": {
    level: "MUST",
    needs: "daemon",
    sentence: "The same index gets the same daxdev each time.",
    source: at("14/18 famfs.c, famfs_fuse_get_daxdev", PULLING),
    consequence: "Maps point into another device after a remount.",
  },
  // No kernel asks for such an index, because its parser accepts devindex 0 only and its table has 24 slots.
  "daemon/daxdev/unknown-index": {
    level: "SHOULD",
    needs: "daemon",
    sentence:
      "GET_DAXDEV of an index that no map uses gets an error, or a device that no other index has; the nodeid is the index in all of its 64 bits.",
    source: at("14/18 famfs.c, famfs_fuse_get_daxdev: u64 index in args.nodeid; no kernel sends it", PULLING),
    consequence: "A kernel with a larger table takes one device for another.",
  },
  "daemon/intent/extents": {
    level: "MUST",
    needs: "daemon",
    sentence: "Every file of the manifest is served, with the extents that the manifest says.",
    source: at("--expect MANIFEST"),
    consequence: "The daemon maps a file to other memory than was meant.",
  },
  "daemon/intent/file-type": {
    level: "MUST",
    needs: "daemon",
    sentence: "The map of every file of the manifest has the file type that the manifest says.",
    source: at("--expect MANIFEST; 13/18 famfs.c stores file_type of the header in the map"),
    consequence: "A superblock or a log is a regular file to the kernel, or the other way round.",
  },
  "daemon/change/map": {
    level: "MUST",
    needs: "daemon",
    sentence:
      "After the change of --mutate every file of the second manifest is served with its map, once it is forgotten and looked up again.",
    source: at(
      "--expect-after MANIFEST; 12/18 file.c, fuse_open: a new inode has no map, and the kernel asks for it",
    ),
    consequence: "The kernel maps a file to memory that is another file's now.",
  },
  "daemon/change/size": {
    level: "MUST",
    needs: "daemon",
    sentence: "After the change LOOKUP and GETATTR give the size that the second manifest says.",
    source: at("--expect-after MANIFEST; fs/fuse/inode.c, fuse_change_attributes"),
    consequence: "Data is cut off, or read from behind the end.",
  },
  "daemon/change/gone-file": {
    level: "MUST",
    needs: "daemon",
    sentence: "A file that the second manifest does not have any more is not found after the change.",
    source: at("--expect-after MANIFEST; fs/fuse/dir.c, fuse_lookup_name"),
    consequence: "A file that was removed is still there, and its memory is another file's now.",
  },
  "daemon/change/reused-nodeid": {
    level: "MUST",
    needs: "daemon",
    sentence:
      "A nodeid that is still looked up does not stand for another file after the change, unless its generation is new.",
    source: at("fs/fuse/inode.c, fuse_iget: the inode of that nodeid; dir.c, fuse_stale_inode: generation"),
    consequence: "The kernel takes the new file for the old one, and keeps its map.",
  },
} as const satisfies Record<string, RuleEntry>;
