/** OPENDIR to RELEASEDIR. Directories never change, so an offset is simply the number of the entry. */
import { dirent, entryOut, openIn, readIn, releaseIn } from "../../spec/index.ts";
import { entryOf, modeOf } from "./attributes.ts";
import { openedOut } from "./file-requests.ts";
import { directoryOf } from "./node-requests.ts";
import { granted, Refusal, type Reply } from "./reply.ts";
import { bodyOf, type Request } from "./request.ts";
import type { Session } from "./session.ts";
import type { DirectoryNode, TreeNode } from "./tree.ts";

/** Bytes of one answer, whatever the kernel says it could take. */
const MOST = 128 << 10;

const SELF = Buffer.from(".");
const PARENT = Buffer.from("..");
const NO_ENTRY = new Uint8Array(entryOut.size);

/** The i-th entry: the directory itself, its parent, its children. */
function entryAt(directory: DirectoryNode, i: number): { name: Uint8Array; node: TreeNode } {
  if (i === 0) return { name: SELF, node: directory };
  if (i === 1) return { name: PARENT, node: directory.parent };
  const node = directory.children[i - 2] as TreeNode;
  return { name: node.name, node };
}

/** A directory entry begins at a multiple of 8 bytes. */
export const padded = (size: number): number => Math.ceil(size / 8) * 8;

function list(session: Session, request: Request, plus: boolean): Reply {
  const directory = directoryOf(session, request.nodeid);
  const { offset, size } = bodyOf(request, readIn);
  const count = directory.children.length + 2;
  const room = Math.min(size, MOST);
  const body = new Uint8Array(room);
  const head = plus ? entryOut.size : 0;
  let at = 0;
  for (let i = offset > BigInt(count) ? count : Number(offset); i < count; i++) {
    const { name, node } = entryAt(directory, i);
    const next = at + head + padded(dirent.size + name.length);
    if (next > room) {
      if (at === 0) throw new Refusal("EINVAL");
      break;
    }
    // The kernel counts no lookup of `.` and `..`, which nodeid 0 stands for.
    if (plus) body.set(i < 2 ? NO_ENTRY : entryOf(session, node), at);
    const type = modeOf(node) >> 12;
    dirent.write(body, at + head, { ino: node.ino, off: BigInt(i + 1), namelen: name.length, type });
    body.set(name, at + head + dirent.size);
    at = next;
  }
  return granted(body.subarray(0, at));
}

export const readdir = (session: Session, request: Request): Reply => list(session, request, false);

export const readdirplus = (session: Session, request: Request): Reply => list(session, request, true);

export function opendir(session: Session, request: Request): Reply {
  directoryOf(session, request.nodeid);
  bodyOf(request, openIn);
  return granted(openedOut());
}

export function releasedir(session: Session, request: Request): Reply {
  directoryOf(session, request.nodeid);
  bodyOf(request, releaseIn);
  return granted();
}
