/** What a kernel bears: the action prints what it prints on a sound daemon, whatever else is observed. */
import { LIST, type Witnesses } from "./witness.ts";

export const BORNE: Witnesses = {
  "daemon/init/only-offered": [{ fault: "flag-not-offered", act: LIST, sees: [] }],
  "daemon/init/max-write": [{ fault: "max-write-1024", act: LIST, sees: [] }],
  "daemon/reply/unique": [{ fault: "reply-unasked", act: LIST, sees: [{ write: "ENOENT", to: "nobody" }] }],
  "daemon/reply/once": [{ fault: "reply-twice", act: LIST, sees: [{ write: "ENOENT", to: "RELEASEDIR" }] }],
  "daemon/tree/statfs": [
    { fault: "statfs-enosys", act: `${LIST}; df "$M" > /dev/null`, sees: [{ fails: "ENOSYS" }] },
  ],
};
