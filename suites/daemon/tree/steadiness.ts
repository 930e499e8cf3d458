import type { Kernel } from "../kernel.ts";
import { sample } from "../session/sampling.ts";
import { identityDifference } from "./compare.ts";
import type { TreeNode } from "./node.ts";

/** Nodes that are looked up again. */
const AGAIN = 200;

/** LOOKUP of names whose nodeid is looked up: it stays the inode that it was. */
export async function checkIdentity(kernel: Kernel, nodes: readonly TreeNode[]): Promise<void> {
  const { ledger } = kernel;
  for (const { parent, name, nodeid, path, generation, mode } of sample(nodes, AGAIN)) {
    const again = await kernel.peek(parent, name);
    if (!("value" in again)) continue;
    const { value } = again;
    // Another nodeid is another inode, which may be of any kind.
    if (value.nodeid !== nodeid) continue;
    const differs = identityDifference(["the first LOOKUP", { generation, mode }], ["the second", value]);
    ledger.check("daemon/tree/identity", differs, { path }, again.evidence);
  }
}
