import { errnoName } from "../../../spec/index.ts";
import { self } from "../../../subjects/daemon/request.ts";
import type { Attr, Kernel } from "../kernel.ts";
import type { TreeNode } from "./node.ts";

/** Shifts of the bit that allows reading. */
const [OWNER, GROUP, OTHERS] = [8, 5, 2];

/**
 * Whether OPEN of a file for reading may end with this positive errno: the file's mode does not let us read it, even if we
 * are root (a daemon that checks by itself need not know CAP_DAC_OVERRIDE), or its name has gone or is another file's by now.
 */
export async function mayRefuseOpen(
  kernel: Kernel,
  { nodeid, parent, name }: Pick<TreeNode, "nodeid" | "parent" | "name">,
  errno: number,
): Promise<boolean> {
  if (["EACCES", "EPERM"].includes(errnoName(errno) ?? "")) {
    const attr = await kernel.getattr(nodeid);
    if ("value" in attr && !letsRead(attr.value)) return true;
  }
  const again = await kernel.peek(parent, name);
  if (!("value" in again)) return "errno" in again && errnoName(again.errno) === "ENOENT";
  return again.value.nodeid !== nodeid;
}

function letsRead({ mode, uid, gid }: Pick<Attr, "mode" | "uid" | "gid">): boolean {
  const we = self();
  const shift = uid === we.uid ? OWNER : gid === we.gid ? GROUP : OTHERS;
  return ((mode >>> shift) & 1) === 1;
}
