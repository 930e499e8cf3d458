/** Requirements for the pages of READDIR and READDIRPLUS. Sources are mainline Linux. */
import { at, type RuleEntry } from "./rule.ts";

export const daemonDirectoryRules = {
  "daemon/directory/page-size": {
    level: "MUST",
    needs: "daemon",
    sentence: "A page of a directory is not longer than was asked.",
    source: at("fs/fuse/dev.c, copy_out_args"),
    consequence: "The kernel refuses the reply with EINVAL, and listing the directory fails with EIO.",
  },
  "daemon/directory/entries": {
    level: "MUST",
    needs: "daemon",
    sentence: "A page consists of whole entries, each padded to 8 bytes.",
    source: at("fs/fuse/readdir.c, parse_dirfile, parse_dirplusfile"),
    consequence: "Names are missing from the listing, or it fails with EIO.",
  },
  "daemon/directory/rest": {
    level: "SHOULD",
    needs: "daemon",
    sentence: "Nothing follows the last whole entry of a page.",
    source: at("fs/fuse/readdir.c, parse_dirfile: reclen > nbytes"),
    consequence: "The kernel drops the rest: a name is lost unless it is served again.",
  },
  "daemon/directory/names": {
    level: "MUST",
    needs: "daemon",
    sentence:
      "A listed name has no `/`, no NUL before its end, and is not longer than 255 bytes or, where that is more, the namelen of STATFS.",
    source: at("fs/fuse/readdir.c, parse_dirfile: memchr, FUSE_NAME_MAX; fs/readdir.c, filldir64"),
    consequence: "Listing the directory fails with EIO, or the name is cut and cannot be looked up.",
  },
  "daemon/directory/name-end": {
    level: "SHOULD",
    needs: "daemon",
    sentence: "The length of a listed name does not count a NUL behind it in.",
    source: at("fs/fuse/readdir.c, parse_dirfile, fuse_direntplus_link: QSTR_INIT; fs/readdir.c, filldir64"),
    consequence:
      "Programs read the name up to the NUL, and what reads it by its length, such as overlayfs, looks up another one.",
  },
  "daemon/directory/name-length": {
    level: "SHOULD",
    needs: "daemon",
    sentence: "No name is longer than the namelen that STATFS gives.",
    source: at("fs/fuse/inode.c, convert_fuse_statfs"),
    consequence: "Programs that make room for a name by pathconf(3) cut it.",
  },
  "daemon/directory/ino-zero": {
    level: "MUST",
    needs: "daemon",
    sentence: "The ino of a listed name is not 0.",
    source: at("fs/fuse/readdir.c, fuse_emit; readdir(3) of the C library"),
    consequence: "The C library takes the entry for a deleted one: ls does not show the name.",
  },
  "daemon/directory/type": {
    level: "SHOULD",
    needs: "daemon",
    sentence: "The type of a listed name is the one of the file, or 0 where it is not known.",
    source: at("fs/fuse/readdir.c, fuse_emit"),
    consequence:
      "Programs that believe d_type, such as find, do not enter a directory, or try to enter a file.",
  },
  "daemon/directory/unique-names": {
    level: "MUST",
    needs: "daemon",
    sentence: "No name is listed twice.",
    source: at("fs/fuse/readdir.c, parse_dirfile, fuse_direntplus_link"),
    consequence: "ls shows the name twice; with READDIRPLUS the second entry takes the name from the first.",
  },
  "daemon/directory/offsets": {
    level: "MUST",
    needs: "daemon",
    sentence:
      "The offsets of a directory's entries differ and are not 0, and asking from one of them continues behind its entry.",
    source: at("fs/fuse/readdir.c, parse_dirfile: ctx->pos = dirent->off"),
    consequence: "Names are missing from the listing or come twice, or the listing never ends.",
  },
  "daemon/directory/ends": {
    level: "MUST",
    needs: "daemon",
    sentence: "A listing ends.",
    source: at("fs/fuse/readdir.c, fuse_readdir_uncached"),
    consequence: "ls runs until its memory is full.",
  },
  "daemon/directory/small-pages": {
    level: "MUST",
    needs: "daemon",
    sentence: "Pages of 4096 bytes give the same names as larger ones.",
    source: at("fs/fuse/readdir.c, fuse_readdir_uncached: PAGE_SIZE"),
    consequence: "Names are missing where a program, or an older kernel, asks for less at once.",
  },
  "daemon/directory/rewind": {
    level: "MUST",
    needs: "daemon",
    sentence: "Asking from offset 0 again, on the same handle, gives the same names again.",
    source: at("fs/fuse/readdir.c, fuse_readdir; rewinddir(3)"),
    consequence: "After rewinddir(3) the directory looks empty, or has lost names.",
  },
  "daemon/directory/plus-entry": {
    level: "MUST",
    needs: "daemon",
    sentence:
      "READDIRPLUS gives a name the nodeid, generation and file type that LOOKUP gives, and a regular file the size.",
    source: at("fs/fuse/readdir.c, fuse_direntplus_link"),
    consequence:
      "What ls has seen is another file's: the size that the kernel keeps is wrong, or the inode is made bad (EIO).",
  },
  "daemon/directory/plus-counted": {
    level: "MUST",
    needs: "daemon",
    sentence:
      "A nodeid that READDIRPLUS gives counts as looked up, but for those of `.` and `..`, and can be used without a LOOKUP.",
    source: at("fs/fuse/readdir.c, fuse_direntplus_link: nlookup"),
    consequence: "A file that was only listed cannot be used, or becomes stale while it is in use.",
  },
} as const satisfies Record<string, RuleEntry>;
