/** What is asked of a daemon that serves maps, a phase for each group of requirements. */
import { ERRNO, getattrIn, OPCODES, ROOT_NODEID, type RuleId } from "../../spec/index.ts";
import { describeFetch, type Fetched, fetchFmap } from "./fetch.ts";
import { describe, type Kernel } from "./kernel.ts";
import type { DaemonLedger } from "./ledger.ts";
import { checkFilesApart, checkMap, type ServedFile } from "./map-checks.ts";
import { type TreeNode, windowed } from "./tree.ts";

/** Of larger trees so many files are asked again, one at a time. */
const SAMPLE = 200;

/** A nodeid that no daemon has given out, and an index that no table has. */
const WILD_NODEID = 0x7fff_ffff_0000_0001n;
const WILD_INDEX = 4_000_000_000n;

/** Added to a unique in flight, for one that is not. */
const NOT_IN_FLIGHT = 1_000_000n;

const same = (a: Uint8Array | null, b: Uint8Array | null) =>
  a !== null && b !== null && Buffer.compare(a, b) === 0;

/** Up to n of the items, spread over all of them. */
export function sample<T>(items: readonly T[], n = SAMPLE): T[] {
  const step = Math.max(1, items.length / n);
  return items.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step));
}

/** Fetches every file's map and holds each, and all together, against the requirements of maps. */
export async function fetchAll(
  kernel: Kernel,
  ledger: DaemonLedger,
  files: readonly TreeNode[],
): Promise<ServedFile[]> {
  const served: ServedFile[] = [];
  let resized = false;
  const take = (node: TreeNode, fetched: Fetched) => {
    resized ||= fetched.resized || fetched.sizeFault !== null;
    const file = checkMap(kernel.profile, ledger, node, fetched);
    if (file !== null) served.push(file);
  };
  // Few files are asked one at a time, as the truth that requests at once are held against.
  if (files.length <= 5 * SAMPLE) for (const node of files) take(node, await fetchFmap(kernel, node.nodeid));
  else
    for (const [i, fetched] of (await windowed(files, (n) => fetchFmap(kernel, n.nodeid))).entries())
      take(files[i] as TreeNode, fetched);
  if (!resized)
    ledger.excuse("daemon/fmap/size-reply", "no file's map is larger than the kernel's first buffer");
  checkFilesApart(ledger, served);
  return served;
}

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
  ledger.check(rule, detail, {
    path: node.path,
    ...(fetched.message && { reply: Buffer.from(fetched.message).toString("hex") }),
  });
}

/** The same question again, from several requests at once, and after FORGET and a new LOOKUP. */
export async function stability(
  kernel: Kernel,
  ledger: DaemonLedger,
  served: readonly ServedFile[],
): Promise<void> {
  for (const file of sample(served))
    await expectSame(ledger, "daemon/fmap/stable-again", file, fetchFmap(kernel, file.node.nodeid));
  if (!kernel.connection.pipelined)
    ledger.excuse("daemon/fmap/stable-concurrent", "over a stream one request is in flight at a time");
  // A file whose map changes each time would fail here for the same reason.
  else if (!ledger.hasFailed("daemon/fmap/stable-again"))
    await windowed(served, (file) =>
      expectSame(ledger, "daemon/fmap/stable-concurrent", file, fetchFmap(kernel, file.node.nodeid)),
    );
  const files = sample(served);
  // In either order: a daemon may give the nodeid away that was forgotten first, or the one that was last.
  for (let i = 0; i < files.length; i += 2)
    await forgetPair(kernel, ledger, files.slice(i, i + 2), i % 4 === 0);
}

/**
 * Forgets two files, looks the second up again and asks for the map of the first by its forgotten nodeid: a daemon that
 * has given that nodeid away says another file's.
 */
async function forgetPair(
  kernel: Kernel,
  ledger: DaemonLedger,
  pair: readonly ServedFile[],
  inOrder: boolean,
): Promise<void> {
  const [first] = pair;
  if (first === undefined) return;
  const old = first.node.nodeid;
  for (const { node } of inOrder ? pair : [...pair].reverse()) kernel.forget(node.nodeid);
  for (const file of pair.slice(1)) await lookAgain(kernel, ledger, file);
  const forgotten = await fetchFmap(kernel, old);
  const right = forgotten.message === null || same(forgotten.message, first.message);
  ledger.check("daemon/fmap/forgotten-nodeid", right ? null : "it answers with the map of another file", {
    path: first.node.path,
  });
  await lookAgain(kernel, ledger, first);
}

