import { dirent, entryOut, MODE, ROOT_NODEID } from "../../spec/index.ts";
import { type Attr, describe, type Entry, isDirectory, isRegular, isSymlink, type Kernel } from "./kernel.ts";
import type { DaemonLedger } from "./ledger.ts";

/** A file, directory or symlink of the daemon's tree. */
export interface TreeNode {
  readonly path: string;
  readonly name: string;
  readonly parent: bigint;
  nodeid: bigint;
  readonly kind: "file" | "directory" | "symlink" | "other";
  /** Bytes, as LOOKUP and as GETATTR say; null: GETATTR failed. */
  readonly lookupSize: bigint;
  readonly attrSize: bigint | null;
}

/** One name of a directory. */
interface Listed {
  readonly name: string;
  readonly ino: bigint;
  readonly type: number;
  /** The entry of READDIRPLUS. */
  readonly entry: Entry | null;
}

/** Requests in flight at once while the tree is walked. */
const WINDOW = 64;

/** A name that no daemon serves. */
const NO_SUCH_NAME = "fmapspec-no-such-name";

/** Maps with at most WINDOW calls under way. */
export async function windowed<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += WINDOW)
    results.push(...(await Promise.all(items.slice(at, at + WINDOW).map(work))));
  return results;
}

/** Walks the whole tree and holds it against the tree requirements; every node stays looked up once. */
export class Tree {
  readonly nodes: TreeNode[] = [];
  private readonly kernel: Kernel;
  private readonly ledger: DaemonLedger;
  private readonly plus: boolean;

  constructor(kernel: Kernel, ledger: DaemonLedger, plus: boolean) {
    this.kernel = kernel;
    this.ledger = ledger;
    this.plus = plus;
  }

  async walk(): Promise<void> {
    const root = await this.kernel.getattr(ROOT_NODEID);
    const wrong =
      "value" in root
        ? isDirectory(root.value.mode)
          ? null
          : `the root's mode is 0${root.value.mode.toString(8)}, which is no directory`
        : `GETATTR of the root: ${describe(root)}`;
    this.ledger.check("daemon/tree/root", wrong);
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
    );
    const statfs = await this.kernel.statfs(ROOT_NODEID);
    if (!("unusable" in statfs))
      this.ledger.check("daemon/tree/statfs", "value" in statfs ? null : `STATFS: ${describe(statfs)}`);
  }

  private async directory(nodeid: bigint, path: string): Promise<TreeNode[]> {
    const listed = await this.list(nodeid, path, false);
    const withEntries = this.plus ? await this.list(nodeid, path, true) : [];
    const plusByName = new Map(withEntries.map((l) => [l.name, l]));
    const nodes = await windowed(listed, (l) => this.node(nodeid, path, l, plusByName.get(l.name)));
    if (this.plus) {
      const names = new Set(listed.map((l) => l.name));
      const other = withEntries.find((l) => !names.has(l.name));
      if (other !== undefined || withEntries.length !== listed.length)
        this.ledger.check(
          "daemon/tree/listed-names",
          `READDIR lists ${listed.length} names, READDIRPLUS ${withEntries.length}`,
          { path: path || "/" },
        );
    }
    return nodes.filter((n) => n !== null);
  }

  private async node(
    parent: bigint,
    folder: string,
    l: Listed,
    plus: Listed | undefined,
  ): Promise<TreeNode | null> {
    const path = `${folder}/${l.name}`;
    const found = await this.kernel.lookup(parent, l.name);
    if (!("value" in found)) {
      this.ledger.check("daemon/tree/listed-names", `READDIR lists it, LOOKUP says ${describe(found)}`, {
        path,
      });
      return null;
    }
    const { value: entry } = found;
    const type = (entry.mode & MODE.typeMask) >>> 12;
    const disagree =
      l.type !== UNKNOWN_TYPE && l.type !== type
        ? `READDIR says type ${l.type}, LOOKUP ${type}`
        : plus === undefined
          ? null
          : plusDifference(plus, entry);
    this.ledger.check("daemon/tree/listed-names", disagree, { path });
    const attr = await this.kernel.getattr(entry.nodeid);
    this.ledger.check(
      "daemon/tree/lookup-getattr",
      "value" in attr ? difference(entry, attr.value) : `GETATTR: ${describe(attr)}`,
      { path },
    );
    const kind = isRegular(entry.mode)
      ? "file"
      : isDirectory(entry.mode)
        ? "directory"
        : isSymlink(entry.mode)
          ? "symlink"
          : "other";
    return {
      path,
      name: l.name,
      parent,
      nodeid: entry.nodeid,
      kind,
      lookupSize: entry.size,
      attrSize: "value" in attr ? attr.value.size : null,
    };
  }

  /** All names of a directory but `.` and `..`, page by page. */
  private async list(nodeid: bigint, path: string, plus: boolean): Promise<Listed[]> {
    const opened = await this.kernel.open(nodeid, true);
    // A daemon without OPENDIR says ENOSYS, and the kernel goes on with file handle 0.
    const fh = "value" in opened ? opened.value.fh : 0n;
    const names: Listed[] = [];
    for (let offset = 0n; ; ) {
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
      const { entries, last } = parsePage(page.value, plus);
      for (const l of entries) {
        if (l.entry !== null && l.entry.nodeid !== 0n && l.name !== "." && l.name !== "..") {
          this.kernel.counted(l.entry.nodeid);
          this.kernel.forget(l.entry.nodeid, 1n);
        }
        if (l.name !== "." && l.name !== "..") names.push(l);
      }
      // An offset that does not move would list the same page for ever.
      if (entries.length === 0 || last === offset) break;
      offset = last;
    }
    if ("value" in opened) await this.kernel.release(nodeid, fh, true);
    return names;
  }
}

