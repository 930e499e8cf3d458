import { MODE } from "../../../spec/index.ts";
import type { Attr, Entry } from "../kernel.ts";
import type { Listed } from "./page.ts";

/** DT_UNKNOWN: a daemon need not know. */
const UNKNOWN_TYPE = 0;

/** FUSE_UNKNOWN_INO, which libraries give for "not known": the kernel uses the nodeid's attributes. */
const UNKNOWN_INO = 0xffff_ffffn;

/** READDIRPLUS against itself and LOOKUP. READDIR's ino is no part of it: where another file system is mounted it differs. */
function plusDifference({ ino, entry: own }: Listed, entry: Entry): string | null {
  // Without a nodeid READDIRPLUS gives a name and no more.
  if (own === null || own.nodeid === 0n) return null;
  if (ino !== UNKNOWN_INO && ino !== own.ino)
    return `READDIRPLUS says ino ${ino} of the name and ${own.ino} of the file`;
  if (own.ino === entry.ino && own.mode === entry.mode) return null;
  return `READDIRPLUS says ino ${own.ino}, mode 0${own.mode.toString(8)}; LOOKUP ino ${entry.ino}, mode 0${entry.mode.toString(8)}`;
}

export function difference(entry: Entry, attr: Attr): string | null {
  const fields = ["ino", "mode", "size"] as const;
  const wrong = fields.find((f) => entry[f] !== attr[f]);
  return wrong === undefined ? null : `LOOKUP says ${wrong} ${entry[wrong]}, GETATTR ${attr[wrong]}`;
}

/** How the directory's own words about a name differ from what LOOKUP says of it. */
export function listedDifference(l: Listed, entry: Entry): string | null {
  const type = (entry.mode & MODE.typeMask) >>> 12;
  if (l.type !== UNKNOWN_TYPE && l.type !== type)
    return `${l.entry === null ? "READDIR" : "READDIRPLUS"} says type ${l.type}, LOOKUP ${type}`;
  return plusDifference(l, entry);
}
