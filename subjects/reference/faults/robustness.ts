/** Faults that show only when something comes that no kernel sends. */
import { bytesOf, getFmapIn, OPCODES, outHeader, PAGE, readIn } from "../../../spec/index.ts";
import { attrOf, entryOf } from "../attributes.ts";
import type { Fault } from "../fault.ts";
import { granted, type Reply, refused } from "../reply.ts";
import type { Request } from "../request.ts";
import type { Session } from "../session.ts";
import { afterReply, anyFile, edited, onReply } from "./hooking.ts";
import { isListing } from "./listing.ts";

const has = (reply: Reply | null, errno: Parameters<typeof refused>[0]) =>
  reply?.error === refused(errno).error;

/** The bytes that stand where a body ends too early: the beginning, and a page. */
const LEFT_OVER = bytesOf(readIn, { size: 4096 });

const SLASH = 0x2f;

/** So far ahead that the kernel is not there yet when the reply comes. */
const YET_TO_COME = 1000n;

const isShortListing = (request: Request) =>
  request.honest && isListing(request) && request.body.length < readIn.size;

/** Whether a request has an opcode that the daemon does not know, and not one that was not agreed on. */
const isUnknown = ({ profile }: Session, { honest, opcode }: Request, reply: Reply | null) =>
  honest &&
  has(reply, "ENOSYS") &&
  opcode !== profile.opcodes.getFmap &&
  opcode !== profile.opcodes.getDaxdev;

/** Sends something else than the one error of an unknown opcode. */
const onUnknown =
  (instead: (replies: Uint8Array[]) => Uint8Array[]): NonNullable<Fault["plant"]> =>
  (session) => {
    let unknown = false;
    const noting = afterReply((reply, request) => {
      unknown = isUnknown(session, request, reply);
      return reply;
    });
    return { ...noting, wire: (replies) => (unknown ? instead(replies) : replies) };
  };

export const robustnessFaults: readonly Fault[] = [
  {
    name: "unknown-opcode-granted",
    rule: "robustness/opcode",
    sentence: "An opcode that does not exist is answered with eight zero bytes.",
    plant: (session) =>
      afterReply((reply, request) =>
        isUnknown(session, request, reply) ? granted(new Uint8Array(8)) : reply,
      ),
  },
  {
    name: "short-body-read-on",
    rule: "robustness/truncated-body",
    sentence: "What the body of a READDIR lacks is read from behind it.",
    plant: () =>
      afterReply((reply, request, own) => {
        if (!isShortListing(request) || !has(reply, "EINVAL")) return reply;
        const { body } = request;
        return own({ ...request, body: Buffer.concat([body, LEFT_OVER.subarray(body.length)]) });
      }),
  },
  {
    name: "wild-nodeid-is-root",
    rule: "robustness/wild-nodeid",
    sentence: "GETATTR of a nodeid that does not exist gets the attributes of the root.",
    plant: ({ lookups, tree }) =>
      onReply(OPCODES.GETATTR, (reply, { nodeid }) =>
        !tree.nodes.has(nodeid) && lookups.endings(nodeid) === 0 && has(reply, "ENOENT")
          ? granted(attrOf(tree.root))
          : reply,
      ),
  },
  {
    name: "absurd-size-ignored",
    rule: "robustness/count",
    sentence: "READ and READDIR of more than a gigabyte get no answer.",
    plant: () => ({
      reply(request, own) {
        const { opcode, body } = request;
        const reads = opcode === OPCODES.READ || opcode === OPCODES.READDIR;
        return reads && body.length >= readIn.size && readIn.read(body).size > 1 << 30 ? null : own();
      },
    }),
  },
  {
    name: "name-with-slash-found",
    rule: "robustness/name",
    sentence: "LOOKUP of a name with a slash finds some file.",
    plant(session) {
      const file = anyFile(session);
      return onReply(OPCODES.LOOKUP, (reply, { honest, body }) =>
        honest && body.includes(SLASH) && has(reply, "EINVAL") ? granted(entryOf(session, file)) : reply,
      );
    },
  },
  {
    name: "length-believed",
    rule: "robustness/length",
    sentence: "A header that lies about the length is believed.",
    plant: () => ({
      reply: (request, own) => own({ ...request, honest: true }),
    }),
  },
  {
    name: "crash-at-short-body",
    rule: "robustness/survives",
    sentence: "A READDIR whose body is too short kills the daemon by SIGSEGV.",
    plant: (_, world) =>
      afterReply((reply, request) => {
        if (isShortListing(request) && has(reply, "EINVAL")) world.crash();
        return reply;
      }),
  },
  {
    name: "unknown-opcode-answered-twice",
    rule: "robustness/answers-the-asker",
    sentence: "The error of an unknown opcode is sent twice.",
    plant: onUnknown((replies) => [...replies, ...replies]),
  },
  {
    name: "unknown-opcode-told-twice",
    rule: "robustness/answers-the-asker",
    sentence:
      "The error of an unknown opcode is sent a second time, under the unique of a request yet to come.",
    plant: onUnknown((replies) =>
      replies.flatMap((reply) => [
        reply,
        edited(outHeader, reply, ({ unique }) => ({ unique: unique + YET_TO_COME })),
      ]),
    ),
  },
  {
    name: "small-room-ignored",
    rule: "robustness/fmap-room",
    sentence: "A map is sent whole to a kernel that has room for less than a page.",
    plant: (session) => ({
      reply(request, own) {
        const isFmap = request.opcode === session.profile.opcodes.getFmap;
        const asked = isFmap && request.body.length === getFmapIn.size;
        if (!asked || getFmapIn.read(request.body).size >= PAGE) return own();
        return own({ ...request, body: bytesOf(getFmapIn, { size: PAGE }) });
      },
    }),
  },
];
