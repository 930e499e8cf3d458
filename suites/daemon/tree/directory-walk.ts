import { ROOT_NODEID, type RuleId } from "../../../spec/index.ts";
import type { Evidence } from "../../../subjects/daemon/evidence.ts";
import { describe, type Entry } from "../kernel.ts";
import {
  difference,
  listedInoDifference,
  plusDifference,
  refusedAttributes,
  typeDifference,
} from "./compare.ts";
import { checkCounted } from "./counted.ts";
import { hasNoEnd } from "./endless.ts";
import { Given } from "./given.ts";
import { type Listing, largePage, namesDifference, namesOf, type Reading } from "./listing.ts";
import type { Listed, ListedEntry } from "./page.ts";
import type { Walking } from "./walking.ts";

/** Names of one directory that are compared again before they are reported. */
const AGAIN = 3;

/** NAME_MAX of Linux, which programs count on whatever STATFS gives. */
const USUAL_NAME_MAX = 255;

type Way = Omit<Reading, "size">;
const ADVISED: Way = { advised: true };
const UNADVISED: Way = { advised: false, oneFirst: true };

interface Names {
  readonly names: readonly Listed[];
  readonly limit: Listing["limit"];
}

/** What the walk does in one directory: lists it, looks up each name and compares. */
export class DirectoryWalk {
  private readonly tree: Walking;
  private readonly nodeid: bigint;
  private readonly path: string;
  private readonly given: Given;
  /** The names as READDIR lists them where there is READDIRPLUS, too. */
  private readonly second = new Map<string, Listed>();
  /** Whether each page consists of whole entries; what stands in one that does not may be no name. */
  private pagesAreWhole = true;
  /** Names that are listed and cannot be looked up. */
  private readonly lost: { readonly l: Listed; readonly why: string }[] = [];
  /** Names of which READDIRPLUS and LOOKUP give different things. */
  private readonly suspects: { readonly l: Listed; readonly entry: Entry; readonly differs: string }[] = [];

  constructor(tree: Walking, nodeid: bigint, path: string) {
    this.tree = tree;
    this.nodeid = nodeid;
    this.path = path;
    this.given = new Given(tree.kernel);
  }

  /** The names of the directory; null: it may not be listed. */
  async list(): Promise<Names | null> {
    const { tree, nodeid } = this;
    const { kernel } = tree;
    const { plus, plusAuto } = kernel.agreed;
    const opened = await kernel.open(nodeid, true);
    if (!("value" in opened)) {
      if (!("unusable" in opened)) this.closed(describe(opened), opened.evidence);
      return null;
    }
    const first = await this.read(opened.value.fh, ADVISED);
    if (first.limit === "names") {
      const endless = await hasNoEnd(kernel, nodeid, opened.value.fh, this.given);
      this.check("daemon/directory/ends", endless);
    } else if (first.whole) this.check("daemon/directory/ends", null);
    await kernel.release(nodeid, opened.value, true);
    await this.report(first, ADVISED);
    // A kernel that does not choose by itself asks READDIRPLUS each time.
    if (plus && plusAuto && first.limit === null) await this.other(first);
    const names = namesOf(first);
    if (plus) await checkCounted(tree, nodeid, this.path, names);
    this.lengths(names);
    return { names, limit: first.limit };
  }

  /** A kernel that may choose goes on with READDIR where no name is looked up, by the offset of READDIRPLUS. */
  private async other(first: Listing): Promise<void> {
    const second = await this.readAgain(UNADVISED);
    if (second === null) return;
    await this.report(second, UNADVISED);
    for (const l of second.entries) this.second.set(l.name, l);
    if (!first.whole || !second.whole) return;
    let differs = namesDifference(["READDIRPLUS", first], ["READDIR behind its first entry", second]);
    if (differs !== null) {
      // A directory that changes meanwhile is no fault.
      const [again, other] = [await this.readAgain(ADVISED), await this.readAgain(UNADVISED)];
      const steady =
        again !== null &&
        other !== null &&
        namesDifference(["", first], ["", again]) === null &&
        namesDifference(["", second], ["", other]) === null;
      if (!steady) differs = null;
    }
    this.check("daemon/tree/listed-names", differs);
  }

  /** Reports the faults of a listing; a name that comes twice has to do so again. */
  private async report({ faults, entries, whole }: Listing, way: Way): Promise<void> {
    if (whole || entries.length > 0)
      for (const rule of LISTING_RULES) if (!faults.some((f) => f.rule === rule)) this.check(rule, null);
    for (const { rule, detail, evidence } of faults) {
      if (rule === "daemon/directory/entries") this.pagesAreWhole = false;
      if (rule === "daemon/directory/unique-names") {
        const again = await this.readAgain(way);
        if (!again?.faults.some((f) => f.rule === rule)) continue;
      }
      this.check(rule, detail, undefined, evidence);
    }
  }

  /** Compares the names' lengths with what STATFS allows. */
  private lengths(names: readonly Listed[]): void {
    const { nameMax } = this.tree;
    const longest = Math.max(USUAL_NAME_MAX, nameMax);
    for (const { name, length } of names) {
      const detail = `the name has ${length} bytes, STATFS allows ${nameMax}`;
      this.check("daemon/directory/names", length > longest ? detail : null, name);
      if (length <= longest && nameMax > 0)
        this.check("daemon/directory/name-length", length > nameMax ? detail : null, name);
    }
  }