/** LOOKUP of a forgotten file, which then has the same map as before. */
async function lookAgain(kernel: Kernel, ledger: DaemonLedger, file: ServedFile): Promise<void> {
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
export async function lookupCounts(
  kernel: Kernel,
  ledger: DaemonLedger,
  nodes: readonly TreeNode[],
): Promise<void> {
  for (const way of ["FORGET", "BATCH_FORGET"]) {
    const held: TreeNode[] = [];
    for (const node of sample(nodes, 20)) {
      const again = await kernel.lookup(node.parent, node.name);
      if ("value" in again && again.value.nodeid === node.nodeid) held.push(node);
      else
        ledger.check(
          "daemon/tree/lookup-count",
          `a second LOOKUP: ${"value" in again ? "another nodeid" : describe(again)}`,
          {
            path: node.path,
          },
        );
    }
    if (way === "BATCH_FORGET") kernel.batchForget(held.map((n) => n.nodeid));
    else for (const { nodeid } of held) kernel.forget(nodeid, 1n);
    for (const { nodeid, path } of held) {
      const attr = await kernel.getattr(nodeid);
      const detail = "value" in attr ? null : `after two LOOKUPs and one ${way}, GETATTR: ${describe(attr)}`;
      ledger.check("daemon/tree/lookup-count", detail, { path });
    }
  }
}

/** GET_FMAP of what is no regular file. */
export async function notFiles(
  kernel: Kernel,
  ledger: DaemonLedger,
  nodes: readonly TreeNode[],
): Promise<void> {
  const refuses = async (rule: RuleId, nodeid: bigint, what: string) => {
    const fetched = await fetchFmap(kernel, nodeid);
    const detail =
      fetched.errno === null ? `GET_FMAP of ${what} is answered with ${describeFetch(fetched)}` : null;
    ledger.check(rule, detail);
  };
  await refuses("daemon/fmap/directory", ROOT_NODEID, "the root directory");
  await refuses("daemon/fmap/unknown-nodeid", WILD_NODEID, "a nodeid that was never given out");
  const link = nodes.find((n) => n.kind === "symlink");
  if (link === undefined) ledger.excuse("daemon/fmap/symlink", "the tree has no symlink");
  else await refuses("daemon/fmap/symlink", link.nodeid, link.path);
}

/** GET_DAXDEV of every index that a map uses, twice, and of one that no table has. */
export async function daxdevs(
  kernel: Kernel,
  ledger: DaemonLedger,
  served: readonly ServedFile[],
): Promise<Map<bigint, string>> {
  const used = new Set(
    served.flatMap(({ map }) =>
      (map.extType === "simple" ? map.extents : map.extents.flatMap((e) => e.strips)).map((r) => r.devindex),
    ),
  );
  const names = new Map<bigint, string>();
  for (const index of used) {
    const found = await kernel.getDaxdev(index);
    if ("unusable" in found) continue;
    ledger.check(
      "daemon/daxdev/known",
      "errno" in found ? `GET_DAXDEV of ${index}: ${describe(found)}` : null,
    );
    if ("errno" in found) continue;
    const { value } = found;
    const said = `GET_DAXDEV of ${index} answers index ${value.index}`;
    ledger.check("daemon/daxdev/index", BigInt(value.index) === index ? null : said);
    const { name, wrong } = readName(value.name);
    ledger.check("daemon/daxdev/name", wrong);
    names.set(index, name);
    const again = await kernel.getDaxdev(index);
    const stable = "value" in again && readName(again.value.name).name === name;
    ledger.check(
      "daemon/daxdev/stable",
      stable
        ? null
        : `GET_DAXDEV of ${index} was '${name}', and then ${
            "value" in again ? `'${readName(again.value.name).name}'` : describe(again)
          }`,
    );
  }
  const wild = await kernel.getDaxdev(WILD_INDEX);
  ledger.check(
    "daemon/daxdev/unknown-index",
    "errno" in wild ? null : `GET_DAXDEV of index ${WILD_INDEX} is answered with ${describe(wild)}`,
  );
  return names;
}

function readName(bytes: Uint8Array): { name: string; wrong: string | null } {
  const end = bytes.indexOf(0);
  const name = Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString("utf8");
  const wrong =
    end < 0 ? "the name has no NUL" : name.startsWith("/") ? null : `the name '${name}' is no absolute path`;
  return { name, wrong };
}

/** INTERRUPT of a request in flight, and of one that is not there. */
export async function interrupts(
  kernel: Kernel,
  ledger: DaemonLedger,
  nodes: readonly TreeNode[],
): Promise<void> {
  const { connection } = kernel;
  const unique = connection.nextUnique();
  const body = new Uint8Array(getattrIn.size);
  const interrupted = connection.request(OPCODES.GETATTR, ROOT_NODEID, body, { unique });
  const answers = sample(nodes, 20).map((n) => kernel.getattr(n.nodeid));
  await connection.interrupt(unique);
  await connection.interrupt(unique + NOT_IN_FLIGHT);
  const own = await interrupted;
  // The interrupted one itself may end with EINTR.
  const ended = own.kind === "reply" && (own.error === 0 || own.error === -ERRNO.EINTR);
  ledger.check("daemon/life/interrupt", ended ? null : "the interrupted GETATTR has no proper answer");
  for (const result of await Promise.all(answers))
    ledger.check(
      "daemon/life/interrupt",
      "value" in result ? null : `GETATTR beside an INTERRUPT: ${describe(result)}`,
    );
  const after = await kernel.getattr(ROOT_NODEID);
  ledger.check(
    "daemon/life/interrupt",
    "value" in after ? null : `GETATTR after an INTERRUPT: ${describe(after)}`,
  );
}