/** DT_UNKNOWN: a daemon need not know. */
const UNKNOWN_TYPE = 0;

/** READDIRPLUS against itself and LOOKUP. READDIR's ino is no part of it: where another file system is mounted it differs. */
function plusDifference(plus: Listed, entry: Entry): string | null {
  const own = plus.entry;
  // Without a nodeid READDIRPLUS gives a name and no more.
  if (own === null || own.nodeid === 0n) return null;
  if (plus.ino !== own.ino) return `READDIRPLUS says ino ${plus.ino} of the name and ${own.ino} of the file`;
  if (own.ino === entry.ino && own.mode === entry.mode) return null;
  return `READDIRPLUS says ino ${own.ino}, mode 0${own.mode.toString(8)}; LOOKUP ino ${entry.ino}, mode 0${entry.mode.toString(8)}`;
}

function difference(entry: Entry, attr: Attr): string | null {
  const fields = ["ino", "mode", "size"] as const;
  const wrong = fields.find((f) => entry[f] !== attr[f]);
  return wrong === undefined ? null : `LOOKUP says ${wrong} ${entry[wrong]}, GETATTR ${attr[wrong]}`;
}

const NAME_ALIGNMENT = 8;

/** The names of one page, and the offset behind its last one. */
function parsePage(page: Uint8Array, plus: boolean): { entries: Listed[]; last: bigint } {
  const entries: Listed[] = [];
  let last = 0n;
  const head = plus ? entryOut.size : 0;
  for (let at = 0; at + head + dirent.size <= page.length; ) {
    const entry = plus ? entryOut.read(page, at) : null;
    const d = dirent.read(page, at + head);
    const name = at + head + dirent.size;
    if (d.namelen === 0 || name + d.namelen > page.length) break;
    entries.push({
      name: Buffer.from(page.subarray(name, name + d.namelen)).toString("utf8"),
      ino: d.ino,
      type: d.type,
      entry,
    });
    last = d.off;
    at += Math.ceil((head + dirent.size + d.namelen) / NAME_ALIGNMENT) * NAME_ALIGNMENT;
  }
  return { entries, last };
}
