/** The checks of famfs_fuse_meta_alloc and famfs_check_ext_alignment, in the order in which rfc-v2 makes them. */
import { INTERLEAVING, revisions } from "../profiles/names.ts";
import { inParser, inRangeCheck, type RuleEntry } from "./rule.ts";

/** The revisions that have a limit of extents. */
const LIMITED = revisions("rfc-v1", "v10");
/** The revisions with the checks that dual-ext brought. */
const CHECKED = revisions("dual-ext");
/** The revisions that look at the chunk size. */
const CHUNKED = INTERLEAVING.filter((name) => revisions("v7").includes(name));

export const parserRules = {
  "fmap/header/underflow": {
    level: "MUST",
    needs: "message",
    sentence: "A message shorter than the 32-byte header is refused.",
    source: inParser("famfs.c:95"),
    errno: "EINVAL",
    consequence: "The parser reads header fields from memory that the reply did not fill.",
  },
  "fmap/header/nextents-zero": {
    level: "MUST",
    needs: "message",
    sentence: "A header that announces no extents is refused.",
    source: inParser("famfs.c:101"),
    errno: { of: "nextentsZero" },
    consequence: "A file gets a map that maps nothing, and every access to it is past the end of the list.",
  },
  "fmap/header/nextents-limit": {
    level: "MUST",
    needs: "message",
    sentence: "More extents than FUSE_FAMFS_MAX_EXTENTS are refused, whatever the length of the message.",
    source: inParser("famfs.c:106", LIMITED),
    errno: { of: "nextentsLimit" },
    consequence: "A daemon chooses how much the kernel allocates and how long it loops.",
  },
  "fmap/header/file-size-limit": {
    level: "MUST",
    needs: "message",
    sentence: "A file size above 2^63-1, which no file offset reaches, is refused.",
    source: inParser("famfs.c", CHECKED),
    errno: "EINVAL",
    consequence: "The size of the file turns negative wherever it is taken as signed.",
  },
  "fmap/header/alloc-meta": {
    level: "MUST",
    needs: "allocation",
    sentence: "When the map's own record cannot be allocated, the message is refused and nothing is kept.",
    source: inParser("famfs.c:113"),
    errno: "ENOMEM",
    consequence: "A null pointer is written through while the machine is short of memory.",
  },
  "fmap/header/ext-type": {
    level: "MUST",
    needs: "message",
    sentence:
      "An extent type other than simple (0) and, where the revision knows it, interleave (1) is refused.",
    source: inParser("famfs.c:275"),
    errno: "EINVAL",
    consequence: "Bytes of an unknown layout are taken for extents.",
  },
  "fmap/simple/underflow": {
    level: "MUST",
    needs: "message",
    sentence: "A message too short for the simple extents that its header announces is refused.",
    source: inParser("famfs.c:129"),
    errno: "EINVAL",
    consequence:
      "Extents are read past the end of the reply: another allocation's memory becomes a file's map.",
  },
  "fmap/simple/alloc-extents": {
    level: "MUST",
    needs: "allocation",
    sentence:
      "When the list of simple extents cannot be allocated, for want of memory or because it is above 4 MiB, the message is refused and nothing is kept.",
    source: inParser("famfs.c:140"),
    errno: "ENOMEM",
    consequence: "A null pointer is written through while the machine is short of memory.",
  },
  "fmap/simple/nextents-recheck": {
    level: "MUST",
    needs: "unreachable",
    sentence:
      "The number of simple extents is checked once more; the checks of the header leave nothing for it.",
    source: inParser("famfs.c:145", LIMITED),
    errno: "EINVAL",
    consequence: "None as long as the header's checks stand before it.",
  },
  "fmap/simple/devindex": {
    level: "MUST",
    needs: "message",
    sentence: "A simple extent on a daxdev other than index 0 (64 and above in dual-ext) counts as an error.",
    source: inRangeCheck("famfs.c:56"),
    errno: "EINVAL",
    consequence: "A file is mapped to a daxdev that this revision cannot address.",
  },
  "fmap/simple/offset-alignment": {
    level: "MUST",
    needs: "message",
    sentence:
      "A simple extent whose offset is not a multiple of 2 MiB (4 KiB in dual-ext) counts as an error.",
    source: inRangeCheck("famfs.c:60"),
    errno: "EINVAL",
    consequence: "A huge-page fault maps memory from before the extent: another file's data.",
  },
  "fmap/simple/length-alignment": {
    level: "MUST",
    needs: "message",
    sentence:
      "A simple extent whose length is not a multiple of 2 MiB (4 KiB in dual-ext) counts as an error.",
    source: inRangeCheck("famfs.c:63"),
    errno: "EINVAL",
    consequence: "A huge-page fault maps memory from behind the extent: another file's data.",
  },
  "fmap/simple/end-overflow": {
    level: "MUST",
    needs: "message",
    sentence: "A simple extent whose offset plus length exceeds 2^64-1 is refused.",
    source: inParser("famfs.c", CHECKED),
    errno: "EINVAL",
    consequence: "The end of the range lies in front of its start, and a check of it passes.",
  },
  "fmap/simple/total-overflow": {
    level: "MUST",
    needs: "message",
    sentence: "A simple extent whose length takes the running total of lengths beyond 2^64-1 is refused.",
    source: inParser("famfs.c", CHECKED),
    errno: "EINVAL",
    consequence: "The total comes out small, and what it is held against passes or fails by chance.",
  },
  "fmap/interleaved/alloc-extents": {
    level: "MUST",
    needs: "allocation",
    sentence:
      "When the list of interleaved extents cannot be allocated, the message is refused and nothing is kept.",
    source: inParser("famfs.c:175", INTERLEAVING),
    errno: "ENOMEM",
    consequence: "A null pointer is written through while the machine is short of memory.",
  },
  "fmap/interleaved/header-underflow": {
    level: "MUST",
    needs: "message",
    sentence: "A message that ends inside the head of an interleaved extent is refused.",
    source: inParser("famfs.c:194", INTERLEAVING),
    errno: "EINVAL",
    consequence: "nstrips and the chunk size are read past the end of the reply.",
  },
  "fmap/interleaved/chunk-size": {
    level: "MUST",
    needs: "message",
    sentence:
      "A chunk size that is not a multiple of 2 MiB (not exactly 4 KiB or 2 MiB in dual-ext) is refused.",
    source: inParser("famfs.c", CHUNKED),
    errno: "EINVAL",
    consequence:
      "A huge-page fault maps across the border of two chunks: another file's data, or another part of this one.",
  },
  "fmap/interleaved/nbytes-zero": {
    level: "MUST",
    needs: "message",
    sentence: "An interleaved extent that serves zero bytes is refused.",
    source: inParser("famfs.c:207", INTERLEAVING),
    errno: "EINVAL",
    consequence: "Resolving any offset of the file stops at this extent and fails.",
  },
  "fmap/interleaved/nbytes-limit": {
    level: "MUST",
    needs: "message",
    sentence: "An interleaved extent that serves more than 2^63-1 bytes is refused.",
    source: inParser("famfs.c", CHECKED),
    errno: "EINVAL",
    consequence: "The sum of what the extents serve can overflow.",
  },
  "fmap/interleaved/strips-underflow": {
    level: "MUST",
    needs: "message",
    sentence: "A message too short for the strips that an interleaved extent announces is refused.",
    source: inParser("famfs.c:220", INTERLEAVING),
    errno: "EINVAL",
    consequence:
      "Strips are read past the end of the reply: another allocation's memory becomes a file's map.",
  },
  "fmap/interleaved/nstrips-zero": {
    level: "MUST",
    needs: "message",
    sentence: "An interleaved extent without strips counts as an error; in dual-ext it is refused at once.",
    source: inParser("famfs.c:228", INTERLEAVING),
    errno: "EINVAL",
    consequence: "Resolving an offset divides by zero in the kernel.",
  },
  "fmap/interleaved/nstrips-limit": {
    level: "MUST",
    needs: "message",
    sentence:
      "An interleaved extent with more strips than FUSE_FAMFS_MAX_STRIPS counts as an error; in dual-ext it is refused at once.",
    source: inParser("famfs.c:228", INTERLEAVING),
    errno: "EINVAL",
    restsOn: "limits/maxStrips",
    consequence: "A daemon chooses how much the kernel allocates.",
  },
  "fmap/interleaved/alloc-strips": {
    level: "MUST",
    needs: "allocation",
    sentence: "When a list of strips cannot be allocated, the message is refused.",
    source: inParser("famfs.c:239", INTERLEAVING),
    errno: "ENOMEM",
    consequence: "A null pointer is written through while the machine is short of memory.",
  },
  "fmap/strip/devindex": {
    level: "MUST",
    needs: "message",
    sentence: "A strip on a daxdev other than index 0 (64 and above in dual-ext) counts as an error.",
    source: inRangeCheck("famfs.c:260", INTERLEAVING),
    errno: "EINVAL",
    consequence: "A file is mapped to a daxdev that this revision cannot address.",
  },
  "fmap/strip/offset-alignment": {
    level: "MUST",
    needs: "message",
    sentence: "A strip whose offset is not a multiple of 2 MiB (4 KiB in dual-ext) counts as an error.",
    source: inRangeCheck("famfs.c:260", INTERLEAVING),
    errno: "EINVAL",
    consequence: "A huge-page fault maps memory from before the strip: another file's data.",
  },
  "fmap/strip/length-alignment": {
    level: "MUST",
    needs: "message",
    sentence: "A strip whose length is not a multiple of 2 MiB (4 KiB in dual-ext) counts as an error.",
    source: inRangeCheck("famfs.c:260", INTERLEAVING),
    errno: "EINVAL",
    consequence: "A huge-page fault maps memory from behind the strip: another file's data.",
  },
  "fmap/strip/end-overflow": {
    level: "MUST",
    needs: "message",
    sentence: "A strip whose offset plus length exceeds 2^64-1 is refused.",
    source: inParser("famfs.c", CHECKED),
    errno: "EINVAL",
    consequence: "The end of the range lies in front of its start, and a check of it passes.",
  },
  "fmap/strip/total-overflow": {
    level: "MUST",
    needs: "message",
    sentence: "A strip whose length takes the running total of lengths beyond 2^64-1 is refused.",
    source: inParser("famfs.c", CHECKED),
    errno: "EINVAL",
    consequence: "The total comes out small, and what it is held against passes or fails by chance.",
  },
  "fmap/interleaved/strip-capacity": {
    level: "MUST",
    needs: "message",
    sentence:
      "An interleaved extent is refused when a strip is too short for the last byte that falls on it.",
    source: inParser("famfs.c", CHECKED),
    errno: "EINVAL",
    consequence: "The end of a strip is passed, and reads and writes there hit foreign memory.",
  },
  "fmap/interleaved/nbytes-overflow": {
    level: "MUST",
    needs: "unreachable",
    sentence:
      "An interleaved extent that takes the sum of ie_nbytes beyond 2^64-1 is refused; strips as long as that have been refused before.",
    source: inParser("famfs.c", CHECKED),
    errno: "EINVAL",
    consequence: "None as long as the strips are checked before it.",
  },
  "fmap/interleaved/remainder": {
    level: "MUST",
    needs: "message",
    sentence: "The file size less all strip lengths, as a signed 64-bit number, must not be positive.",
    source: inParser("famfs.c:265", revisions("rfc-v1", "v10")),
    errno: "EINVAL",
    consequence: "The end of the file lies behind the last strip: reads and writes there hit foreign memory.",
  },
  "fmap/interleaved/nbytes-cover": {
    level: "MUST",
    needs: "message",
    sentence: "The bytes that the interleaved extents serve must not be fewer than the file size.",
    source: inParser("famfs.c", CHECKED),
    errno: "EINVAL",
    consequence: "The end of the file has no extent behind it.",
  },
  "fmap/total/file-size": {
    level: "MUST",
    needs: "message",
    sentence: "The sum of all lengths must not be smaller than the file size.",
    source: inParser("famfs.c:288"),
    errno: "EINVAL",
    consequence: "The end of the file has no extent behind it.",
  },
  "fmap/total/wraps": {
    level: "MUST",
    needs: "message",
    sentence: "The sum of all lengths is taken modulo 2^64 and judged as it comes out.",
    source: inParser("famfs.c:161", revisions("rfc-v1", "simple-only")),
    consequence: "The verdict differs from this revision's for lengths whose sum does not fit 64 bits.",
  },
} as const satisfies Record<string, RuleEntry>;
