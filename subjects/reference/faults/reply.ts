import {
  daxdevOut,
  ERRNO,
  ERROR_BOUND,
  OPCODES,
  openOut,
  outHeader,
  ROOT_NODEID,
} from "../../../spec/index.ts";
import type { Fault, Hooks } from "../fault.ts";
import { encodeNotification, encodeReply, type Reply, refused } from "../reply.ts";
import type { Session } from "../session.ts";
import { anyFile, edited, onBody, onNode, onReply } from "./hooking.ts";

/** Longer than anybody waits for a daemon that does so little. */
const LATE_MS = 9000;
/** FUSE_INT_REQ_BIT. */
const INTERRUPT_BIT = 1n;
/** Behind every unique that a kernel reaches. */
const FAR = 1n << 40n;
/** FUSE_COMPAT_STATFS_SIZE: before there was frsize. */
const OLD_STATFS = 48;

/**
 * Changes what is written in answer to RELEASEDIR of the root: every walk of the tree makes one, and nothing else hangs
 * on how it ends.
 */
const onReleasedir = (change: (reply: Uint8Array) => Uint8Array[]): Hooks => ({
  wire: (replies, { opcode, nodeid }) =>
    opcode === OPCODES.RELEASEDIR && nodeid === ROOT_NODEID ? replies.flatMap(change) : replies,
});

/** The two writes of a daemon that thinks of /dev/fuse as of a stream. */
const headAndBody = (reply: Uint8Array): Uint8Array[] =>
  reply.length === outHeader.size
    ? [reply]
    : [reply.subarray(0, outHeader.size), reply.subarray(outHeader.size)];

/** FUSE_NOTIFY_INC_EPOCH, the notification without a body. */
const EPOCH = encodeNotification(8);

/** Answers RELEASEDIR of the root with an error. */
const onReleasedirError = (error: number, body = new Uint8Array(0)): Hooks =>
  onNode(OPCODES.RELEASEDIR, ROOT_NODEID, () => ({ error, body }));

/** Does something before the map of one file is given out; null: it is not given out. */
function onMap(session: Session, act: (reply: Reply) => Reply | null): Hooks {
  const { ino } = anyFile(session);
  return onReply(session.profile.opcodes.getFmap, (reply, { nodeid }) =>
    nodeid === ino && reply.error === 0 ? act(reply) : reply,
  );
}

