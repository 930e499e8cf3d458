/** Requirements for INIT and for all replies of a daemon. A source without a patch number is mainline Linux. */
import { at, type RuleEntry } from "./rule.ts";

export const daemonAnswerRules = {
  "daemon/init/version": {
    level: "MUST",
    needs: "daemon",
    sentence:
      "INIT is answered without an error and with major 7; any minor is right, both sides use the smaller one.",
    source: at("fs/fuse/inode.c, process_init_reply: error, or major is not FUSE_KERNEL_VERSION"),
    consequence: "Every call on the mount gets ECONNREFUSED; the kernel does not ask again.",
  },
  "daemon/init/only-offered": {
    level: "SHOULD",
    needs: "daemon",
    sentence: "INIT's answer sets no flag that was not offered.",
    source: at(
      "fs/fuse/inode.c, process_init_reply: flags of the answer, not compared with those of fuse_send_init",
    ),
    consequence: "A kernel that knows the flag does as if it had offered it, any other one ignores it.",
  },
  // A warning: the options of a real mount are not all known here.
  "daemon/init/idmap": {
    level: "SHOULD",
    needs: "daemon",
    sentence:
      "A daemon that sets FUSE_ALLOW_IDMAP is mounted with default_permissions, or sets FUSE_POSIX_ACL.",
    source: at(
      "fs/fuse/inode.c, process_init_reply: FUSE_ALLOW_IDMAP without fc->default_permissions (Linux 6.12)",
    ),
    consequence: "Every call on the mount gets ECONNREFUSED.",
  },
  "daemon/init/fmap-bit-travels": {
    level: "MUST",
    needs: "daemon",
    sentence:
      "A daemon that sets FUSE_DAX_FMAP sets it in flags2, sets FUSE_INIT_EXT in flags, and sends an answer that reaches to flags2.",
    source: at("fs/fuse/inode.c, process_init_reply: flags2 counts where flags has FUSE_INIT_EXT"),
    consequence: "The kernel does not find the bit, and no file ever gets a map.",
  },
  // A kernel that does not offer the bit sends no GET_FMAP.
  "daemon/init/fmap-only-if-offered": {
    level: "SHOULD",
    needs: "daemon",
    sentence: "Where FUSE_DAX_FMAP was not offered it is not set, and GET_FMAP gets an error.",
    source: at("12/18 inode.c, process_init_reply"),
    consequence: "The daemon takes part in a protocol that the kernel has not agreed to.",
  },
  // Of the revisions whose FUSE_DAX_FMAP is bit 42, later given to FUSE_REQUEST_TIMEOUT.
  "daemon/init/newer-kernel": {
    level: "SHOULD",
    needs: "daemon",
    sentence:
      "Where a kernel of protocol 7.45 offers bit 42, there FUSE_REQUEST_TIMEOUT, the daemon does not take it for FUSE_DAX_FMAP: GET_FMAP gets an error, or the bit is not set.",
    source: at("12/18 fuse.h, FUSE_DAX_FMAP; bit 42 as Linux 6.18 offers it in INIT", ["rfc-v1", "rfc-v2"]),
    consequence: "The daemon asks a newer kernel for something else, and believes that famfs is agreed on.",
  },
  // The kernel takes 4096 for whatever is below.
  "daemon/init/max-write": {
    level: "SHOULD",
    needs: "daemon",
    sentence: "max_write is at least 4096.",
    source: at("fs/fuse/inode.c, process_init_reply: max_t(unsigned, 4096, fc->max_write)"),
    consequence: "The kernel sends writes of 4096 bytes, more than the daemon announces.",
  },
  "daemon/init/read-buffer": {
    level: "MUST",
    needs: "daemon",
    sentence:
      "The daemon reads requests with a buffer of at least 8192 bytes, and of at least max_write and 80 bytes once INIT was answered.",
    source: at("fs/fuse/dev.c, fuse_dev_do_read: nbytes below FUSE_MIN_READ_BUFFER or 40 + 40 + max_write"),
    consequence:
      "Each read(2) fails with EINVAL before the kernel hands out a request, and every caller hangs.",
  },
  "daemon/reply/length": {
    level: "MUST",
    needs: "daemon",
    sentence: "The length in a reply's header is the number of bytes written.",
    source: at("fs/fuse/dev.c, fuse_dev_do_write"),
    consequence: "The kernel refuses the reply, and the request hangs until the connection is aborted.",
  },
  "daemon/reply/one-write": {
    level: "MUST",
    needs: "daemon",
    sentence:
      "One write(2) has one reply, and the whole of it; only what splice(2) moves may come in pieces.",
    source: at("fs/fuse/dev.c, fuse_dev_do_write: oh.len != nbytes"),
    consequence:
      "The kernel refuses each part with EINVAL, and the request hangs until the connection is aborted.",
  },
  "daemon/reply/unique": {
    level: "SHOULD",
    needs: "daemon",
    sentence: "Every reply answers a request that is waiting for one.",
    source: at("fs/fuse/dev.c, fuse_dev_do_write: request_find finds none"),
    consequence:
      "write(2) fails with ENOENT and nothing else happens; a daemon that does not expect that ends.",
  },
  "daemon/reply/once": {
    level: "SHOULD",
    needs: "daemon",
    sentence: "A request is answered once.",
    source: at("fs/fuse/dev.c, fuse_dev_do_write: request_find finds none"),
    consequence: "The second write(2) fails with ENOENT; a daemon that does not expect that ends.",
  },
  "daemon/reply/interrupt-bit": {
    level: "MUST",
    needs: "daemon",
    sentence: "A reply has the unique of its request, without the bit that marks INTERRUPT.",
    source: at("fs/fuse/dev.c, fuse_dev_do_write: oh.unique & FUSE_INT_REQ_BIT"),
    consequence:
      "The kernel takes the reply for one to INTERRUPT: it is lost or refused, and the request hangs.",
  },
  "daemon/notify/code": {
    level: "MUST",
    needs: "daemon",
    sentence: "A message with unique 0 has the code of a notification.",
    source: at("fs/fuse/dev.c, fuse_notify: default"),
    consequence: "write(2) fails with EINVAL, and the kernel goes on with what it has cached.",
  },
  "daemon/notify/body": {
    level: "MUST",
    needs: "daemon",
    sentence: "A notification has the bytes that its code and its counts say.",
    source: at("fs/fuse/dev.c, fuse_notify_inval_inode, fuse_notify_inval_entry and the others: size"),
    consequence: "write(2) fails with EINVAL, and the kernel goes on with what it has cached.",
  },
  "daemon/reply/error-range": {
    level: "MUST",
    needs: "daemon",
    sentence: "The error in a reply's header is 0 or a negative errno above -512.",
    source: at("fs/fuse/dev.c, fuse_dev_do_write"),
    consequence: "The kernel refuses the reply, and the request hangs.",
  },
  "daemon/reply/no-body-with-error": {
    level: "MUST",
    needs: "daemon",
    sentence: "A reply with an error has no body.",
    source: at("fs/fuse/dev.c, fuse_dev_do_write"),
    consequence: "The kernel refuses the reply, and the request hangs.",
  },
  "daemon/reply/body-size": {
    level: "MUST",
    needs: "daemon",
    sentence: "A reply's body has the size that its request defines.",
    source: at("fs/fuse/dev.c, copy_out_args"),
    consequence: "The request fails with EIO.",
  },
  "daemon/reply/answered": {
    level: "MUST",
    needs: "daemon",
    sentence: "Every request that has a reply is answered in time.",
    source: at("fs/fuse/dev.c, request_wait_answer"),
    consequence: "The caller hangs until the daemon is killed.",
  },
} as const satisfies Record<string, RuleEntry>;
