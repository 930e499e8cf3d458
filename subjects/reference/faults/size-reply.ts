/** Faults in the exchange about a map that does not fit the kernel's first buffer. */
import type { Fault, Hooks } from "../fault.ts";
import { sizeAsked, sizeReply } from "../fmap-requests.ts";
import type { Session } from "../session.ts";
import { firstThat, onBody } from "./hooking.ts";

/**
 * Changes the answers about maps that are too long for the first buffer: `message` is the map, `size` the bytes that the
 * kernel can take now.
 */
function onLongMap(session: Session, change: (message: Uint8Array, size: number) => Uint8Array): Hooks {
  const { first } = session.profile.replySize;
  const isLong = (message: Uint8Array) => message.length > first;
  firstThat(session.tree.files, `a map of more than ${first} bytes`, (f) => isLong(session.message(f)));
  return onBody(session.profile.opcodes.getFmap, (body, request) => {
    const file = session.lookups.node(request.nodeid);
    const message = file.kind === "file" ? session.message(file) : body;
    return isLong(message) ? change(message, sizeAsked(session, request)) : body;
  });
}

/** Changes the 4-byte answer that a buffer which is too small gets. */
const onSizeReply = (session: Session, change: (message: Uint8Array, size: number) => Uint8Array): Hooks =>
  onLongMap(session, (message, size) => (message.length > size ? change(message, size) : message));

const rule = "daemon/fmap/size-reply";
/** Without a map in the end the file is not where it was meant to be. */
const implies = ["daemon/intent/extents"] as const;

export const sizeReplyFaults: readonly Fault[] = [
  {
    name: "oversized-reply",
    rule,
    implies,
    sentence: "A map is sent whole, whatever the kernel can take.",
    plant: (s) => onSizeReply(s, (message) => message),
  },
  {
    name: "map-cut-off",
    rule: "daemon/fmap/accepted",
    implies: [rule, "daemon/intent/extents"],
    sentence: "A map that does not fit is sent as far as it fits.",
    plant: (s) => onSizeReply(s, (message, size) => message.subarray(0, size)),
  },
  {
    name: "size-reply-too-small",
    rule,
    implies,
    sentence: "The size reply says 24 bytes less than the map has.",
    plant: (s) => onSizeReply(s, (message) => sizeReply(message.length - 24)),
  },
  {
    name: "size-reply-out-of-range",
    rule,
    implies,
    sentence: "The size reply asks for a megabyte, which the kernel refuses.",
    plant: (s) => onSizeReply(s, () => sizeReply(1 << 20)),
  },
  {
    name: "size-reply-u64",
    rule: "daemon/fmap/accepted",
    implies: [rule, "daemon/intent/extents"],
    sentence: "The size reply has eight bytes.",
    plant: (s) => onSizeReply(s, (message) => Buffer.concat([sizeReply(message.length), sizeReply(0)])),
  },
  {
    name: "size-reply-twice",
    rule,
    implies,
    sentence:
      "A map that did not fit is answered with its size again when the kernel asks with a larger buffer.",
    plant: (s) => onLongMap(s, (message) => sizeReply(message.length)),
  },
];
