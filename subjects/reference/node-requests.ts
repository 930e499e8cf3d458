/** Requests about one name or one inode. */
import {
  batchForgetIn,
  bytesOf,
  forgetIn,
  forgetOne,
  getattrIn,
  PAGE,
  PAGE64,
  rangesOf,
  statfsOut,
} from "../../spec/index.ts";
import { attrOf, entryOf } from "./attributes.ts";
import { granted, Refusal, type Reply } from "./reply.ts";
import { bodyOf, type Request } from "./request.ts";
import type { Session } from "./session.ts";
import { type DirectoryNode, nameKey } from "./tree.ts";

const NAME_MAX = 255;
const NUL = 0;
const SLASH = 0x2f;

export function directoryOf(session: Session, nodeid: bigint): DirectoryNode {
  const node = session.lookups.node(nodeid);
  if (node.kind !== "directory") throw new Refusal("ENOTDIR");
  return node;
}

/** The key of the name that a body is; the name ends with the body's only NUL. */
function nameIn({ body }: Request): string {
  const length = body.length - 1;
  if (length < 1 || body.indexOf(NUL) !== length || body.includes(SLASH)) throw new Refusal("EINVAL");
  if (length > NAME_MAX) throw new Refusal("ENAMETOOLONG");
  const name = nameKey(body.subarray(0, length));
  if (name === "." || name === "..") throw new Refusal("EINVAL");
  return name;
}

export function lookup(session: Session, request: Request): Reply {
  const directory = directoryOf(session, request.nodeid);
  const node = directory.byName.get(nameIn(request));
  if (node === undefined) throw new Refusal("ENOENT");
  return granted(entryOf(session, node));
}

export function getattr(session: Session, request: Request): Reply {
  const node = session.lookups.node(request.nodeid);
  bodyOf(request, getattrIn);
  return granted(attrOf(node));
}

export function readlink(session: Session, request: Request): Reply {
  const node = session.lookups.node(request.nodeid);
  if (node.kind !== "symlink") throw new Refusal("EINVAL");
  return granted(node.target);
}

export function forget(session: Session, request: Request): null {
  session.lookups.forget(request.nodeid, bodyOf(request, forgetIn).nlookup);
  return null;
}

/** A body that does not hold as many items as it says is nobody's request: nothing of it is believed. */
export function batchForget(session: Session, request: Request): null {
  const { count } = bodyOf(request, batchForgetIn);
  const end = batchForgetIn.size + count * forgetOne.size;
  if (end > request.body.length) return null;
  for (let at: number = batchForgetIn.size; at < end; at += forgetOne.size) {
    const { nodeid, nlookup } = forgetOne.read(request.body, at);
    session.lookups.forget(nodeid, nlookup);
  }
  return null;
}

/** The daxdevs are the file system; where a size is not known, what the files use of it is all there is. */
export function statfs(session: Session, request: Request): Reply {
  session.lookups.node(request.nodeid);
  const { daxdevs, files } = session.manifest;
  const used = files.flatMap(({ map }) => rangesOf(map)).reduce((n, r) => n + r.length, 0n);
  const size = daxdevs.reduce((n, d) => n + (d.size ?? 0n), 0n);
  const free = size > used ? size - used : 0n;
  return granted(
    bytesOf(statfsOut, {
      blocks: (used + free) / PAGE64,
      bfree: free / PAGE64,
      bavail: free / PAGE64,
      files: BigInt(session.tree.nodes.size),
      bsize: PAGE,
      namelen: NAME_MAX,
      frsize: PAGE,
    }),
  );
}
