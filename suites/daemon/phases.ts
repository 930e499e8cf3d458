/** What is asked of a daemon that serves maps, a phase for each group of requirements. */
import { ERRNO, getattrIn, OPCODES, ROOT_NODEID, type RuleId } from "../../spec/index.ts";
import { askForFmap, describeFetch, fetchFmap, mapEvidence } from "./checks/fetch.ts";
import { checkMap, type ServedFile, type Unmapped } from "./checks/map-checks.ts";
import { windowed } from "./checks/windowed.ts";
import { describe, type Kernel, type Result } from "./kernel.ts";
import { sample } from "./session/sampling.ts";
import type { TreeNode } from "./tree/node.ts";
import { mayRefuseOpen } from "./tree/refusal.ts";

/** Up to so many files are asked one at a time. */
const FEW = 1000;

/** Files that are opened. */
const OPENED = 50;

/** A nodeid that no daemon has given out. */
const WILD_NODEID = 0x7fff_ffff_0000_0001n;

/** OPEN and RELEASE of files. */
export async function opens(kernel: Kernel, files: readonly TreeNode[]): Promise<void> {
  const { ledger } = kernel;
  const excuse = (why: string) => {
    for (const rule of ["daemon/tree/open", "daemon/tree/release"] as const) ledger.excuse(rule, why);
  };
  if (files.length === 0) excuse("the tree has no regular file");
  // Nobody waits for the answer to RELEASE, and a daemon without a use for it may say so.
  const complaint = (what: string, result: Result<unknown>) =>
    "value" in result || describe(result) === "ENOSYS" ? null : `${what}: ${describe(result)}`;
  for (const file of sample(files, OPENED)) {
    const { nodeid, path } = file;
    const opened = await kernel.open(nodeid);
    if ("errno" in opened && (await mayRefuseOpen(kernel, file, opened.errno))) {
      excuse("no regular file may be read");
      continue;
    }
    ledger.check("daemon/tree/open", complaint("OPEN", opened), { path }, opened.evidence);
    if (!("value" in opened)) continue;
    const released = await kernel.release(nodeid, opened.value);
    ledger.check("daemon/tree/release", complaint("RELEASE", released), { path }, released.evidence);
  }
}

/** Fetches every file's map and compares each with the requirements of maps; `took` hears what each came to. */
export async function fetchAll(
  kernel: Kernel,
  files: readonly TreeNode[],
  took: (node: TreeNode, map: ServedFile | Unmapped) => void,
): Promise<void> {
  const { ledger } = kernel;
  let resized = false;
  const fetchOne = async (node: TreeNode) => {
    const fetched = await fetchFmap(kernel, node.nodeid);
    resized ||= fetched.resized || fetched.sizeFault !== null;
    const { unopened, errno } = fetched;
    const closed = unopened !== undefined && errno !== null && (await mayRefuseOpen(kernel, node, errno));
    took(node, closed ? { node, why: unopened } : checkMap(kernel.profile, ledger, node, fetched));
  };
  // Few files are asked one at a time, as the truth that requests at once are compared with.
  if (files.length <= FEW) for (const node of files) await fetchOne(node);
  else await windowed(files, fetchOne);
  if (!resized)
    ledger.excuse("daemon/fmap/size-reply", "no file's map is larger than the kernel's first buffer");
}

/** GET_FMAP of what is no regular file. */
export async function notFiles(kernel: Kernel, nodes: readonly TreeNode[]): Promise<void> {
  const { ledger } = kernel;
  const refuses = async (rule: RuleId, nodeid: bigint, what: string) => {
    const fetched = await askForFmap(kernel, nodeid);
    const detail =
      fetched.errno === null ? `GET_FMAP of ${what} is answered with ${describeFetch(fetched)}` : null;
    ledger.check(rule, detail, {}, () => mapEvidence(fetched));
  };
  await refuses("daemon/fmap/directory", ROOT_NODEID, "the root directory");
  await refuses("daemon/fmap/unknown-nodeid", WILD_NODEID, "a nodeid that was never given out");
  const link = nodes.find((n) => n.kind === "symlink");
  if (link === undefined) ledger.excuse("daemon/fmap/symlink", "the tree has no symlink");
  else await refuses("daemon/fmap/symlink", link.nodeid, link.path);
}

/** INTERRUPT of a request in flight. The kernel takes one back whose request was answered, so there is no other. */
export async function interrupts(kernel: Kernel, nodes: readonly TreeNode[]): Promise<void> {
  const { ledger } = kernel;
  const { connection } = kernel;
  // Only a request that is answered in ordinary life can be disturbed.
  const before = await kernel.getattr(ROOT_NODEID);
  if (!("value" in before)) {
    ledger.miss(["daemon/life/interrupt"], `GETATTR of the root: ${describe(before)}`);
    return;
  }
  const unique = connection.nextUnique();
  const body = new Uint8Array(getattrIn.size);
  const interrupted = connection.request(OPCODES.GETATTR, ROOT_NODEID, body, { unique });
  const answers = sample(nodes, 20).map((n) => kernel.getattr(n.nodeid));
  await connection.interrupt(unique);
  const own = await interrupted;
  // The interrupted one itself may end with EINTR.
  const ended = own.kind === "reply" && (own.error === 0 || own.error === -ERRNO.EINTR);
  // A death is not the interrupt's to explain: the next request finds it.
  const check = (fault: string | null) => ledger.check("daemon/life/interrupt", fault);
  if (own.kind !== "gone") check(ended ? null : "the interrupted GETATTR has no proper answer");
  const ordinary = (result: Result<unknown>, when: string) =>
    check("value" in result ? null : `GETATTR ${when} an INTERRUPT: ${describe(result)}`);
  for (const result of await Promise.all(answers)) ordinary(result, "beside");
  ordinary(await kernel.getattr(ROOT_NODEID), "after");
}
