import { describe, type Kernel } from "../kernel.ts";
import { sample } from "../session/sampling.ts";
import type { TreeNode } from "./node.ts";

/** The longest target that the kernel has room for, in bytes: a page less one. */
const LONGEST = 4095;

/** READLINK of symlinks. */
export async function checkLinks(kernel: Kernel, nodes: readonly TreeNode[]): Promise<void> {
  const { ledger } = kernel;
  const links = nodes.filter((n) => n.kind === "symlink");
  if (links.length === 0)
    for (const rule of ["daemon/tree/readlink", "daemon/tree/link-length"] as const)
      ledger.excuse(rule, "the tree has no symlink");
  else ledger.excuse("daemon/tree/link-length", "READLINK gives no target that could be measured");
  for (const link of sample(links)) {
    const target = await kernel.readlink(link.nodeid);
    if ("unusable" in target) continue;
    const wrong = "errno" in target ? `READLINK: ${describe(target)}` : targetFault(target.value);
    const { path } = link;
    ledger.check("daemon/tree/readlink", wrong, { path }, target.evidence);
    if ("value" in target && wrong === null)
      ledger.check("daemon/tree/link-length", lengthFault(target.value, link), { path }, target.evidence);
  }
}

function targetFault(target: Uint8Array): string | null {
  if (target.length === 0) return "READLINK gives an empty target";
  if (target.length > LONGEST) return `READLINK gives a target of ${target.length} bytes`;
  const nul = target.indexOf(0);
  return nul >= 0 && nul < target.length - 1
    ? `READLINK gives a target of ${target.length} bytes with a NUL at byte ${nul}`
    : null;
}

function lengthFault(target: Uint8Array, { lookupSize, attrSize }: TreeNode): string | null {
  if (target.at(-1) === 0) return "READLINK gives a target that ends with a NUL";
  const gives = `READLINK gives ${target.length} bytes`;
  if (BigInt(target.length) !== lookupSize) return `${gives}, LOOKUP gives size ${lookupSize}`;
  return attrSize === null || attrSize === lookupSize ? null : `${gives}, GETATTR gives size ${attrSize}`;
}
