/** Names that nobody serves. */
import { ROOT_NODEID } from "../../../spec/index.ts";
import { describe, type Kernel } from "../kernel.ts";
import { sample } from "../session/sampling.ts";
import { bytesOfName, textOfName } from "./name.ts";
import type { TreeNode } from "./node.ts";

/** A name that no daemon serves. */
const NO_SUCH_NAME = "fmapspec-no-such-name";

/** Names that are changed by a letter. */
const CHANGED = 20;
/** Bytes up to which a name can become longer. */
const SHORT = 250;

/** Any two of these differ in the first bits that base64 gives a letter. */
const LETTERS = [...Buffer.from("qzA")];

/** LOOKUP of a name that nobody has made, and of some that are nearly one that exists. */
export async function checkUnknownNames(kernel: Kernel, nodes: readonly TreeNode[]): Promise<void> {
  const { ledger } = kernel;
  const unknown = await kernel.peek(ROOT_NODEID, NO_SUCH_NAME);
  const right =
    "errno" in unknown && describe(unknown) === "ENOENT"
      ? null
      : `LOOKUP of a name that is not there: ${describe(unknown)}`;
  if (!ledger.check("daemon/tree/unknown-name", right, {}, unknown.evidence)) return;
  for (const { parent, name, path } of sample(nodes, CHANGED)) {
    const siblings = new Set(nodes.filter((n) => n.parent === parent).map((n) => n.name));
    for (const misses of nearMisses(name)) {
      const [first, ...others] = misses.filter((miss) => !siblings.has(miss));
      if (first === undefined) continue;
      const result = await kernel.peek(parent, first);
      let found = "value" in result;
      for (const miss of others) found = "value" in (await kernel.peek(parent, miss)) && found;
      const detail = found ? `LOOKUP of ${JSON.stringify(first)}, which is not listed: success` : null;
      ledger.check("daemon/tree/near-miss", detail, { path }, result.evidence);
    }
  }
}

/**
 * The name with another last letter, with a letter more and with a letter less. Of each kind all names have to be found to
 * be a fault: names that stand for bytes in base64 have spellings that differ in the last letter.
 */
export function nearMisses(name: string): string[][] {
  const bytes = bytesOfName(name);
  const last = bytes.at(-1) as number;
  const letters = LETTERS.filter((l) => l !== last);
  const misses: Uint8Array[][] = [letters.slice(0, 2).map((l) => Buffer.from([...bytes.subarray(0, -1), l]))];
  if (bytes.length < SHORT) misses.push([Buffer.from([...bytes, letters[0] as number])]);
  if (bytes.length > 1) misses.push([bytes.subarray(0, -1)]);
  return misses.map((kind) => kind.map(textOfName).filter((miss) => miss !== "." && miss !== ".."));
}
