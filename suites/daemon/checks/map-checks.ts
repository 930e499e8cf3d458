import { type Owned, oddities, overlaps, ownedRanges, parseFmap, uncovered } from "../../../oracles/index.ts";
import {
  FILE_TYPES,
  type Fmap,
  hexOf,
  holdsIn,
  misreadings,
  type Profile,
  type RuleId,
  renderMisreading,
  rule,
} from "../../../spec/index.ts";
import type { DaemonLedger } from "../ledger.ts";
import type { TreeNode } from "../tree/node.ts";
import { describeFetch, type Fetched, requestOf } from "./fetch.ts";

/** The map of one regular file as the kernel would hold it. */
export interface ServedFile {
  readonly node: TreeNode;
  readonly message: Uint8Array;
  readonly map: Fmap;
}

/** A file of which the kernel would hold no map. */
export interface Unmapped {
  readonly node: TreeNode;
  /** Why; null: no source says whether the kernel accepts its map. */
  readonly why: string | null;
}

/** What the strict parser refuses and this revision's kernel accepts, by the requirement that it breaks. */
const ODDITY_RULES: Partial<Record<RuleId, RuleId>> = {
  "fmap/ignored/version": "daemon/fmap/version",
  "fmap/ignored/reserved": "daemon/fmap/reserved-zero",
  "fmap/ignored/trailing-bytes": "daemon/fmap/exact-length",
  "fmap/ignored/fmap-size": "daemon/fmap/exact-length",
};

/** Compares one file's map with the requirements of maps. */
export function checkMap(
  profile: Profile,
  ledger: DaemonLedger,
  node: TreeNode,
  fetched: Fetched,
): ServedFile | Unmapped {
  const { path } = node;
  const asked = requestOf(fetched);
  if (fetched.unopened !== undefined) {
    ledger.check("daemon/tree/open", fetched.unopened, { path });
    return { node, why: fetched.unopened };
  }
  if (fetched.resized || fetched.sizeFault !== null)
    ledger.check(
      // Where the kernel asks once, what does not fit is as good as refused.
      holdsIn(rule("daemon/fmap/size-reply"), profile) ? "daemon/fmap/size-reply" : "daemon/fmap/accepted",
      fetched.sizeFault,
      { path, ...asked },
    );
  if (fetched.message === null) {
    // A fault of the size protocol is that requirement's; any other end without a map is this one's.
    const why = `GET_FMAP is answered with ${describeFetch(fetched)}`;
    if (fetched.errno !== null) ledger.check("daemon/fmap/accepted", why, { path, ...asked });
    return { node, why };
  }
  const { message } = fetched;
  const evidence = { path, ...asked, reply: hexOf(message) };
  const check = (id: RuleId, fault: string | null) => ledger.check(id, fault, evidence);
  const verdict = parseFmap(profile, message);
  const refused =
    verdict.verdict === "reject" ? `the kernel refuses it with ${verdict.errno} (${verdict.rule})` : null;
  check("daemon/fmap/accepted", refused);
  // What no source settles cannot be judged.
  if (verdict.verdict !== "accept") return { node, why: refused };
  const { map } = verdict;
  check("daemon/fmap/covers-file", uncovered(map));
  const inside = overlaps(ownedRanges(map))[0];
  check(
    "daemon/fmap/no-overlap-in-file",
    inside === undefined
      ? null
      : `${inside[0].owner} and ${inside[1].owner} share byte ${inside[1].start} of daxdev ${inside[1].devindex}`,
  );
  check("daemon/fmap/file-size", sizeDifference(node, map));
  check("daemon/fmap/file-type", map.fileType < FILE_TYPES.length ? null : `file_type is ${map.fileType}`);
  const unusual = oddities(profile, message, map);
  for (const [oddity, broken] of Object.entries(ODDITY_RULES))
    if (holdsIn(rule(broken), profile))
      check(broken, unusual.includes(oddity as RuleId) ? `the reply breaks ${oddity}` : null);
  return { node, message, map };
}

function sizeDifference(node: TreeNode, map: Fmap): string | null {
  // Where LOOKUP and GETATTR disagree with each other, tree/lookup-getattr reports it.
  if (node.attrSize !== null && node.attrSize !== node.lookupSize) return null;
  return map.fileSize === node.lookupSize
    ? null
    : `file_size is ${map.fileSize}, LOOKUP and GETATTR say ${node.lookupSize}${renderMisreading(misreadings(map.fileSize, 64, (n) => n === node.lookupSize))}`;
}

/** Bytes that two files share; each file's own ranges may overlap here. */
export function checkFilesApart(ledger: DaemonLedger, served: readonly ServedFile[]): void {
  // Names of one nodeid are one file: a hard link.
  const files = [...new Map(served.map((file) => [file.node.nodeid, file])).values()];
  const ranges: (Owned & { file: number })[] = files.flatMap(({ map }, file) =>
    merged(ownedRanges(map)).map((r) => ({ ...r, file })),
  );
  let reported = false;
  for (const [a, b] of overlaps(ranges)) {
    if (a.file === b.file) continue;
    reported = true;
    const [one, other] = [files[a.file] as ServedFile, files[b.file] as ServedFile];
    ledger.check(
      "daemon/fmap/no-overlap-between-files",
      `${one.node.path} and ${other.node.path} share byte ${b.start} of daxdev ${b.devindex}`,
      { path: other.node.path },
    );
  }
  if (!reported) ledger.check("daemon/fmap/no-overlap-between-files", null);
}

/** The ranges with those that overlap each other made one, so that only other files' can overlap them. */
function merged(ranges: readonly Owned[]): Owned[] {
  const sorted = [...ranges].sort((a, b) =>
    a.devindex === b.devindex ? (a.start < b.start ? -1 : 1) : a.devindex < b.devindex ? -1 : 1,
  );
  const result: Owned[] = [];
  for (const r of sorted) {
    const last = result.at(-1);
    if (last !== undefined && last.devindex === r.devindex && r.start < last.end)
      result[result.length - 1] = { ...last, end: r.end > last.end ? r.end : last.end };
    else result.push(r);
  }
  return result;
}
