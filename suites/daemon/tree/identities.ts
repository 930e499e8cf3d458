import { ROOT_NODEID } from "../../../spec/index.ts";
import { type Entry, isDirectory } from "../kernel.ts";
import { identityDifference } from "./compare.ts";
import type { TreeNode } from "./node.ts";

/** What the nodeid of a name is: new, or the one of another name, in one of several ways. */
export type Identity =
  | { readonly kind: "new" }
  | { readonly kind: "loop" | "another directory name" | "another inode"; readonly detail: string }
  /** A hard link. */
  | { readonly kind: "another name"; readonly detail: null };

interface Known {
  readonly path: string;
  /** The nodeid of its directory. */
  readonly parent: bigint;
  readonly entry: Pick<Entry, "generation" | "mode">;
  node: TreeNode | null;
  /** Further names, found before the node was made. */
  readonly others: string[];
}

/** Which nodeids a tree has, and where: two names with one nodeid are one file. */
export class Identities {
  private readonly known = new Map<bigint, Known>();

  /** Takes in a name that was looked up. */
  add(parent: bigint, path: string, { nodeid, generation, mode }: Entry): Identity {
    const above = this.above(parent, nodeid);
    if (above !== null) return { kind: "loop", detail: `its nodeid ${nodeid} is the one of ${above}` };
    const before = this.known.get(nodeid);
    if (before === undefined) {
      this.known.set(nodeid, { path, parent, entry: { generation, mode }, node: null, others: [] });
      return { kind: "new" };
    }
    const differs = identityDifference(
      ["LOOKUP of it", { generation, mode }],
      [`that of ${before.path}`, before.entry],
    );
    if (differs !== null) return { kind: "another inode", detail: `nodeid ${nodeid}: ${differs}` };
    if (isDirectory(mode))
      return {
        kind: "another directory name",
        detail: `it is the directory ${before.path}, by nodeid ${nodeid}`,
      };
    (before.node?.otherPaths ?? before.others).push(path);
    return { kind: "another name", detail: null };
  }

  /** The node of a nodeid that was new. */
  named(node: TreeNode): void {
    const known = this.known.get(node.nodeid);
    if (known === undefined) return;
    known.node = node;
    node.otherPaths.push(...known.others);
  }

  /** The path of a directory with that nodeid in which a directory lies, itself and the root among them; null: none. */
  private above(directory: bigint, nodeid: bigint): string | null {
    if (nodeid === ROOT_NODEID) return "/";
    for (let at = this.known.get(directory), id = directory; at !== undefined; ) {
      if (id === nodeid) return at.path;
      id = at.parent;
      at = this.known.get(id);
    }
    return null;
  }
}
