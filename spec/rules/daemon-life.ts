/** Requirements for the life of a daemon and its end. Sources without a patch number are mainline Linux. */
import { at, type RuleEntry } from "./rule.ts";

export const daemonLifeRules = {
  "daemon/life/interrupt": {
    level: "MUST",
    needs: "daemon",
    sentence: "INTERRUPT disturbs no other request.",
    source: at("fs/fuse/dev.c, fuse_dev_do_write"),
    consequence: "A signal to one process breaks the files of another.",
  },
  "daemon/life/stays": {
    level: "MUST",
    needs: "daemon",
    sentence: "The daemon lives until it is told to go.",
    source: at("fs/fuse/dev.c, fuse_abort_conn"),
    consequence: "Every open file of the mount fails with ENOTCONN.",
  },
  "daemon/life/destroy": {
    level: "SHOULD",
    needs: "daemon",
    sentence: "When the channel closes, and after DESTROY, the daemon ends by itself and not by a signal.",
    source: at(
      "fs/fuse/dev.c, fuse_dev_do_read: ENODEV behind umount; fs/fuse/inode.c, fuse_send_destroy: fc->destroy, which no mount by descriptor sets",
    ),
    consequence: "Daemons pile up, or die with a core file at every unmount.",
  },
} as const satisfies Record<string, RuleEntry>;
