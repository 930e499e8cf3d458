/** A daemon that is used for long opens files more often than a process may have descriptors. */
import { ROOT_NODEID } from "../../../spec/index.ts";
import type { Unchecked } from "../../run/verdict.ts";
import { describe, type Kernel } from "../kernel.ts";
import type { TreeNode } from "./node.ts";

/** More than the 1024 descriptors that a process may have open by default. */
const TIMES = 1100;
/** Whom a mode allows to read. */
const ALL_READ = 0o444;
/** Milliseconds after which a slow daemon is not asked on. */
const LONGEST = 30_000;

/** Opens and releases a file, and the root, many times; returns what took too long to be asked so often. */
export async function checkOpening(kernel: Kernel, nodes: readonly TreeNode[]): Promise<Unchecked[]> {
  const { ledger } = kernel;
  const file = nodes.find((n) => n.kind === "file" && (n.mode & ALL_READ) !== 0);
  const unchecked: (Unchecked | null)[] = [];
  if (file !== undefined && !ledger.hasFailed("daemon/tree/open"))
    unchecked.push(await openOften(kernel, file, false));
  unchecked.push(await openOften(kernel, { nodeid: ROOT_NODEID, path: "/" }, true));
  return unchecked.filter((u) => u !== null);
}

/** What was not asked so often, and why; null: it was. */
async function openOften(
  kernel: Kernel,
  { nodeid, path }: { readonly nodeid: bigint; readonly path: string },
  directory: boolean,
): Promise<Unchecked | null> {
  const { ledger } = kernel;
  const what = directory ? "OPENDIR" : "OPEN";
  const began = performance.now();
  for (let times = 1; times <= TIMES; times++) {
    if (performance.now() - began > LONGEST)
      return {
        what: `${TIMES} times ${what} of ${path}`,
        why: `${times} times took more than ${LONGEST / 1000} s`,
      };
    const opened = await kernel.open(nodeid, directory);
    if ("errno" in opened) {
      // What cannot be opened at all breaks another requirement.
      if (times > 1)
        ledger.check(
          "daemon/tree/open-many",
          `${what} number ${times}: ${describe(opened)}`,
          { path },
          opened.evidence,
        );
      return null;
    }
    if ("unusable" in opened) return null;
    await kernel.release(nodeid, opened.value, directory);
  }
  ledger.check("daemon/tree/open-many", null);
  return null;
}
