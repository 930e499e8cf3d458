/** Whether maps and nodeids stay what they are. */
import { hexOf, type RuleId } from "../../../spec/index.ts";
import { describe, type Kernel } from "../kernel.ts";
import type { DaemonLedger } from "../ledger.ts";
import { sample } from "../session/sampling.ts";
import type { TreeNode } from "../tree/node.ts";
import { askForFmap, describeFetch, type Fetched, fetchFmap, mapEvidence } from "./fetch.ts";
import type { ServedFile } from "./map-checks.ts";
import { windowed } from "./windowed.ts";

const same = (a: Uint8Array | null, b: Uint8Array | null) =>
  a !== null && b !== null && Buffer.compare(a, b) === 0;

/** The same file, asked again in this way, has the same map. */
async function expectSame(
  ledger: DaemonLedger,
  rule: RuleId,
  { node, message }: ServedFile,
  again: Promise<Fetched>,
): Promise<void> {
  const fetched = await again;
  const detail = same(message, fetched.message)
    ? null
    : fetched.message === null
      ? `this time: ${describeFetch(fetched)}`
      : "another map than before";
  ledger.check(rule, detail, { path: node.path }, () => ({
    ...mapEvidence(fetched),
    before: hexOf(message),
  }));
}

/** The same question again, from several requests at once, and after FORGET and a new LOOKUP. */
export async function stability(kernel: Kernel, served: readonly ServedFile[]): Promise<void> {
  const { ledger } = kernel;
  for (const file of sample(served))
    await expectSame(ledger, "daemon/fmap/stable-again", file, fetchFmap(kernel, file.node.nodeid));
  if (!kernel.connection.pipelined)
    ledger.excuse("daemon/fmap/stable-concurrent", "over a stream one request is in flight at a time");
  // A file whose map changes each time would fail here for the same reason.
  else if (!ledger.hasFailed("daemon/fmap/stable-again"))
    await windowed(served, (file) =>
      expectSame(ledger, "daemon/fmap/stable-concurrent", file, fetchFmap(kernel, file.node.nodeid)),
    );
  for (const file of sample(served)) {
    kernel.forget(file.node.nodeid);
    await lookAgain(kernel, file);
  }
}

/** The map of a file by the nodeid that it had before it was forgotten: never another file's. */
export async function forgottenNodeids(kernel: Kernel, served: readonly ServedFile[]): Promise<void> {
  const files = sample(served);
  // In either order: a daemon may give the nodeid away that was forgotten first, or the one that was last.
  for (let i = 0; i < files.length; i += 2) await forgetPair(kernel, files.slice(i, i + 2), i % 4 === 0);
}

/**
 * Forgets two files, looks the second up again and asks for the map of the first by its forgotten nodeid: a daemon that
 * has given that nodeid away says another file's.
 */
async function forgetPair(kernel: Kernel, pair: readonly ServedFile[], inOrder: boolean): Promise<void> {
  const { ledger } = kernel;
  const first = pair[0] as ServedFile;
  const old = first.node.nodeid;
  for (const { node } of inOrder ? pair : [...pair].reverse()) kernel.forget(node.nodeid);
  for (const { node } of pair.slice(1)) {
    const found = await kernel.lookup(node.parent, node.name);
    if ("value" in found) node.nodeid = found.value.nodeid;
  }
  const forgotten = await askForFmap(kernel, old);
  const right = forgotten.message === null || same(forgotten.message, first.message);
  ledger.check(
    "daemon/fmap/forgotten-nodeid",
    right ? null : "it answers with the map of another file",
    { path: first.node.path },
    () => ({ ...mapEvidence(forgotten), before: hexOf(first.message) }),
  );
}

/** LOOKUP of a forgotten file, which then has the same map as before. */
async function lookAgain(kernel: Kernel, file: ServedFile): Promise<void> {
  const { ledger } = kernel;
  const { node } = file;
  const found = await kernel.lookup(node.parent, node.name);
  if (!("value" in found)) {
    ledger.check("daemon/tree/lookup-count", `LOOKUP after FORGET: ${describe(found)}`, { path: node.path });
    return;
  }
  node.nodeid = found.value.nodeid;
  if (!ledger.hasFailed("daemon/fmap/stable-again"))
    await expectSame(ledger, "daemon/fmap/stable-after-forget", file, fetchFmap(kernel, node.nodeid));
}

/** Two lookups, one forgotten, by FORGET or by BATCH_FORGET: the nodeid has to stay. */
export async function lookupCounts(kernel: Kernel, nodes: readonly TreeNode[]): Promise<void> {
  const { ledger } = kernel;
  for (const way of ["FORGET", "BATCH_FORGET"]) {
    const lookedUp: TreeNode[] = [];
    for (const node of sample(nodes, 20)) {
      const again = await kernel.lookup(node.parent, node.name);
      if ("value" in again && again.value.nodeid === node.nodeid) lookedUp.push(node);
      else
        ledger.check(
          "daemon/tree/lookup-count",
          `a second LOOKUP: ${"value" in again ? "another nodeid" : describe(again)}`,
          {
            path: node.path,
          },
        );
    }
    if (way === "BATCH_FORGET") kernel.batchForget(lookedUp.map((n) => n.nodeid));
    else for (const { nodeid } of lookedUp) kernel.forget(nodeid, 1n);
    for (const { nodeid, path } of lookedUp) {
      const attr = await kernel.getattr(nodeid);
      const detail = "value" in attr ? null : `after two LOOKUPs and one ${way}, GETATTR: ${describe(attr)}`;
      ledger.check("daemon/tree/lookup-count", detail, { path });
    }
  }
}
