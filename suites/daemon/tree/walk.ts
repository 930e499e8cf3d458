import { ROOT_NODEID, type RuleId } from "../../../spec/index.ts";
import type { Evidence } from "../../../subjects/daemon/evidence.ts";
import type { Unchecked } from "../../run/verdict.ts";
import { windowed } from "../checks/windowed.ts";
import { type Attr, describe, type Entry, isDirectory, type Kernel } from "../kernel.ts";
import type { DaemonLedger } from "../ledger.ts";
import { difference, inoDifference, refusedAttributes } from "./compare.ts";
import { DirectoryWalk } from "./directory-walk.ts";
import { Identities } from "./identities.ts";
import { LIMITS, type Limits } from "./limits.ts";
import { DirectoryReader } from "./listing.ts";
import { kindOf, type TreeNode } from "./node.ts";
import type { Walking } from "./walking.ts";

/** A directory that is still to be walked. */
interface Ahead {
  readonly nodeid: bigint;
  readonly path: string;
}

/** Where a name stands; `parent`: the nodeid of its directory. */
type Place = Pick<TreeNode, "parent" | "path" | "name">;

/** Names of a directory without an end that are looked up: they say enough of the others. */
const OF_ENDLESS = 1000;

/** Walks the whole tree and compares it with the requirements of trees; every nodeid stays looked up once. */
export class Tree implements Walking {
  /** One for each nodeid, without the root. */
  readonly nodes: TreeNode[] = [];
  /** What was not walked. */
  readonly unchecked: Unchecked[] = [];
  nameMax = 0;
  plusCounts = true;
  readonly reader: DirectoryReader;
  readonly kernel: Kernel;
  private readonly ledger: DaemonLedger;
  private readonly limits: Limits;
  private readonly identities = new Identities();

  constructor(kernel: Kernel, limits: Limits = LIMITS) {
    this.kernel = kernel;
    this.ledger = kernel.ledger;
    this.limits = limits;
    this.reader = new DirectoryReader(kernel, limits);
  }

  async walk(): Promise<void> {
    await this.root();
    await this.statfs();
    let level: readonly Ahead[] = [{ nodeid: ROOT_NODEID, path: "" }];
    for (let depth = 0; level.length > 0; depth++) {
      const last = level.at(-1) as Ahead;
      if (depth >= this.limits.depth) {
        this.leave(last.path, `directories lie in each other more than ${this.limits.depth} deep`);
        return;
      }
      const below: Ahead[] = [];
      for (const directory of level) {
        if (this.nodes.length >= this.limits.nodes) {
          this.leave(directory.path, `the tree has more than ${this.limits.nodes} nodes`);
          return;
        }
        below.push(...(await this.directory(directory)));
      }
      level = below;
    }
  }

  leave(path: string, why: string): void {
    this.unchecked.push({ what: path || "/", why });
  }

  private async root(): Promise<void> {
    const root = await this.kernel.getattr(ROOT_NODEID);
    if ("unusable" in root) return;
    const fault =
      "errno" in root
        ? `GETATTR of the root: ${describe(root)}`
        : isDirectory(root.value.mode)
          ? null
          : `the root's mode is 0${root.value.mode.toString(8)}, which is no directory`;
    this.ledger.check("daemon/tree/root", fault, {}, root.evidence);
  }

  private async statfs(): Promise<void> {
    const statfs = await this.kernel.statfs(ROOT_NODEID);
    if ("unusable" in statfs) return;
    if ("value" in statfs) this.nameMax = statfs.value.namelen;
    this.ledger.check("daemon/tree/statfs", "value" in statfs ? null : `STATFS: ${describe(statfs)}`);
  }

  /** Walks one directory; returns those in it. */
  private async directory({ nodeid, path }: Ahead): Promise<Ahead[]> {
    const walk = new DirectoryWalk(this, nodeid, path);
    const listing = await walk.list();
    if (listing === null) return [];
    const names = listing.limit === null ? listing.names : listing.names.slice(0, OF_ENDLESS);
    if (listing.limit !== null)
      this.leave(path, `it lists more than ${listing.names.length} names (limit of ${listing.limit})`);
    const found = await windowed(names, async (l) => ({ l, entry: await walk.lookup(l) }));
    await walk.settle();
    const fresh: { entry: Entry; name: string }[] = [];
    for (const { l, entry } of found)
      if (entry !== null && this.isNew(nodeid, `${path}/${l.name}`, entry))
        fresh.push({ entry, name: l.name });
    const nodes = await windowed(fresh, ({ entry, name }) =>
      this.node({ parent: nodeid, path: `${path}/${name}`, name }, entry),
    );
    for (const node of nodes) {
      this.nodes.push(node);
      this.identities.named(node);
    }
    return nodes.filter((n) => n.kind === "directory");
  }

  /** Whether a name's nodeid has no name yet; where it has, the two are compared and the lookup is given back. */
  private isNew(parent: bigint, path: string, entry: Entry): boolean {
    const { ledger } = this;
    const known = this.identities.add(parent, path, entry);
    if (known.kind === "new") {
      ledger.check("daemon/tree/no-loop", null);
      if (isDirectory(entry.mode)) ledger.check("daemon/tree/one-directory", null);
      return true;
    }
    this.kernel.forget(entry.nodeid, 1n);
    const rules: Record<Exclude<typeof known.kind, "new">, RuleId> = {
      loop: "daemon/tree/no-loop",
      "another directory name": "daemon/tree/one-directory",
      "another inode": "daemon/tree/identity",
      "another name": "daemon/tree/identity",
    };
    ledger.check(rules[known.kind], known.detail, { path });
    return false;
  }

  /** The node of a name that was looked up, its attributes compared. */
  private async node(place: Place, entry: Entry): Promise<TreeNode> {
    const attr = await this.kernel.getattr(entry.nodeid);
    let attrSize: bigint | null = null;
    if ("value" in attr) {
      attrSize = attr.value.size;
      await this.compare(place, entry, attr.value, attr.evidence);
    } else {
      const { path } = place;
      this.ledger.check("daemon/tree/lookup-getattr", `GETATTR: ${describe(attr)}`, { path }, attr.evidence);
    }
    return {
      ...place,
      nodeid: entry.nodeid,
      generation: entry.generation,
      mode: entry.mode,
      kind: kindOf(entry.mode),
      lookupSize: entry.size,
      attrSize,
      otherPaths: [],
    };
  }

  private async compare(
    { parent, path, name }: Place,
    entry: Entry,
    attr: Attr,
    evidence: (() => Evidence) | undefined,
  ): Promise<void> {
    const { ledger } = this;
    const refused = refusedAttributes(attr);
    ledger.check("daemon/tree/attributes", refused && `GETATTR: ${refused}`, { path }, evidence);
    if (refused !== null) return;
    const [one, other] = [["LOOKUP", entry] as const, ["GETATTR", attr] as const];
    const differs = difference(one, other);
    const otherIno = inoDifference(one, other);
    // A file that changes meanwhile is no fault: LOOKUP has to give the same again.
    const steady = (differs ?? otherIno) === null || (await this.unchanged(parent, name, entry));
    ledger.check("daemon/tree/lookup-getattr", steady ? differs : null, { path }, evidence);
    ledger.check("daemon/tree/same-ino", steady ? otherIno : null, { path });
  }

  async unchanged(parent: bigint, name: string, entry: Entry): Promise<boolean> {
    const again = await this.kernel.peek(parent, name);
    if (!("value" in again)) return false;
    const { value } = again;
    return (["nodeid", "generation", "ino", "mode", "size"] as const).every((f) => value[f] === entry[f]);
  }
}
