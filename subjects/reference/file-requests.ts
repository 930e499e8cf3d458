/** OPEN to RELEASE of regular files. Nothing depends on who opened what, so every file handle is 0. */
import { bytesOf, flushIn, openIn, openOut, readIn, releaseIn } from "../../spec/index.ts";
import { granted, Refusal, type Reply } from "./reply.ts";
import { bodyOf, type Request } from "./request.ts";
import type { Session } from "./session.ts";
import type { FileNode } from "./tree.ts";

/** What READ gives of a file, which a kernel with its map never asks for: zeros, as many as one READ is given at most. */
const ZEROS = new Uint8Array(128 << 10);

export const openedOut = (): Uint8Array => bytesOf(openOut, {});

export function fileOf(session: Session, nodeid: bigint): FileNode {
  const node = session.lookups.node(nodeid);
  if (node.kind === "directory") throw new Refusal("EISDIR");
  if (node.kind === "symlink") throw new Refusal("EINVAL");
  return node;
}

export function open(session: Session, request: Request): Reply {
  fileOf(session, request.nodeid);
  bodyOf(request, openIn);
  return granted(openedOut());
}

export function read(session: Session, request: Request): Reply {
  const { fileSize } = fileOf(session, request.nodeid).map;
  const { offset, size } = bodyOf(request, readIn);
  const left = offset < fileSize ? fileSize - offset : 0n;
  const most = Math.min(size, ZEROS.length);
  return granted(ZEROS.subarray(0, left < BigInt(most) ? Number(left) : most));
}

export function flush(session: Session, request: Request): Reply {
  fileOf(session, request.nodeid);
  bodyOf(request, flushIn);
  return granted();
}

export function release(session: Session, request: Request): Reply {
  fileOf(session, request.nodeid);
  bodyOf(request, releaseIn);
  return granted();
}
