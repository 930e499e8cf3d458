/** fuse_get_fmap and its caller in fuse_open: how the kernel asks for a map and what open(2) sees of the answer. */
import { type RuleEntry, rfcV2 } from "./rule.ts";

export const exchangeRules = {
  "exchange/already-mapped": {
    level: "MUST",
    needs: "exchange",
    sentence: "An inode that has a map is not asked for again.",
    source: rfcV2("file.c:251"),
    consequence: "Every open costs a round trip, and a second map may differ from the first.",
  },
  "exchange/buffer-alloc": {
    level: "MUST",
    needs: "exchange",
    sentence: "When the first buffer cannot be allocated, nothing is sent.",
    source: rfcV2("file.c:255"),
    errno: "EIO",
    consequence: "A null buffer is handed to the transport.",
  },
  "exchange/first-size": {
    level: "MUST",
    needs: "exchange",
    sentence: "The first request says that 4096 bytes can be taken.",
    source: rfcV2("12/18 file.c, fuse_get_fmap"),
    consequence: "The daemon cannot know when to answer with the size alone.",
  },
  "exchange/server-error": {
    level: "MUST",
    needs: "exchange",
    sentence: "An errno that the server answers is handed on as it is.",
    source: rfcV2("12/18 file.c, fuse_get_fmap"),
    consequence: "The reason for a file without a map is lost.",
  },
  "exchange/oversized-reply": {
    level: "MUST",
    needs: "exchange",
    sentence:
      "A reply longer than the size asked for never reaches the parser: the transport fails the request.",
    source: rfcV2("fs/fuse/dev.c, copy_out_args"),
    errno: "EIO",
    consequence: "A reply is cut, and half a map is taken for a whole one.",
  },
  "exchange/size-range": {
    level: "MUST",
    needs: "exchange",
    sentence:
      "A 4-byte reply to the first request names the size that is needed: 56 to 32768 bytes, or the exchange ends.",
    source: rfcV2("file.c:293"),
    errno: "EIO",
    consequence: "A daemon chooses how much the kernel allocates.",
  },
  "exchange/retry-alloc": {
    level: "MUST",
    needs: "exchange",
    sentence: "When the buffer of the size asked for cannot be allocated, the exchange ends.",
    source: rfcV2("file.c:302"),
    errno: "EIO",
    consequence: "A null buffer is handed to the transport.",
  },
  "exchange/retry-once": {
    level: "MUST",
    needs: "exchange",
    sentence: "The size is asked for once: a second 4-byte reply goes to the parser, which refuses it.",
    source: rfcV2("file.c:300"),
    consequence: "A daemon that always answers with a size keeps open(2) in a loop.",
  },
  "exchange/result-dropped": {
    level: "MUST",
    needs: "exchange",
    sentence: "What the parser says of the reply is dropped: fuse_get_fmap returns 0 all the same.",
    source: rfcV2("file.c:310"),
    consequence:
      "open(2) succeeds on a file without a map, and its data takes another path than its author meant.",
  },
  "exchange/open-ignores": {
    level: "MUST",
    needs: "exchange",
    sentence: "fuse_open only logs a failed exchange: open(2) succeeds without a map.",
    source: rfcV2("12/18 file.c, fuse_open"),
    consequence:
      "open(2) succeeds on a file without a map, and its data takes another path than its author meant.",
  },
} as const satisfies Record<string, RuleEntry>;
