/** fuse_get_fmap and its caller in fuse_open: how the kernel asks for a map, and what open(2) returns. */
import { revisions } from "../profiles/names.ts";
import { at, type RuleEntry } from "./rule.ts";

const V2 = revisions("rfc-v2", "rfc-v2");
/** The revisions that send one request and accept a reply of up to a page. */
const SINGLE = revisions("v3", "v10");
/** The revisions that ask the daemon for daxdevs. */
const PULLING = revisions("rfc-v1", "v10");
/** The revisions whose header has the length of the message. */
const SIZED = revisions("simple-only");

export const exchangeRules = {
  "exchange/already-mapped": {
    level: "MUST",
    needs: "exchange",
    sentence: "An inode that has a map is not asked for again.",
    source: at("file.c:251", revisions("rfc-v2")),
    consequence: "Every open costs a round trip, and a second map may differ from the first.",
  },
  "exchange/buffer-alloc": {
    level: "MUST",
    needs: "exchange",
    sentence: "When the first buffer cannot be allocated, nothing is sent.",
    source: at("file.c:255", revisions("rfc-v2")),
    errno: { of: "bufferAlloc" },
    consequence: "A null buffer is handed to the transport.",
  },
  "exchange/first-size": {
    level: "MUST",
    needs: "exchange",
    sentence: "The first request says that 4096 bytes can be taken.",
    source: at("12/18 file.c, fuse_get_fmap", [...V2, ...SIZED]),
    consequence: "The daemon cannot know when to answer with the size alone.",
  },
  "exchange/no-body": {
    level: "MUST",
    needs: "exchange",
    sentence: "GET_FMAP has no body: nothing says how large a reply can be taken.",
    source: at("12/18 file.c, fuse_get_fmap", [...revisions("rfc-v1", "rfc-v1"), ...SINGLE]),
    consequence: "A daemon takes the request for another revision's.",
  },
  "exchange/only-agreed": {
    level: "MUST",
    needs: "exchange",
    sentence: "A server that does not echo FUSE_DAX_FMAP in INIT is not asked for maps.",
    source: at("12/18 inode.c, process_init_reply"),
    consequence: "A daemon that knows nothing of famfs is sent requests that mean something else to it.",
  },
  "exchange/server-error": {
    level: "MUST",
    needs: "exchange",
    sentence: "An errno that the server answers is handed on as it is.",
    source: at("12/18 file.c, fuse_get_fmap"),
    consequence: "The reason for a file without a map is lost.",
  },
  "exchange/oversized-reply": {
    level: "MUST",
    needs: "exchange",
    sentence:
      "A reply longer than the size asked for never reaches the parser: the transport fails the request.",
    source: at("fs/fuse/dev.c, copy_out_args"),
    errno: "EIO",
    consequence: "A reply is cut, and half a map is taken for a whole one.",
  },
  "exchange/exact-size": {
    level: "MUST",
    needs: "exchange",
    sentence: "A reply that is not exactly as long as the buffer, 4096 bytes, never reaches the parser.",
    source: at("fs/fuse/dev.c, copy_out_args", revisions("rfc-v1", "rfc-v1")),
    errno: "EIO",
    consequence: "The parser judges bytes that the daemon did not send.",
  },
  "exchange/no-size-reply": {
    level: "MUST",
    needs: "exchange",
    sentence: "A 4-byte reply is not taken for a size: it goes to the parser, which refuses it.",
    source: at("file.c, fuse_get_fmap", SINGLE),
    consequence: "The daemon is asked again and again.",
  },
  "exchange/short-reply": {
    level: "MUST",
    needs: "exchange",
    sentence: "A reply shorter than the header never reaches the parser.",
    source: at("famfs.c, fuse_get_fmap", SIZED),
    errno: "EIO",
    consequence: "The size that is needed is read from memory that the reply did not fill.",
  },
  "exchange/size-asked": {
    level: "MUST",
    needs: "exchange",
    sentence:
      "A header whose fmap_size exceeds the buffer is asked for once more, with a buffer of that size.",
    source: at("famfs.c, fuse_get_fmap", SIZED),
    consequence: "Half a map is taken for a whole one.",
  },
  "exchange/size-limit": {
    level: "MUST",
    needs: "exchange",
    sentence: "A header whose fmap_size exceeds 16 MiB ends the exchange.",
    source: at("famfs.c, fuse_get_fmap", SIZED),
    errno: "EFBIG",
    consequence: "A daemon chooses how much the kernel allocates.",
  },
  "exchange/size-grew": {
    level: "MUST",
    needs: "exchange",
    sentence:
      "A second header whose fmap_size exceeds the buffer that the first one asked for ends the exchange.",
    source: at("famfs.c, fuse_get_fmap", SIZED),
    errno: "EINVAL",
    consequence: "A daemon that always asks for more keeps open(2) in a loop.",
  },
  "exchange/size-range": {
    level: "MUST",
    needs: "exchange",
    sentence:
      "A 4-byte reply to the first request names the size that is needed: 56 to 32768 bytes, or the exchange ends.",
    source: at("file.c:293", V2),
    errno: "EIO",
    consequence: "A daemon chooses how much the kernel allocates.",
  },
  "exchange/retry-alloc": {
    level: "MUST",
    needs: "exchange",
    sentence: "When the buffer of the size asked for cannot be allocated, the exchange ends.",
    source: at("file.c:302", [...V2, ...SIZED]),
    errno: { of: "bufferAlloc" },
    consequence: "A null buffer is handed to the transport.",
  },
  "exchange/retry-once": {
    level: "MUST",
    needs: "exchange",
    sentence: "The size is asked for once: a second 4-byte reply goes to the parser, which refuses it.",
    source: at("file.c:300", V2),
    consequence: "A daemon that always answers with a size keeps open(2) in a loop.",
  },
  "exchange/result-dropped": {
    level: "MUST",
    needs: "exchange",
    sentence: "What the parser says of the reply is dropped: fuse_get_fmap returns 0 all the same.",
    source: at("file.c:310", revisions("rfc-v1", "rfc-v2")),
    consequence:
      "open(2) succeeds on a file without a map, and its data takes another path than its author meant.",
  },
  "exchange/open-ignores": {
    level: "MUST",
    needs: "exchange",
    sentence: "fuse_open only logs a failed exchange: open(2) succeeds without a map.",
    source: at("12/18 file.c, fuse_open", revisions("rfc-v1", "rfc-v2")),
    consequence:
      "open(2) succeeds on a file without a map, and its data takes another path than its author meant.",
  },
  "exchange/open-fails": {
    level: "MUST",
    needs: "exchange",
    sentence: "open(2) returns what the exchange or the parser came to.",
    source: at("file.c, fuse_open", revisions("v3")),
    consequence:
      "open(2) succeeds on a file without a map, and its data takes another path than its author meant.",
  },
  "exchange/daxdev-asked": {
    level: "MUST",
    needs: "exchange",
    sentence: "A new map is followed by GET_DAXDEV for each of its daxdevs that is not known yet.",
    source: at("14/18 famfs.c, famfs_update_daxdev_table", PULLING),
    consequence: "A file has a map whose device nobody can find.",
  },
  "exchange/daxdev-failure": {
    level: "MUST",
    needs: "exchange",
    sentence: "A GET_DAXDEV that fails is only logged: open(2) and the map stay as they are.",
    source: at("14/18 famfs.c, famfs_update_daxdev_table", PULLING),
    consequence: "A file cannot be opened, or loses its map, for want of a device that may come later.",
  },
} as const satisfies Record<string, RuleEntry>;
