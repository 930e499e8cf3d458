import { ROOT_NODEID } from "../../spec/index.ts";
import { Refusal } from "./reply.ts";
import type { Tree, TreeNode } from "./tree.ts";

/** Which nodeids the kernel knows, and how many lookups of each it still has to forget. */
export class Lookups {
  private readonly known = new Map<bigint, { node: TreeNode; count: number }>();
  private nodeids = new Map<TreeNode, bigint>();
  private readonly forgotten = new Map<bigint, number>();

  constructor({ root }: Tree) {
    this.known.set(ROOT_NODEID, { node: root, count: 1 });
    this.nodeids.set(root, ROOT_NODEID);
  }

  /** The nodeid that a node gets which the kernel does not know: always the same one, never another node's. */
  allot(node: TreeNode): bigint {
    return node.ino;
  }

  /** Goes over to a tree in which an inode has the number that it had; what is gone stays until it is forgotten. */
  follow({ nodes }: Tree): void {
    this.nodeids = new Map();
    for (const [nodeid, entry] of this.known) {
      entry.node = nodes.get(entry.node.ino) ?? entry.node;
      this.nodeids.set(entry.node, nodeid);
    }
  }

  /** Counts a lookup of the node and returns its nodeid. */
  take(node: TreeNode): bigint {
    let nodeid = this.nodeids.get(node);
    if (nodeid === undefined) {
      nodeid = this.allot(node);
      this.nodeids.set(node, nodeid);
      this.known.set(nodeid, { node, count: 0 });
    }
    const entry = this.known.get(nodeid) as { count: number };
    entry.count++;
    return nodeid;
  }

  /** Takes back `count` lookups; what the kernel does not know, and the root, it cannot forget. */
  forget(nodeid: bigint, count: bigint): void {
    const entry = this.known.get(nodeid);
    if (entry === undefined || nodeid === ROOT_NODEID) return;
    entry.count -= Number(count);
    if (entry.count > 0) return;
    this.known.delete(nodeid);
    this.nodeids.delete(entry.node);
    this.forgotten.set(nodeid, this.endings(nodeid) + 1);
  }

  /** The node that the kernel means by a nodeid. Throws Refusal: ESTALE for a forgotten one, else ENOENT. */
  node(nodeid: bigint): TreeNode {
    const entry = this.known.get(nodeid);
    if (entry === undefined) throw new Refusal(this.endings(nodeid) > 0 ? "ESTALE" : "ENOENT");
    return entry.node;
  }

  knows(nodeid: bigint): boolean {
    return this.known.has(nodeid);
  }

  /** How often a nodeid was forgotten with nothing left of it. */
  endings(nodeid: bigint): number {
    return this.forgotten.get(nodeid) ?? 0;
  }
}
