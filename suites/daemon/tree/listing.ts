import type { RuleId } from "../../../spec/index.ts";
import { readsPlus } from "../../../subjects/daemon/agreement.ts";
import type { Evidence } from "../../../subjects/daemon/evidence.ts";
import { describe, type Kernel } from "../kernel.ts";
import type { Given } from "./given.ts";
import type { Limits } from "./limits.ts";
import { HARMLESS, type Listed, type Page, parsePage } from "./page.ts";

/** How a directory is read. */
export interface Reading {
  /** Whether a name was looked up since the last page: then a kernel that may choose asks READDIRPLUS. */
  readonly advised: boolean;
  /** Bytes asked for at once. */
  readonly size: number;
  /** Whether the first page is believed for its first entry only, as after seekdir(3): small directories then have two. */
  readonly oneFirst?: boolean;
}

/** How a listing breaks a requirement. */
interface ListingFault {
  readonly rule: RuleId;
  readonly detail: string;
  /** The exchange at fault, where there is one. */
  readonly evidence?: () => Evidence;
}

/** All that a directory lists. */
export interface Listing {
  /** `.` and `..` too. */
  readonly entries: readonly Listed[];
  readonly faults: readonly ListingFault[];
  /** False: a fault or a limit ended it, and there may be more names. */
  readonly whole: boolean;
  /** The limit that ended it. */
  readonly limit: "names" | "bytes" | null;
}

/** Bytes that glibc's readdir(3) has room for, and so what Linux 6.18 asks for. */
const LARGE = 32_768;
/** Bytes of a page: what kernels before 6.16 asked for at once, and the least that one asks for. */
export const SMALL = 4096;

/** Bytes of the largest page that the kernel asks for on behalf of readdir(3). */
export const largePage = ({ agreed }: Kernel): number => Math.min(LARGE, agreed.maxPages * SMALL);

export const operation = (plus: boolean): string => (plus ? "READDIRPLUS" : "READDIR");

/** The entries but `.` and `..`. */
export const namesOf = ({ entries }: Pick<Listing, "entries">): Listed[] =>
  entries.filter(({ name }) => name !== "." && name !== "..");

/** The names in which two readings of a directory differ; null: in none. */
export function namesDifference(
  [one, a]: readonly [string, Listing],
  [other, b]: readonly [string, Listing],
): string | null {
  const [first, second] = [namesOf(a), namesOf(b)];
  const names = new Set(second.map((l) => l.name));
  const lacks = first.find((l) => !names.has(l.name));
  if (lacks === undefined && first.length === second.length) return null;
  const all = new Set(first.map((l) => l.name));
  const more = second.find((l) => !all.has(l.name));
  const [whose, name] = lacks === undefined ? [one, more] : [other, lacks];
  return `${one} lists ${first.length} names, ${other} ${second.length}: ${whose} lacks ${JSON.stringify(name?.name)}`;
}

/** Reads an open directory from its begin to its end as the kernel does, and notes what breaks a requirement on the way. */
export class DirectoryReader {
  private readonly kernel: Kernel;
  private readonly limits: Limits;
  /** Bytes of pages that may still be read. */
  private bytes: number;

  constructor(kernel: Kernel, limits: Limits) {
    this.kernel = kernel;
    this.limits = limits;
    this.bytes = limits.bytes;
  }

  /** `given` counts what READDIRPLUS gives. */
  async read(nodeid: bigint, fh: bigint, reading: Reading, given: Given): Promise<Listing> {
    const notes = new ListingNotes();
    const asked = new Set<bigint>();
    for (let offset = 0n; ; ) {
      asked.add(offset);
      const page = await this.page(nodeid, fh, offset, reading, notes);
      if (page === null) return notes.listing(false);
      if (page === "end") return notes.listing(true);
      given.take(nodeid, page.entries);
      const [first] = page.entries;
      const cut = reading.oneFirst === true && offset === 0n && first !== undefined;
      for (const [i, l] of (cut ? [first] : page.entries).entries()) notes.entry(l, i === 0);
      const next = cut ? first.off : page.next;
      if (next === null) return notes.listing(false);
      if (asked.has(next)) {
        notes.fault(
          "daemon/directory/offsets",
          `asked from offset ${offset} it ends with offset ${next}, which was asked before: the listing never ends`,
        );
        return notes.listing(false);
      }
      if (notes.entries.length >= this.limits.names) return notes.listing(false, "names");
      if (this.bytes <= 0) return notes.listing(false, "bytes");
      offset = next;
    }
  }

