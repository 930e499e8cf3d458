/** Names, inodes and links. */
import * as own from "../own-faults.ts";
import type { Witnesses } from "./witness.ts";

/** The kernel gives up what nobody uses, and forgets its nodeids. */
const DROP = "echo 2 > /proc/sys/vm/drop_caches";

/**
 * While the daemon reads nothing the kernel forgets these nodeids and looks one of them up again. It sends the LOOKUP
 * first, so FORGET gives back a part of the lookups, while a process has the directory as its working directory.
 */
const overtaken = (names: string) => `cd "$M/data"; stat ${names} > /dev/null; df . > /dev/null; ${DROP}
  (cd deep; sleep 0.1; ls > /dev/null) & sleep 0.1; echo go on; wait`;

const many = (open: string) => `perl -e 'for (1 .. 1100) { ${open} or die "$!\\n" }'`;

const there = (name: string) => `test -e "$M/${name}" -o -L "$M/${name}" && echo there`;

export const treeWitnesses: Witnesses = {
  "daemon/tree/root": [
    { fault: "root-is-a-file", act: 'ls "$M"; cat "$M/data/byte"', sees: [{ fails: "EIO" }] },
  ],
  "daemon/tree/attributes": [
    { fault: "mode-without-type", act: 'stat "$M/link"', sees: [{ fails: "EIO" }] },
    { fault: "size-above-2-63", act: 'stat "$M/link"', sees: [{ fails: "EIO" }] },
    {
      fault: "getattr-size-above-2-63",
      serving: "forgetful",
      act: 'cd "$M"; stat .meta data data/deep striped',
      sees: [{ fails: "EIO" }],
    },
  ],
  "daemon/tree/identity": [
    {
      fault: "generation-counts-up",
      serving: "forgetful",
      act: 'cd "$M/data"; exec 3< byte; stat byte > /dev/null; cat <&3',
      sees: [{ fails: "EIO" }],
    },
    {
      fault: own.TYPE_CHANGES,
      serving: "forgetful",
      act: 'cd "$M/data"; exec 3< byte; stat byte > /dev/null; cat <&3',
      sees: [{ fails: "EIO" }],
    },
  ],
  "daemon/tree/no-loop": [
    { fault: "directory-is-the-root", act: 'stat "$M/nothing in here"', sees: [{ fails: "EIO" }] },
    { fault: "directory-is-its-parent", act: 'ls "$M/data/deep/er"', sees: [{ fails: "ELOOP" }] },
  ],
  "daemon/tree/near-miss": [
    { fault: "longer-name-found", act: there("links"), sees: [{ prints: "other" }] },
    { fault: "shorter-name-found", act: there("lin"), sees: [{ prints: "other" }] },
    { fault: "first-letter-found", act: there("linx"), sees: [{ prints: "other" }] },
  ],
  "daemon/tree/readlink": [
    { fault: "readlink-empty", act: 'readlink "$M/link"', sees: [{ prints: "other" }] },
    { fault: "readlink-refused", act: 'readlink -v "$M/link"', sees: [{ fails: "EIO" }] },
    { fault: "readlink-with-nul-inside", act: 'readlink "$M/link"', sees: [{ prints: "other" }] },
    {
      fault: "readlink-too-long",
      act: 'readlink -v "$M/link"',
      sees: [{ write: "EINVAL", to: "READLINK" }, { fails: "EIO" }],
    },
  ],
  "daemon/tree/open-many": [
    { fault: "opens-run-out", act: many('open F, "<", "$ENV{M}/data/byte"'), sees: [{ fails: "ENFILE" }] },
    { fault: "opendirs-run-out", act: many("opendir D, $ENV{M}"), sees: [{ fails: "ENFILE" }] },
  ],
  "daemon/tree/lookup-getattr": [
    { fault: "getattr-other-type", serving: "forgetful", act: 'stat "$M/link"', sees: [{ fails: "EIO" }] },
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
