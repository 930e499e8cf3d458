/** Names that nobody serves. */
import { ROOT_NODEID } from "../../../spec/index.ts";
import { describe, type Kernel } from "../kernel.ts";
import type { DaemonLedger } from "../ledger.ts";
import { sample } from "../sampling.ts";
import { bytesOfName, textOfName } from "./name.ts";
import type { TreeNode } from "./node.ts";

/** A name that no daemon serves. */
const NO_SUCH_NAME = "fmapspec-no-such-name";

/** Names that are changed by a letter. */
const CHANGED = 20;
/** Bytes up to which a name can become longer. */
const SHORT = 250;

const LETTERS = Buffer.from("qz");

/** LOOKUP of a name that nobody has made, and of some that are nearly one that exists. */
export async function checkUnknownNames(
  kernel: Kernel,
  ledger: DaemonLedger,
  nodes: readonly TreeNode[],
): Promise<void> {
  const unknown = await kernel.lookup(ROOT_NODEID, NO_SUCH_NAME);
  if ("value" in unknown) kernel.forget(unknown.value.nodeid, 1n);
  const right =
    "errno" in unknown && describe(unknown) === "ENOENT"
      ? null
      : `LOOKUP of a name that is not there: ${describe(unknown)}`;
  if (!ledger.check("daemon/tree/unknown-name", right, unknown.evidence?.())) return;
  for (const { parent, name, path } of sample(nodes, CHANGED)) {
    const siblings = new Set(nodes.filter((n) => n.parent === parent).map((n) => n.name));
    for (const miss of nearMisses(name)) {
      if (siblings.has(miss)) continue;
      const found = await kernel.lookup(parent, miss);
      if ("value" in found) kernel.forget(found.value.nodeid, 1n);
      const detail =
        "value" in found ? `LOOKUP of ${JSON.stringify(miss)}, which is not listed: success` : null;
      ledger.check("daemon/tree/near-miss", detail, { path, ...(detail !== null && found.evidence?.()) });
    }
  }
}

/** The name with a letter more, a letter less and another last letter. */
export function nearMisses(name: string): string[] {
  const bytes = bytesOfName(name);
  const last = bytes.at(-1) as number;
  const letter = LETTERS.find((l) => l !== last) as number;
  const misses: Uint8Array[] = [Buffer.from([...bytes.subarray(0, -1), letter])];
  if (bytes.length < SHORT) misses.push(Buffer.from([...bytes, letter]));
  if (bytes.length > 1) misses.push(bytes.subarray(0, -1));
  return misses.map(textOfName).filter((miss) => miss !== "." && miss !== "..");
}
