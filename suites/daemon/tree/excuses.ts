import { RULES, type RuleId } from "../../../spec/index.ts";
import type { Kernel } from "../kernel.ts";
import type { TreeNode } from "./node.ts";

/** Rules of READDIRPLUS alone. */
const PLUS_RULES: readonly RuleId[] = ["daemon/directory/plus-entry", "daemon/directory/plus-counted"];

/** Excuses the rules that cannot be asked of this tree; `nameMax`: the namelen of STATFS. */
export function excuseTree(kernel: Kernel, nodes: readonly TreeNode[], nameMax: number): void {
  const { ledger } = kernel;
  const plus = kernel.agreed.plus ? "READDIRPLUS gives no nodeids" : "READDIRPLUS was not agreed on";
  for (const rule of PLUS_RULES) ledger.excuse(rule, plus);
  if (nameMax === 0) ledger.excuse("daemon/directory/name-length", "STATFS gives no namelen");
  ledger.excuse("daemon/tree/one-directory", "the tree has no directory but the root");
  if (nodes.length > 0) return;
  for (const { id } of RULES)
    if (id.startsWith("daemon/tree/") || id.startsWith("daemon/directory/"))
      ledger.excuse(id, "the tree is empty");
}
