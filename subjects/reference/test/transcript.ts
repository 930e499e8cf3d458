/** All that a kernel can ask of a daemon, in one order, and what the daemon said. */
import { bytesOf, interruptIn, OPCODES, ROOT_NODEID } from "../../../spec/index.ts";
import type { Variant } from "../fault.ts";
import type { TreeNode } from "../tree.ts";
import {
  Asking,
  fmapBody,
  GET_DAXDEV,
  GET_FMAP,
  GETATTR_BODY,
  initBody,
  OPEN_BODY,
  RELEASE_BODY,
  readBody,
} from "./asking.ts";

/** A nodeid that no daemon gives out. */
const WILD = 0x7fff_ffff_0000_0001n;
/** Enough for any map. */
const LARGE = 8192;

/** What was said in answer to each kind of question, as hex. */
export type Transcript = ReadonlyMap<string, string>;

const nameOf = (node: TreeNode) => Buffer.concat([node.name, Uint8Array.of(0)]);

/** Asks a fresh daemon everything; `start` is which start of it this is. */
export function transcript(change: Variant | null, start = 1): Transcript {
  const said = new Map<string, string>();
  const k = new Asking(change, undefined, start);
  const ask = (label: string, opcode: number, nodeid: bigint, body?: Uint8Array, lie = 0) => {
    const replies = k.raw(opcode, nodeid, body, lie).map((r) => Buffer.from(r).toString("hex"));
    const events = k.world.events.splice(0);
    said.set(label, `${said.get(label) ?? ""}${[...replies, ...events].join("+")};`);
  };
  // The true tree: the questions do not depend on the answers.
  const { tree } = new Asking().daemon.session;
  const { files, symlinks } = tree;
  const inOrder = [...tree.nodes.values()]
    .slice(1)
    .sort((a, b) => a.path.split("/").length - b.path.split("/").length);
  const parentOf = (node: TreeNode) => node.parent.ino;
  const maps = (label: string) => {
    for (const { ino } of files) ask(label, GET_FMAP, ino, fmapBody(4096));
  };

  ask("INIT", OPCODES.INIT, 0n, initBody());
  ask("GETATTR of the root", OPCODES.GETATTR, ROOT_NODEID, GETATTR_BODY);
  ask("STATFS", OPCODES.STATFS, ROOT_NODEID);
  ask("LOOKUP of no name", OPCODES.LOOKUP, ROOT_NODEID, Buffer.from("no such name\0"));
  ask("OPENDIR", OPCODES.OPENDIR, ROOT_NODEID, OPEN_BODY);
  ask("READDIR", OPCODES.READDIR, ROOT_NODEID, readBody(0n, LARGE));
  ask("READDIRPLUS", OPCODES.READDIRPLUS, ROOT_NODEID, readBody(0n, LARGE));
  ask("RELEASEDIR", OPCODES.RELEASEDIR, ROOT_NODEID, RELEASE_BODY);
  for (const node of tree.root.children) k.forget(node.ino);
  for (const node of inOrder) {
    ask(`LOOKUP of a ${node.kind}`, OPCODES.LOOKUP, parentOf(node), nameOf(node));
    ask(`GETATTR of a ${node.kind}`, OPCODES.GETATTR, node.ino, GETATTR_BODY);
    if (node.path === "/data") ask("READDIR", OPCODES.READDIR, node.ino, readBody(0n, LARGE));
  }
  for (const { ino } of files) {
    ask("OPEN", OPCODES.OPEN, ino, OPEN_BODY);
    ask("RELEASE", OPCODES.RELEASE, ino, RELEASE_BODY);
  }
  maps("map");
  for (const { ino } of files) ask("map, asked for with room", GET_FMAP, ino, fmapBody(LARGE));
  maps("map, asked for again");
  for (const index of [0n, 0n]) ask("GET_DAXDEV", GET_DAXDEV, index);
  ask("GET_DAXDEV of no index", GET_DAXDEV, 4_000_000_000n);
  ask("map of a directory", GET_FMAP, ROOT_NODEID, fmapBody(4096));
  for (const { ino } of symlinks) ask("map of a symlink", GET_FMAP, ino, fmapBody(4096));
  ask("map of a wild nodeid", GET_FMAP, WILD, fmapBody(4096));

  const [first, second, third] = files as unknown as readonly [TreeNode, TreeNode, TreeNode];
  k.raw(OPCODES.LOOKUP, parentOf(first), nameOf(first));
  k.forget(first.ino);
  ask("GETATTR after one FORGET of two", OPCODES.GETATTR, first.ino, GETATTR_BODY);
  k.raw(OPCODES.LOOKUP, parentOf(second), nameOf(second));
  k.batchForget([second.ino]);
  ask("GETATTR after one BATCH_FORGET of two", OPCODES.GETATTR, second.ino, GETATTR_BODY);
  k.raw(OPCODES.LOOKUP, parentOf(third), nameOf(third));
  for (const node of files) {
    k.forget(node.ino, 2n);
    ask("map of a forgotten nodeid", GET_FMAP, node.ino, fmapBody(4096));
    ask("LOOKUP after FORGET", OPCODES.LOOKUP, parentOf(node), nameOf(node));
  }
  maps("map after FORGET");
  ask("INTERRUPT", OPCODES.INTERRUPT, 0n, bytesOf(interruptIn, { unique: k.unique }));
  ask("GETATTR after INTERRUPT", OPCODES.GETATTR, ROOT_NODEID, GETATTR_BODY);

  ask("unknown opcode", 4095, ROOT_NODEID);
  ask("short body", OPCODES.READDIR, ROOT_NODEID, new Uint8Array(7));
  ask("GETATTR of a wild nodeid", OPCODES.GETATTR, WILD, GETATTR_BODY);
  ask("READDIR of 4 GiB", OPCODES.READDIR, ROOT_NODEID, readBody(0n, 0xffff_ffff));
  ask("LOOKUP of a path", OPCODES.LOOKUP, ROOT_NODEID, Buffer.from("../../etc/passwd\0"));
  ask("lying length", OPCODES.GETATTR, ROOT_NODEID, GETATTR_BODY, 4096);

  const quiet = k.daemon.hooks.quiet?.speak() ?? [];
  said.set(
    "silence",
    [...quiet.map((r) => Buffer.from(r).toString("hex")), ...k.world.events.splice(0)].join("+"),
  );
  ask("DESTROY", OPCODES.DESTROY, 0n);
  k.daemon.hooks.end?.();
  said.set("end", k.world.events.splice(0).join("+"));
  notOffered(said, change, first);
  return said;
}

/** The same daemon started by a kernel that does not know famfs, and by one whose bit 42 means something else. */
function notOffered(said: Map<string, string>, change: Variant | null, file: TreeNode): void {
  const k = new Asking(change);
  const { error, body } = k.init({ flags2: 0 });
  said.set("INIT without the offer", `${error} ${Buffer.from(body).toString("hex")}`);
  const { error: refused } = k.fmap(k.find(file.path));
  said.set("map without the offer", `${refused}`);
  const newer = new Asking(change).init({ minor: 45 });
  said.set("INIT of a newer kernel", `${newer.error} ${Buffer.from(newer.body).toString("hex")}`);
}

/** The questions that two daemons answer in different ways. */
export const differing = (a: Transcript, b: Transcript): string[] =>
  [...a.keys()].filter((label) => a.get(label) !== b.get(label));