  /** The page at an offset; null: there is none to go on from. */
  private async page(
    nodeid: bigint,
    fh: bigint,
    offset: bigint,
    { advised, size }: Reading,
    notes: ListingNotes,
  ): Promise<Page | "end" | null> {
    const plus = readsPlus(this.kernel.agreed, offset, advised);
    notes.what = operation(plus);
    const answer = await this.kernel.readdir(nodeid, fh, offset, plus, size);
    notes.evidence = answer.evidence;
    // What has no usable answer is reported already, as a fault of the reply.
    if ("unusable" in answer) return null;
    if ("errno" in answer) {
      notes.fault("daemon/tree/listed-names", describe(answer));
      return null;
    }
    const { value } = answer;
    this.bytes -= value.length;
    if (value.length === 0) return "end";
    if (value.length > size) {
      notes.fault(
        "daemon/directory/page-size",
        `it is answered with ${value.length} bytes, ${size} were asked for`,
      );
      return parsePage(value.subarray(0, size), plus);
    }
    const page = parsePage(value, plus);
    for (const { rule, detail } of page.faults) notes.fault(rule, detail);
    return page;
  }
}

/** What one reading of a directory has brought so far. */
class ListingNotes {
  readonly entries: Listed[] = [];
  /** The request that is being looked at, and its exchange. */
  what = "";
  evidence: (() => Evidence) | undefined;
  private readonly faults = new Map<RuleId, ListingFault>();
  private readonly names = new Set<string>();
  private readonly offsets = new Set<bigint>();

  /** One of each rule is enough: the others are consequences of it. */
  fault(rule: RuleId, detail: string): void {
    if (this.faults.has(rule)) return;
    const { evidence } = this;
    this.faults.set(rule, {
      rule,
      detail: `${this.what}: ${detail}`,
      ...(evidence === undefined ? {} : { evidence }),
    });
  }

  /** `first`: of its page. */
  entry(l: Listed, first: boolean): void {
    const name = JSON.stringify(l.name);
    const last = this.entries.at(-1);
    const twice = this.names.has(l.name);
    if (l.off === 0n) this.fault("daemon/directory/offsets", `the offset of ${name} is 0`);
    else if (first && twice && last !== undefined && last.name === l.name)
      this.fault("daemon/directory/offsets", `asked from the offset ${last.off} of ${name} it lists ${name}`);
    else if (!twice && this.offsets.has(l.off))
      this.fault("daemon/directory/offsets", `${name} and an entry before it have the offset ${l.off}`);
    this.offsets.add(l.off);
    if (twice) {
      if (l.name !== "." && l.name !== "..")
        this.fault("daemon/directory/unique-names", `it lists ${name} twice`);
      return;
    }
    if (l.ino === 0n && l.name !== "." && l.name !== "..")
      this.fault("daemon/directory/ino-zero", `the ino of ${name} is 0`);
    this.names.add(l.name);
    this.entries.push(l);
  }

  listing(whole: boolean, limit: Listing["limit"] = null): Listing {
    // A listing that goes back lists names twice.
    if (this.faults.has("daemon/directory/offsets")) this.faults.delete("daemon/directory/unique-names");
    // What is cut off at the end of one page is the first of the next, and then breaks more.
    if (this.faults.has("daemon/directory/entries")) this.faults.delete("daemon/directory/rest");
    const faults = [...this.faults.values()];
    const harmless = faults.every((f) => HARMLESS.includes(f.rule));
    return { entries: this.entries, faults, whole: whole && harmless, limit };
  }
}
