/** The two messages of famfs. */
import { bytesOf, daxdevOut, fmapHeader, getFmapIn } from "../../spec/index.ts";
import { fileOf } from "./file-requests.ts";
import { granted, Refusal, type Reply } from "./reply.ts";
import { bodyOf, type Request } from "./request.ts";
import type { Session } from "./session.ts";
import type { FileNode } from "./tree.ts";

/** Bytes of the reply that says how large the map is. */
const SIZE_REPLY = 4;
/** fuse_daxdev_out.name. */
const NAME_BYTES = 256;

/** A number as the four bytes of a size reply. */
export function sizeReply(size: number): Uint8Array {
  const body = new Uint8Array(SIZE_REPLY);
  new DataView(body.buffer).setUint32(0, size, true);
  return body;
}

export function getFmap(session: Session, request: Request): Reply {
  if (!session.fmapAgreed) throw new Refusal("ENOSYS");
  return fmapReply(session, request, fileOf(session, request.nodeid));
}

/** The file's map if it fits what the kernel can take, else what the revision knows the map's size by. */
export function fmapReply(session: Session, request: Request, file: FileNode): Reply {
  const { replySize } = session.profile;
  const size = sizeAsked(session, request);
  const message = session.message(file);
  if (replySize.kind === "exact" && message.length <= size) {
    const filled = new Uint8Array(size);
    filled.set(message);
    return granted(filled);
  }
  if (message.length <= size) return granted(message);
  if (replySize.kind === "fmap-size" && size >= fmapHeader.size)
    return granted(message.subarray(0, fmapHeader.size));
  if (replySize.kind === "exact" || replySize.kind === "single") throw new Refusal("EFBIG");
  if (replySize.kind === "fmap-size" || size < SIZE_REPLY) throw new Refusal("EINVAL");
  return granted(sizeReply(message.length));
}

/** Bytes that the kernel can take: as it says, or as it always does. */
export const sizeAsked = ({ profile }: Session, request: Request): number =>
  profile.request.body === "none" ? profile.replySize.first : bodyOf(request, getFmapIn).size;

/** The daxdev whose index stands in the place of the nodeid. */
export function getDaxdev(session: Session, { nodeid }: Request): Reply {
  if (!session.fmapAgreed) throw new Refusal("ENOSYS");
  const daxdev = session.manifest.daxdevs.find(({ index }) => BigInt(index) === nodeid);
  if (daxdev === undefined) throw new Refusal("ENODEV");
  const name = new Uint8Array(NAME_BYTES);
  name.set(Buffer.from(daxdev.name));
  const { index } = daxdev;
  return granted(bytesOf(daxdevOut, { index, name }));
}
