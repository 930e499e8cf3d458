/** What a kernel bears: the action prints what it prints on a sound daemon, whatever else is observed. */
import { LIST, type Witnesses } from "./witness.ts";

export const BORNE: Witnesses = {
  "daemon/init/only-offered": [{ fault: "flag-not-offered", act: LIST, sees: [] }],
  "daemon/init/max-write": [{ fault: "max-write-1024", act: LIST, sees: [] }],
  "daemon/reply/unique": [{ fault: "reply-unasked", act: LIST, sees: [{ write: "ENOENT", to: "nobody" }] }],
  "daemon/reply/once": [{ fault: "reply-twice", act: LIST, sees: [{ write: "ENOENT", to: "RELEASEDIR" }] }],
  "daemon/directory/rest": [{ fault: "page-with-rest", act: LIST, sees: [] }],
  "daemon/directory/name-end": [
    { fault: "name-with-nul", act: `${LIST}; readlink "$M/link"`, sees: [] },
    { fault: "name-with-nul", act: 'ls -l "$M"', sees: [] },
  ],
  "daemon/directory/name-length": [{ fault: "statfs-namelen-4", act: LIST, sees: [] }],
  "daemon/directory/type": [{ fault: "readdir-other-type", act: LIST, sees: [] }],
  "daemon/tree/same-ino": [{ fault: "readdirplus-other-ino", act: LIST, sees: [] }],
  "daemon/tree/one-directory": [{ fault: "directory-with-two-names", act: LIST, sees: [] }],
  "daemon/tree/link-length": [
    { fault: "symlink-size-zero", act: 'readlink "$M/link"', sees: [] },
    { fault: "readlink-with-nul", act: 'readlink "$M/link"', sees: [] },
  ],
  "daemon/tree/release": [
    {
      fault: "release-refused",
      act: 'for file in "$M"/* "$M"/data/*; do cat "$file"; done | wc -c',
      sees: [],
    },
  ],
  "daemon/tree/statfs": [
    { fault: "statfs-enosys", act: `${LIST}; df "$M" > /dev/null`, sees: [{ fails: "ENOSYS" }] },
  ],
};