export const replyFaults: readonly Fault[] = [
  {
    name: "length-of-body-only",
    rule: "daemon/reply/length",
    sentence: "The length in the header of the reply to RELEASEDIR does not count the header.",
    plant: () =>
      onReleasedir((reply) => [edited(outHeader, reply, ({ len }) => ({ len: len - outHeader.size }))]),
  },
  {
    name: "length-too-long",
    rule: "daemon/reply/length",
    sentence: "The length in the header of the reply to RELEASEDIR is 8 bytes more than are written.",
    plant: () => onReleasedir((reply) => [edited(outHeader, reply, ({ len }) => ({ len: len + 8 }))]),
  },
  {
    name: "reply-in-two-writes",
    rule: "daemon/reply/one-write",
    sentence: "The header and the body of each reply are written one after the other.",
    plant: () => ({ wire: (replies) => replies.flatMap(headAndBody) }),
  },
  {
    name: "two-replies-in-one-write",
    rule: "daemon/reply/one-write",
    sentence: "The reply to RELEASEDIR and a notification are written at once.",
    plant: () => onReleasedir((reply) => [Buffer.concat([reply, EPOCH])]),
  },
  {
    name: "unique-wrong",
    rule: "daemon/reply/answered",
    sentence: "RELEASEDIR is answered under a unique that no request has.",
    plant: () =>
      onReleasedir((reply) => [edited(outHeader, reply, ({ unique }) => ({ unique: unique + FAR }))]),
  },
  {
    name: "unique-of-interrupt",
    rule: "daemon/reply/interrupt-bit",
    sentence: "RELEASEDIR is answered under its unique plus one, which stands for an INTERRUPT.",
    plant: () =>
      onReleasedir((reply) => [
        edited(outHeader, reply, ({ unique }) => ({ unique: unique | INTERRUPT_BIT })),
      ]),
  },
  {
    name: "notification-of-no-kind",
    rule: "daemon/notify/code",
    sentence: "After the reply to RELEASEDIR comes a notification with the code 100.",
    plant: () => onReleasedir((reply) => [reply, encodeNotification(100)]),
  },
  {
    name: "reply-to-nobody-with-error",
    rule: "daemon/notify/code",
    sentence: "After the reply to RELEASEDIR comes an error under unique 0.",
    plant: () => onReleasedir((reply) => [reply, encodeReply(0n, refused("EINVAL"))]),
  },
  {
    name: "notification-cut",
    rule: "daemon/notify/body",
    sentence: "After the reply to RELEASEDIR comes INVAL_INODE with 16 of its 24 bytes.",
    plant: () => onReleasedir((reply) => [reply, encodeNotification(2, new Uint8Array(16))]),
  },
  {
    name: "notification-namelen-short",
    rule: "daemon/notify/body",
    sentence:
      "After the reply to RELEASEDIR comes INVAL_ENTRY with a namelen that leaves a byte of the name out.",
    plant: () =>
      onReleasedir((reply) => {
        const body = Buffer.alloc(16 + 5);
        body.writeBigUInt64LE(ROOT_NODEID, 0);
        body.writeUInt32LE(3, 8);
        body.write("name", 16);
        return [reply, encodeNotification(3, body)];
      }),
  },
  {
    name: "reply-unasked",
    rule: "daemon/reply/unique",
    sentence: "After the reply to RELEASEDIR comes one to a request that nobody made.",
    plant: () =>
      onReleasedir((reply) => [reply, edited(outHeader, reply, ({ unique }) => ({ unique: unique + FAR }))]),
  },
  {
    name: "reply-twice",
    rule: "daemon/reply/once",
    sentence: "RELEASEDIR is answered twice.",
    plant: () => onReleasedir((reply) => [reply, reply]),
  },
  {
    name: "error-positive",
    rule: "daemon/reply/error-range",
    sentence: "RELEASEDIR is answered with EIO as a positive number.",
    plant: () => onReleasedirError(ERRNO.EIO),
  },
  {
    name: "error-below-range",
    rule: "daemon/reply/error-range",
    sentence: `RELEASEDIR is answered with the error -${ERROR_BOUND}.`,
    plant: () => onReleasedirError(-ERROR_BOUND),
  },
  {
    name: "body-with-error",
    rule: "daemon/reply/no-body-with-error",
    sentence: "RELEASEDIR is answered with EIO and eight bytes.",
    plant: () => onReleasedirError(-ERRNO.EIO, new Uint8Array(8)),
  },
  {
    name: "opendir-short",
    rule: "daemon/reply/body-size",
    sentence: "OPENDIR is answered with the file handle alone.",
    plant: () => onBody(OPCODES.OPENDIR, (body) => body.subarray(0, openOut.offsetOf("open_flags"))),
  },
  {
    name: "statfs-short",
    rule: "daemon/reply/body-size",
    sentence: "STATFS is answered with 48 bytes, as before protocol 7.4.",
    implies: ["daemon/tree/statfs"],
    plant: () => onBody(OPCODES.STATFS, (body) => body.subarray(0, OLD_STATFS)),
  },
  {
    name: "daxdev-short",
    rule: "daemon/reply/body-size",
    sentence: "GET_DAXDEV is answered with the name alone.",
    implies: ["daemon/daxdev/known"],
    plant: ({ profile }) =>
      onBody(profile.opcodes.getDaxdev, (body) => body.subarray(daxdevOut.offsetOf("name"))),
  },
  {
    name: "no-reply",
    rule: "daemon/reply/answered",
    sentence: "GET_FMAP of one file gets no reply at all.",
    implies: ["daemon/intent/extents"],
    plant: (s) => onMap(s, () => null),
  },
  {
    name: "late-reply",
    rule: "daemon/reply/answered",
    sentence: `GET_FMAP of one file is answered ${LATE_MS / 1000} seconds late, and all other requests wait.`,
    implies: ["daemon/intent/extents"],
    plant: (s, world) =>
      onMap(s, (reply) => {
        world.sleep(LATE_MS);
        return reply;
      }),
  },
];
