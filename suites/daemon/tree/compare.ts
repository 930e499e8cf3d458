import { MODE, TWO_TO_63 } from "../../../spec/index.ts";
import { type Attr, type Entry, isRegular } from "../kernel.ts";
import type { Listed, ListedEntry } from "./page.ts";

/** DT_UNKNOWN: a daemon need not know. */
const UNKNOWN_TYPE = 0;
/** What libraries list where a daemon gives them no ino. */
const UNKNOWN_INOS: readonly bigint[] = [0n, 0xffff_ffffn, 0xffff_ffff_ffff_ffffn];

/** File types of Linux, as in a mode. */
const TYPES: readonly number[] = [0o01, 0o02, 0o04, 0o06, 0o10, 0o12, 0o14];
const TYPE_SHIFT = 12;

const typeOf = (mode: number) => (mode & MODE.typeMask) >>> TYPE_SHIFT;
const octal = (mode: number) => `0${mode.toString(8)}`;
/** Why the kernel refuses these attributes (fuse_invalid_attr); null: it does not. */
export function refusedAttributes({ mode, size }: Pick<Attr, "mode" | "size">): string | null {
  if (!TYPES.includes(typeOf(mode))) return `mode ${octal(mode)} has no file type`;
  return size >= TWO_TO_63 ? `size ${size} is 2^63 or more` : null;
}

/** The file type, and of a regular file the size, in which two answers differ that come from these requests. */
export function difference(
  [one, a]: readonly [string, Pick<Attr, "mode" | "size">],
  [other, b]: readonly [string, Pick<Attr, "mode" | "size">],
): string | null {
  if (typeOf(a.mode) !== typeOf(b.mode))
    return `${one} gives mode ${octal(a.mode)}, ${other} ${octal(b.mode)}`;
  if (isRegular(a.mode) && a.size !== b.size) return `${one} gives size ${a.size}, ${other} ${b.size}`;
  return null;
}

/** The ino in which they differ. */
export const inoDifference = (
  [one, a]: readonly [string, Pick<Attr, "ino">],
  [other, b]: readonly [string, Pick<Attr, "ino">],
): string | null => (a.ino === b.ino ? null : `${one} gives ino ${a.ino}, ${other} ${b.ino}`);

/** What makes of a nodeid another inode for the kernel (fuse_stale_inode). */
export function identityDifference(
  [one, a]: readonly [string, Pick<Entry, "generation" | "mode">],
  [other, b]: readonly [string, Pick<Entry, "generation" | "mode">],
): string | null {
  if (a.generation !== b.generation)
    return `${one} gives generation ${a.generation}, ${other} ${b.generation}`;
  return typeOf(a.mode) === typeOf(b.mode)
    ? null
    : `${one} gives mode ${octal(a.mode)}, ${other} ${octal(b.mode)}`;
}

/** READDIRPLUS against LOOKUP. */
export function plusDifference(plus: ListedEntry, entry: Entry): string | null {
  if (plus.nodeid !== entry.nodeid) return `READDIRPLUS gives nodeid ${plus.nodeid}, LOOKUP ${entry.nodeid}`;
  const [one, other] = [["READDIRPLUS", plus] as const, ["LOOKUP", entry] as const];
  return identityDifference(one, other) ?? difference(one, other);
}

/** The type of a listed name against the file's. */
export function typeDifference({ type }: Listed, { mode }: Entry): string | null {
  return type === UNKNOWN_TYPE || type === typeOf(mode)
    ? null
    : `it is listed with type ${type}, and LOOKUP gives type ${typeOf(mode)}`;
}

/** The two inos of one entry of READDIRPLUS. READDIR's is compared with nothing: where another file system is mounted it differs. */
export function listedInoDifference({ ino, entry }: Listed): string | null {
  if (entry === null || ino === entry.ino || UNKNOWN_INOS.includes(ino)) return null;
  return `READDIRPLUS lists ino ${ino}, and ino ${entry.ino} in the attributes of the name`;
}
