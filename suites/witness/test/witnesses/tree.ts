/** Names, inodes and links. */
import type { Witnesses } from "./witness.ts";

/** The kernel gives up what nobody uses, and forgets its nodeids. */
const DROP = "echo 2 > /proc/sys/vm/drop_caches";

/**
 * While the daemon reads nothing the kernel forgets these nodeids and looks one of them up again. It sends the LOOKUP
 * first, so FORGET gives back a part of the lookups, while a process has the directory as its working directory.
 */
const overtaken = (names: string) => `cd "$M/data"; stat ${names} > /dev/null; df . > /dev/null; ${DROP}
  (cd deep; sleep 0.1; ls > /dev/null) & sleep 0.1; echo go on; wait`;

export const treeWitnesses: Witnesses = {
  "daemon/tree/root": [
    { fault: "root-is-a-file", act: 'ls "$M"; cat "$M/data/byte"', sees: [{ fails: "EIO" }] },
  ],
  "daemon/tree/lookup-getattr": [
    {
      fault: "lookup-size-ahead",
      act: 'cd "$M/data"; stat -c %s byte; cat byte | wc -c; stat -c %s byte',
      sees: [{ prints: "other" }],
    },
  ],
  "daemon/tree/listed-names": [
    {
      fault: "listed-name-unknown",
      act: `cd "$M"; names=$(ls); ${DROP}; echo "$names" | while read -r name; do stat "$name" > /dev/null; done`,
      sees: [{ fails: "ENOENT" }],
    },
  ],
  "daemon/tree/unknown-name": [
    {
      fault: "unknown-name-found",
      act: 'test -e "$M/no-such-name" && echo there',
      sees: [{ prints: "other" }],
    },
  ],
  "daemon/tree/lookup-count": [
    {
      fault: "name-gone-after-forget",
      act: `stat -c %n "$M/data/byte"; ${DROP}; sleep 0.05; stat -c %n "$M/data/byte"`,
      sees: [{ fails: "ENOENT" }],
    },
    {
      fault: "lookups-run-out",
      serving: "forgetful",
      act: `perl -e '-e "$ENV{M}/data/byte" or die "$!\\n" for 1 .. 300'`,
      sees: [{ fails: "ENFILE" }],
    },
    {
      fault: "dropped-at-first-forget",
      pauseAfter: "STATFS",
      act: overtaken("deep"),
      sees: [{ fails: "ESTALE" }],
    },
    {
      fault: "batch-forget-drops",
      pauseAfter: "STATFS",
      act: overtaken("deep byte"),
      sees: [{ fails: "ESTALE" }],
    },
  ],
  "daemon/tree/open": [
    { fault: "open-refused", act: 'cat "$M/data/whole" > /dev/null', sees: [{ fails: "EACCES" }] },
  ],
};
