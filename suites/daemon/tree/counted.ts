import { ROOT_NODEID } from "../../../spec/index.ts";
import { askForFmap } from "../checks/fetch.ts";
import { describe, isRegular, type Kernel } from "../kernel.ts";
import { sample } from "../session/sampling.ts";
import { refusedAttributes } from "./compare.ts";
import type { Listed, ListedEntry } from "./page.ts";
import type { Walking } from "./walking.ts";

/** Names of one directory that are used before they are looked up. */
const USED = 4;

/** What can be done to a file; as text what fails, null: nothing does. */
async function use(kernel: Kernel, { nodeid, mode }: ListedEntry): Promise<string | null> {
  const attr = await kernel.getattr(nodeid);
  if ("errno" in attr) return `GETATTR: ${describe(attr)}`;
  if (!isRegular(mode)) return null;
  const opened = await kernel.open(nodeid);
  if (!("value" in opened)) return `OPEN: ${describe(opened)}`;
  const fetched = kernel.agreed.fmap ? await askForFmap(kernel, nodeid) : null;
  await kernel.release(nodeid, opened.value);
  return fetched !== null && fetched.errno !== null
    ? `GET_FMAP: ${describe({ errno: fetched.errno })}`
    : null;
}

/** Whether a nodeid that is looked up twice and forgotten once is still there. */
async function survives(kernel: Kernel, directory: bigint, name: string): Promise<boolean> {
  const [one, other] = [await kernel.lookup(directory, name), await kernel.lookup(directory, name)];
  if (!("value" in one) || !("value" in other)) return false;
  kernel.forget(one.value.nodeid, 1n);
  const attr = await kernel.getattr(one.value.nodeid);
  kernel.forget(one.value.nodeid, 1n);
  return "value" in attr;
}

/**
 * Uses nodeids that are known from READDIRPLUS only, and forgets one of two lookups where one of the two is READDIRPLUS's.
 * What fails in another way once there was a LOOKUP is not its fault.
 */
export async function checkCounted(
  tree: Walking,
  directory: bigint,
  path: string,
  names: readonly Listed[],
): Promise<void> {
  const { kernel } = tree;
  const given = names.filter(
    ({ entry }) => entry !== null && entry.nodeid !== ROOT_NODEID && refusedAttributes(entry) === null,
  );
  for (const { name, entry } of sample(given, USED)) {
    if (!tree.plusCounts) return;
    const own = entry as ListedEntry;
    const fails = await use(kernel, own);
    const found = await kernel.lookup(directory, name);
    if (!("value" in found)) continue;
    const same = found.value.nodeid === own.nodeid;
    let fault: string | null = null;
    if (fails !== null) {
      if (same && (await use(kernel, own)) === null)
        fault = `the nodeid is known from READDIRPLUS, not from LOOKUP: ${fails}`;
      kernel.forget(found.value.nodeid, 1n);
      if (fault !== null) tree.plusCounts = false;
    } else {
      kernel.forget(found.value.nodeid, 1n);
      if (!same) continue;
      const attr = await kernel.getattr(own.nodeid);
      if ("errno" in attr) {
        tree.plusCounts = false;
        if (await survives(kernel, directory, name))
          fault = `after READDIRPLUS, LOOKUP and one FORGET, GETATTR: ${describe(attr)}`;
      }
    }
    kernel.ledger.check("daemon/directory/plus-counted", fault, { path: `${path}/${name}` });
  }
}
