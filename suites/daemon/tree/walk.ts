import { ROOT_NODEID } from "../../../spec/index.ts";
import { readsPlus } from "../../fuse/agreement.ts";
import { describe, isDirectory, type Kernel } from "../kernel.ts";
import type { DaemonLedger } from "../ledger.ts";
import { windowed } from "../windowed.ts";
import { difference, listedDifference } from "./compare.ts";
import { kindOf, type TreeNode } from "./node.ts";
import { type Listed, parsePage } from "./page.ts";

/** A name that no daemon serves. */
const NO_SUCH_NAME = "fmapspec-no-such-name";

/** Walks the whole tree and holds it against the tree requirements; every node stays looked up once. */
export class Tree {
  readonly nodes: TreeNode[] = [];
  private readonly kernel: Kernel;
  private readonly ledger: DaemonLedger;

  constructor(kernel: Kernel, ledger: DaemonLedger) {
    this.kernel = kernel;
    this.ledger = ledger;
  }

  async walk(): Promise<void> {
    const root = await this.kernel.getattr(ROOT_NODEID);
    const wrong =
      "value" in root
        ? isDirectory(root.value.mode)
          ? null
          : `the root's mode is 0${root.value.mode.toString(8)}, which is no directory`
        : `GETATTR of the root: ${describe(root)}`;
    this.ledger.check("daemon/tree/root", wrong, {}, root.evidence);
    let level: { nodeid: bigint; path: string }[] = [{ nodeid: ROOT_NODEID, path: "" }];
    while (level.length > 0) {
      const below: { nodeid: bigint; path: string }[] = [];
      for (const directory of level)
        for (const node of await this.directory(directory.nodeid, directory.path)) {
          this.nodes.push(node);
          if (node.kind === "directory") below.push(node);
        }
      level = below;
    }
    const unknown = await this.kernel.lookup(ROOT_NODEID, NO_SUCH_NAME);
    this.ledger.check(
      "daemon/tree/unknown-name",
      "errno" in unknown && describe(unknown) === "ENOENT"
        ? null
        : `LOOKUP of a name that is not there: ${describe(unknown)}`,
      {},
      unknown.evidence,
    );
    const statfs = await this.kernel.statfs(ROOT_NODEID);
    if (!("unusable" in statfs))
      this.ledger.check(
        "daemon/tree/statfs",
        "value" in statfs ? null : `STATFS: ${describe(statfs)}`,
        {},
        statfs.evidence,
      );
  }

  private async directory(nodeid: bigint, path: string): Promise<TreeNode[]> {
    const listed = await this.list(nodeid, path, true);
    // With READDIRPLUS_AUTO the kernel takes either, by what was looked up meanwhile.
    const { plus, plusAuto } = this.kernel.agreed;
    const again = plus && plusAuto ? await this.list(nodeid, path, false) : listed;
    const againByName = new Map(again.map((l) => [l.name, l]));
    const nodes = await windowed(listed, (l) => this.node(nodeid, path, l, againByName.get(l.name) ?? l));
    const names = new Set(listed.map((l) => l.name));
    const other = again.find((l) => !names.has(l.name));
    if (other !== undefined || again.length !== listed.length)
      this.ledger.check(
        "daemon/tree/listed-names",
        `READDIRPLUS lists ${listed.length} names, READDIR behind the first of them ${again.length}`,
        { path: path || "/" },
      );
    return nodes.filter((n) => n !== null);
  }

  private async node(parent: bigint, folder: string, l: Listed, again: Listed): Promise<TreeNode | null> {
    const path = `${folder}/${l.name}`;
    const found = await this.kernel.lookup(parent, l.name);
    if (!("value" in found)) {
      this.ledger.check("daemon/tree/listed-names", `it is listed, LOOKUP says ${describe(found)}`, {
        path,
      });
      return null;
    }
    const { value: entry } = found;
    const disagree = listedDifference(l, entry) ?? listedDifference(again, entry);
    this.ledger.check("daemon/tree/listed-names", disagree, { path });
    const attr = await this.kernel.getattr(entry.nodeid);
    this.ledger.check(
      "daemon/tree/lookup-getattr",
      "value" in attr ? difference(entry, attr.value) : `GETATTR: ${describe(attr)}`,
      { path },
      attr.evidence,
    );
    return {
      path,
      name: l.name,
      parent,
      nodeid: entry.nodeid,
      kind: kindOf(entry.mode),
      lookupSize: entry.size,
      attrSize: "value" in attr ? attr.value.size : null,
    };
  }

  /**
   * All names of a directory but `.` and `..`, page by page. `advised`: as where each name is looked up while it is
   * listed; if not, the listing goes on behind the very first entry, as after seekdir(3), so that small directories have
   * a second page too.
   */
  private async list(nodeid: bigint, path: string, advised: boolean): Promise<Listed[]> {
    const opened = await this.kernel.open(nodeid, true);
    if (!("value" in opened)) {
      // What has no usable answer is reported already, as a fault of the reply.
      if ("errno" in opened)
        this.ledger.check("daemon/tree/listed-names", `OPENDIR: ${describe(opened)}`, { path: path || "/" });
      return [];
    }
    const { fh } = opened.value;
    const names: Listed[] = [];
    for (let offset = 0n; ; ) {
      const plus = readsPlus(this.kernel.agreed, offset, advised);
      const page = await this.kernel.readdir(nodeid, fh, offset, plus);
      if (!("value" in page)) {
        this.ledger.check(
          "daemon/tree/listed-names",
          `${plus ? "READDIRPLUS" : "READDIR"}: ${describe(page)}`,
          {
            path: path || "/",
          },
        );
        break;
      }
      const parsed = parsePage(page.value, plus);
      for (const l of parsed.entries)
        if (l.entry !== null && l.entry.nodeid !== 0n && l.name !== "." && l.name !== "..") {
          this.kernel.counted(l.entry.nodeid);
          this.kernel.forget(l.entry.nodeid, 1n);
        }
      const [first] = parsed.entries;
      const { entries, last } =
        advised || offset !== 0n || first === undefined ? parsed : { entries: [first], last: first.off };
      names.push(...entries.filter((l) => l.name !== "." && l.name !== ".."));
      // An offset that does not move would list the same page for ever.
      if (entries.length === 0 || last === offset) break;
      offset = last;
    }
    await this.kernel.release(nodeid, opened.value, true);
    return names;
  }
}
