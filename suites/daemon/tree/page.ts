import { dirent, entryOut, type RuleId } from "../../../spec/index.ts";
import type { Entry } from "../kernel.ts";
import { textOfName } from "./name.ts";

/** One name of a directory. */
export interface Listed {
  readonly name: string;
  /** Bytes of the name. */
  readonly length: number;
  readonly ino: bigint;
  readonly off: bigint;
  readonly type: number;
  /** What READDIRPLUS gives beside the name; null: READDIR, or a nodeid of 0, which gives the name alone. */
  readonly entry: ListedEntry | null;
}

/** What is kept of an entry of READDIRPLUS: there can be very many. */
export type ListedEntry = Pick<Entry, "nodeid" | "generation" | "ino" | "mode" | "size">;

/** How the bytes of a page break a requirement. */
interface PageFault {
  readonly rule:
    | "daemon/directory/entries"
    | "daemon/directory/rest"
    | "daemon/directory/names"
    | "daemon/directory/name-end";
  readonly detail: string;
}

/** Faults that lose no name. */
export const HARMLESS: readonly RuleId[] = ["daemon/directory/rest", "daemon/directory/name-end"];

export interface Page {
  /** The entries that have a name which can be asked for, `.` and `..` too. */
  readonly entries: readonly Listed[];
  /** Where the kernel asks on; null: the page has no entry. */
  readonly next: bigint | null;
  readonly faults: readonly PageFault[];
}

const ALIGNMENT = 8;
const SLASH = 0x2f;

/** The longest name that any kernel takes out of a page (PATH_MAX - 1; 1024 until Linux 6.14). */
const LONGEST = 4095;

/** Reads a page as parse_dirfile and parse_dirplusfile do, but goes on behind a name that they refuse. */
export function parsePage(page: Uint8Array, plus: boolean): Page {
  const padded = read(page, plus, ALIGNMENT);
  if (padded.faults.length === 0 || read(page, plus, 1).faults.length > 0) return padded;
  return { ...padded, faults: [entriesFault("the entries of a page are not padded to 8 bytes")] };
}

const entriesFault = (detail: string): PageFault => ({ rule: "daemon/directory/entries", detail });

function read(page: Uint8Array, plus: boolean, alignment: number): Page {
  const head = plus ? entryOut.size : 0;
  const entries: Listed[] = [];
  const faults: PageFault[] = [];
  let next: bigint | null = null;
  let at = 0;
  const done = () => ({ entries, next, faults });
  while (page.length - at >= head + dirent.size) {
    const d = dirent.read(page, at + head);
    const begin = at + head + dirent.size;
    const end = begin + d.namelen;
    if (d.namelen === 0) {
      faults.push(entriesFault(`the entry at byte ${at} of a page has an empty name`));
      return done();
    }
    const whole = at + Math.ceil((end - at) / alignment) * alignment;
    if (whole > page.length) {
      // The kernel rounds up, too, and drops an entry whose padding is missing.
      if (end === page.length) faults.push(entriesFault("the last entry of a page is not padded to 8 bytes"));
      break;
    }
    const counted = page.subarray(begin, end);
    const name = withoutEnd(counted);
    const fault = nameFault(name);
    if (fault !== null) faults.push({ rule: "daemon/directory/names", detail: fault });
    else if (name.length < counted.length)
      faults.push({
        rule: "daemon/directory/name-end",
        detail: `the name ${quoted(name)} ends with a NUL that its length of ${counted.length} bytes counts in`,
      });
    if (fault === null) entries.push({ ...listed(d, name), entry: plus ? entryAt(page, at) : null });
    next = d.off;
    at = whole;
  }
  const rest = page.length - at;
  if (rest > 0 && faults.length === 0)
    faults.push(
      next === null
        ? entriesFault(`a page of ${page.length} bytes has no whole entry`)
        : { rule: "daemon/directory/rest", detail: `${rest} bytes follow the last whole entry of a page` },
    );
  return done();
}

const listed = ({ ino, off, type }: ReturnType<typeof dirent.read>, name: Uint8Array) => ({
  name: textOfName(name),
  length: name.length,
  ino,
  off,
  type,
});

function entryAt(page: Uint8Array, at: number): ListedEntry | null {
  const { nodeid, generation, ino, mode, size } = entryOut.read(page, at);
  return nodeid === 0n ? null : { nodeid, generation, ino, mode, size };
}

/** A name up to the NULs that end it, as programs read it; one that is nothing else stays as it is. */
function withoutEnd(name: Uint8Array): Uint8Array {
  const end = name.findLastIndex((byte) => byte !== 0) + 1;
  return end === 0 ? name : name.subarray(0, end);
}

const quoted = (name: Uint8Array) => JSON.stringify(textOfName(name.subarray(0, 64)));

function nameFault(name: Uint8Array): string | null {
  if (name.length > LONGEST) return `the name ${quoted(name)}... has ${name.length} bytes`;
  if (name.includes(SLASH)) return `the name ${quoted(name)} has a slash`;
  return name.includes(0) ? `the name ${quoted(name)} has a NUL` : null;
}
