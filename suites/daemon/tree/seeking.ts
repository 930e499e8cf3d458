/** Whether a directory can be read in other ways than at once: from any of its offsets, in small pages, and again. */
import { ROOT_NODEID, type RuleId, rule } from "../../../spec/index.ts";
import { readsPlus } from "../../../subjects/daemon/agreement.ts";
import type { Kernel } from "../kernel.ts";
import type { DaemonLedger } from "../ledger.ts";
import { sample } from "../session/sampling.ts";
import { LISTING_RULES } from "./directory-walk.ts";
import { Given } from "./given.ts";
import { LIMITS } from "./limits.ts";
import { DirectoryReader, type Listing, largePage, namesDifference, operation, SMALL } from "./listing.ts";
import type { TreeNode } from "./node.ts";
import { HARMLESS, type Listed, parsePage } from "./page.ts";

/** What a walk has found. */
interface Walked {
  readonly nodes: readonly TreeNode[];
  readonly plusCounts: boolean;
}

/** Directories that are read again, and offsets of one that are asked from. */
const DIRECTORIES = 20;
const OFFSETS = 12;

/** A directory that cannot be listed once cannot be listed in other ways. */
const BEFORE: readonly RuleId[] = [
  ...LISTING_RULES.filter((id) => rule(id).level === "MUST"),
  "daemon/directory/ends",
  "daemon/tree/listed-names",
];

/** Reads some directories in all ways in which a kernel reads one. */
export async function checkSeeking(kernel: Kernel, { nodes, plusCounts }: Walked): Promise<void> {
  const { ledger } = kernel;
  const reader = new DirectoryReader(kernel, LIMITS);
  const parents = new Map<bigint, number>();
  for (const { parent } of nodes) parents.set(parent, (parents.get(parent) ?? 0) + 1);
  const directories = [
    { nodeid: ROOT_NODEID, path: "/" },
    ...nodes.filter((n) => n.kind === "directory" && parents.has(n.nodeid)),
  ];
  if (BEFORE.some((id) => ledger.hasFailed(id))) return;
  for (const { nodeid, path } of sample(directories, DIRECTORIES))
    await kernel.inDirectory(nodeid, async (fh) => {
      const handle = new Handle(kernel, reader, nodeid, fh, plusCounts);
      const before = await handle.read(true, largePage(kernel));
      // What this reading breaks is reported already.
      if (before.whole) await new Seeking(ledger, handle, before, path).check();
      handle.giveBack();
    });
}

/** An open directory, and the lookups that its pages stand for. */
class Handle {
  readonly kernel: Kernel;
  private readonly reader: DirectoryReader;
  private readonly nodeid: bigint;
  private readonly fh: bigint;
  private readonly counts: boolean;
  private readonly given: Given;

  /** `counts`: whether READDIRPLUS counts as a lookup for this daemon. */
  constructor(kernel: Kernel, reader: DirectoryReader, nodeid: bigint, fh: bigint, counts: boolean) {
    this.kernel = kernel;
    this.reader = reader;
    this.nodeid = nodeid;
    this.fh = fh;
    this.counts = counts;
    this.given = new Given(kernel);
  }

  /** The directory as another handle reads it; null: it cannot be opened. */
  readFromStart(): Promise<Listing | null> {
    const { kernel, nodeid } = this;
    return kernel.inDirectory(nodeid, async (fh) => {
      const other = new Handle(kernel, this.reader, nodeid, fh, this.counts);
      const listing = await other.read(true, largePage(kernel));
      other.giveBack();
      return listing;
    });
  }

  read(advised: boolean, size: number): Promise<Listing> {
    return this.reader.read(this.nodeid, this.fh, { advised, size }, this.given);
  }

  /** The entries of one page; null: it has none, or is none. */
  async page(plus: boolean, offset: bigint): Promise<readonly Listed[] | null> {
    const page = await this.kernel.readdir(this.nodeid, this.fh, offset, plus, SMALL);
    if (!("value" in page)) return null;
    const { entries } = parsePage(page.value, plus);
    this.given.take(this.nodeid, entries);
    return entries;
  }

  giveBack(): void {
    this.given.giveBack(this.counts);
  }
}

class Seeking {
  private readonly ledger: DaemonLedger;
  private readonly handle: Handle;
  private readonly path: string;
  /** The listing, as the kernel reads it first. */
  private before: Listing;

  constructor(ledger: DaemonLedger, handle: Handle, before: Listing, path: string) {
    this.ledger = ledger;
    this.handle = handle;
    this.before = before;
    this.path = path;
  }

  async check(): Promise<void> {
    const { kernel } = this.handle;
    const again = () => this.sameNames(true, largePage(kernel), "from offset 0 again");
    if (!(await this.holds("daemon/directory/rewind", again))) return;
    for (const advised of this.ways()) {
      const small = () => this.sameNames(advised, SMALL, `in pages of ${SMALL} bytes`);
      if (!(await this.holds("daemon/directory/small-pages", small))) return;
    }
    // The daemon may keep the order for as long as nobody asks from 0.
    this.before = await this.handle.read(true, largePage(kernel));
    if (this.before.whole) await this.holds("daemon/directory/offsets", () => this.continued());
  }

  private async holds(id: RuleId, ask: () => Promise<string | null>): Promise<boolean> {
    const wrong = (await ask()) === null ? null : await this.steadily(ask);
    return this.ledger.check(id, wrong, { path: this.path });
  }

  /** What was looked up, or not, where the kernel chooses between READDIRPLUS and READDIR by that. */
  private ways(): readonly boolean[] {
    const { plus, plusAuto } = this.handle.kernel.agreed;
    return plus && plusAuto ? [true, false] : [true];
  }

  /** From where asking does not go on behind the entry; null: from nowhere. */
  private async continued(): Promise<string | null> {
    const { entries } = this.before;
    for (const [i, entry] of sample([...entries.entries()], OFFSETS))
      for (const advised of this.ways()) {
        const plus = readsPlus(this.handle.kernel.agreed, entry.off, advised);
        const page = await this.handle.page(plus, entry.off);
        const next = entries[i + 1];
        const first = page?.[0];
        if (page !== null && first?.name === next?.name) continue;
        const [got, due] = [first, next].map((l) => (l === undefined ? "nothing" : JSON.stringify(l.name)));
        return `${operation(plus)} from offset ${entry.off} of ${JSON.stringify(entry.name)} goes on with ${got}, and the listing with ${due}`;
      }
    return null;
  }

  private async sameNames(advised: boolean, size: number, how: string): Promise<string | null> {
    const now = await this.handle.read(advised, size);
    const fault = now.faults.find(({ rule }) => !HARMLESS.includes(rule));
    if (fault !== undefined) return `${how}: ${fault.detail}`;
    return namesDifference(["the first reading", this.before], [how, now]);
  }

  /** The fault, if a repeated listing shows that the directory did not change meanwhile; a change is not a fault. */
  private async steadily(ask: () => Promise<string | null>): Promise<string | null> {
    const fresh = async () => {
      const listing = await this.handle.readFromStart();
      return listing?.whole === true && namesDifference(["", this.before], ["", listing]) === null;
    };
    if (!(await fresh())) return null;
    const wrong = await ask();
    return wrong !== null && (await fresh()) ? wrong : null;
  }
}
