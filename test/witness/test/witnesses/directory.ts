/** Pages of directories. */
import * as own from "../own-faults.ts";
import { LIST, SHORT, type Witnesses } from "./witness.ts";

/** The first two names, and from there on the others. */
const SEEK = `perl -e 'opendir D, $ENV{M}; readdir D for 1 .. 2; seekdir D, telldir D; print "$_\\n" for sort readdir D'`;

const REWIND = `perl -e 'opendir D, $ENV{M}; 1 while readdir D; rewinddir D; print "$_\\n" for sort readdir D'`;

export const directoryWitnesses: Witnesses = {
  "daemon/directory/page-size": [
    { fault: "page-too-long", act: LIST, sees: [{ write: "EINVAL", to: "READDIRPLUS" }, { fails: "EIO" }] },
  ],
  "daemon/directory/entries": [
    { fault: "entries-unpadded", act: LIST, sees: [{ prints: "other" }] },
    { fault: "last-entry-unpadded", act: LIST, sees: [{ prints: "other" }] },
    { fault: "page-filled-up", act: LIST, sees: [{ fails: "EIO" }] },
    { fault: "namelen-beyond-page", act: LIST, sees: [{ prints: "other" }] },
  ],
  "daemon/directory/names": [
    { fault: "name-with-slash", act: LIST, sees: [{ fails: "EIO" }] },
    { fault: own.NAME_CUT_BY_NUL, act: LIST, sees: [{ prints: "other" }] },
    {
      fault: "name-of-300-bytes",
      act: 'to=$(mktemp -d); find "$M" -maxdepth 1 -type l -exec cp -P {} "$to" \\;; rm -r "$to"',
      sees: [{ fails: "ENAMETOOLONG" }],
    },
  ],
  "daemon/directory/ino-zero": [{ fault: "ino-zero", act: LIST, sees: [{ prints: "other" }] }],
  "daemon/directory/unique-names": [{ fault: "name-listed-twice", act: LIST, sees: [{ prints: "other" }] }],
  "daemon/directory/offsets": [
    {
      fault: "dirent-off-zero",
      act: LIST,
      patience: SHORT,
      sees: [{ hangs: true }, { more: "READDIRPLUS", than: 20 }],
    },
    {
      fault: "dirent-off-own",
      act: LIST,
      patience: SHORT,
      sees: [{ hangs: true }, { more: "READDIR", than: 20 }],
    },
    { fault: "dirent-off-same", act: SEEK, sees: [{ prints: "other" }] },
    { fault: "seek-skips-one", act: SEEK, sees: [{ prints: "other" }] },
  ],
  "daemon/directory/ends": [
    {
      fault: "listing-endless",
      act: LIST,
      patience: SHORT,
      sees: [{ hangs: true }, { more: "READDIR", than: 20 }],
    },
  ],
  "daemon/directory/small-pages": [
    { fault: "small-page-loses-a-name", serving: "single pages", act: LIST, sees: [{ prints: "other" }] },
  ],
  "daemon/directory/rewind": [{ fault: "readdir-once-a-handle", act: REWIND, sees: [{ prints: "other" }] }],
  "daemon/directory/plus-entry": [
    { fault: "readdirplus-other-size", act: 'ls -l "$M/data"', sees: [{ prints: "other" }] },
    {
      fault: "readdirplus-other-generation",
      act: 'cd "$M/data"; exec 3< byte; ls -l > /dev/null; cat <&3',
      sees: [{ fails: "EIO" }],
    },
    {
      fault: "readdirplus-other-nodeid",
      act: 'ls -l "$M" > /dev/null; readlink "$M/link"',
      sees: [{ prints: "other" }],
    },
  ],
  "daemon/directory/plus-counted": [
    {
      fault: "readdirplus-uncounted",
      act: 'cd "$M/data"; ls -l > /dev/null; cd deep; ls > /dev/null',
      sees: [{ fails: "ESTALE" }],
    },
  ],
};