  private readAgain(way: Way): Promise<Listing | null> {
    return this.tree.kernel.inDirectory(this.nodeid, (fh) => this.read(fh, way));
  }

  private read(fh: bigint, way: Way): Promise<Listing> {
    const { kernel, reader } = this.tree;
    return reader.read(this.nodeid, fh, { ...way, size: largePage(kernel) }, this.given);
  }

  /** OPENDIR was refused: a directory that we may not enter is left out, and any other errno is a fault. */
  private closed(errno: string, evidence?: () => Evidence): void {
    if (errno === "EACCES" || errno === "EPERM") this.tree.leave(this.path, `OPENDIR: ${errno}`);
    else this.check("daemon/tree/listed-names", `OPENDIR: ${errno}`, undefined, evidence);
  }

  /** Checks the directory, or a name in it. */
  private check(id: RuleId, fault: string | null, name?: string, evidence?: () => Evidence): void {
    const path = name === undefined ? this.path || "/" : `${this.path}/${name}`;
    this.tree.kernel.ledger.check(id, fault, { path }, evidence);
  }

  /** LOOKUP of a listed name, compared with what is listed of it; null: the kernel has no inode for it. */
  async lookup(l: Listed): Promise<Entry | null> {
    const found = await this.tree.kernel.lookup(this.nodeid, l.name);
    if (!("value" in found)) {
      if ("errno" in found) this.lost.push({ l, why: describe(found) });
      return null;
    }
    this.check("daemon/tree/listed-names", null);
    const { value: entry } = found;
    const refused = refusedAttributes(entry);
    const listedRefused = l.entry === null ? null : refusedAttributes(l.entry);
    const wrong = refused === null ? listedRefused && `READDIRPLUS: ${listedRefused}` : `LOOKUP: ${refused}`;
    this.check("daemon/tree/attributes", wrong, l.name, refused === null ? undefined : found.evidence);
    if (refused !== null) return null;
    const second = this.second.get(l.name);
    const otherType =
      typeDifference(l, entry) ?? (second === undefined ? null : typeDifference(second, entry));
    this.check("daemon/directory/type", otherType, l.name);
    // A name that stands for the root is another requirement's fault.
    if (l.entry !== null && listedRefused === null && entry.nodeid !== ROOT_NODEID)
      this.comparePlus(l, entry);
    return entry;
  }

  private comparePlus(l: Listed, entry: Entry): void {
    const own = l.entry as NonNullable<Listed["entry"]>;
    const otherIno =
      listedInoDifference(l) ??
      (own.ino === entry.ino ? null : `READDIRPLUS gives ino ${own.ino}, LOOKUP ${entry.ino}`);
    this.check("daemon/tree/same-ino", otherIno, l.name);
    const differs = plusDifference(own, entry);
    if (differs === null) this.check("daemon/directory/plus-entry", null);
    else this.suspects.push({ l, entry, differs });
  }

  /** Reports what READDIRPLUS and LOOKUP do not agree on, if they still do not: a file that changes meanwhile is no fault. */
  private async again(): Promise<void> {
    if (this.suspects.length === 0) return;
    const listing = await this.readAgain(ADVISED);
    const now = new Map(listing?.entries.map((l) => [l.name, l.entry]));
    let steady = true;
    for (const [i, { l, entry, differs }] of this.suspects.entries()) {
      const own = now.get(l.name);
      if (i < AGAIN) steady = await this.tree.unchanged(this.nodeid, l.name, entry);
      const still = own !== undefined && own !== null && plusDifference(own, entry) !== null;
      // Where GETATTR agrees with READDIRPLUS it is LOOKUP that differs from both, and that is another requirement's.
      if (steady && still && (await this.isLookups(own, entry))) continue;
      this.check("daemon/directory/plus-entry", steady && still ? differs : null, l.name);
    }
  }

  /** Whether GETATTR gives the type and the size of READDIRPLUS, and not those of LOOKUP. */
  private async isLookups(plus: ListedEntry, entry: Entry): Promise<boolean> {
    const attr = await this.tree.kernel.getattr(entry.nodeid);
    if (!("value" in attr) || plus.nodeid !== entry.nodeid) return false;
    const other = ["", attr.value] as const;
    return difference(["", entry], other) !== null && difference(["", plus], other) === null;
  }

  /** Ends the lookups: what differed is asked again, and what READDIRPLUS stands for is given back. */
  async settle(): Promise<void> {
    await this.missing();
    await this.again();
    this.given.giveBack(this.tree.plusCounts);
  }

  /** Reports the names that are listed and cannot be looked up, if they still are and still cannot. */
  private async missing(): Promise<void> {
    if (this.lost.length === 0 || !this.pagesAreWhole) return;
    const again = await this.readAgain(ADVISED);
    const still = new Set(again?.entries.map((l) => l.name));
    for (const { l, why } of this.lost) {
      if (!still.has(l.name)) continue;
      const found = await this.tree.kernel.peek(this.nodeid, l.name);
      if ("value" in found) continue;
      const detail = `it is listed, and LOOKUP of it gives ${why}`;
      this.check("daemon/tree/listed-names", detail, l.name, found.evidence);
    }
  }
}

/** What every listing is checked against. */
export const LISTING_RULES = [
  "daemon/directory/page-size",
  "daemon/directory/entries",
  "daemon/directory/rest",
  "daemon/directory/names",
  "daemon/directory/name-end",
  "daemon/directory/ino-zero",
  "daemon/directory/unique-names",
  "daemon/directory/offsets",
] as const satisfies readonly RuleId[];
