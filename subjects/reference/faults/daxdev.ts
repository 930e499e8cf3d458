import { bytesOf, daxdevOut } from "../../../spec/index.ts";
import type { Fault, Hooks } from "../fault.ts";
import { granted, refused } from "../reply.ts";
import type { Session } from "../session.ts";
import { afterReply, edited, onBody, onReply } from "./hooking.ts";

type Answer = ReturnType<typeof daxdevOut.read>;

const onDaxdev = ({ profile }: Session, change: (answer: Answer) => Partial<Answer>): Hooks =>
  onBody(profile.opcodes.getDaxdev, (body) => edited(daxdevOut, body, change));

const NAME_BYTES = 256;

function nameOf(text: string): Uint8Array {
  const name = new Uint8Array(NAME_BYTES);
  name.set(Buffer.from(text));
  return name;
}

const textOf = (name: Uint8Array) => Buffer.from(name.subarray(0, name.indexOf(0))).toString();

export const daxdevFaults: readonly Fault[] = [
  {
    name: "daxdev-unknown",
    rule: "daemon/daxdev/known",
    sentence: "GET_DAXDEV gets ENODEV, also for the index that the maps use.",
    plant: ({ profile }) =>
      onReply(profile.opcodes.getDaxdev, (reply) => (reply.error === 0 ? refused("ENODEV") : reply)),
  },
  {
    name: "daxdev-other-index",
    rule: "daemon/daxdev/index",
    sentence: "GET_DAXDEV's answer carries the index that follows the one asked for.",
    plant: (s) => onDaxdev(s, ({ index }) => ({ index: index + 1 })),
  },
  {
    name: "daxdev-relative-name",
    rule: "daemon/daxdev/name",
    sentence: "A daxdev's name is not a path but the last part of one.",
    plant: (s) => onDaxdev(s, ({ name }) => ({ name: nameOf(textOf(name).replace(/^.*\//, "")) })),
  },
  {
    name: "daxdev-name-endless",
    rule: "daemon/daxdev/name",
    sentence: "A daxdev's name fills its 256 bytes and has no NUL.",
    plant: (s) => onDaxdev(s, ({ name }) => ({ name: nameOf(textOf(name).padEnd(NAME_BYTES, "x")) })),
  },
  {
    name: "daxdev-is-a-folder",
    rule: "daemon/daxdev/char-device",
    sentence: "A daxdev's name is `/`.",
    plant: (s) => onDaxdev(s, () => ({ name: nameOf("/") })),
  },
  {
    name: "daxdev-reserved-set",
    rule: "daemon/daxdev/reserved-zero",
    sentence: "A reserved field of GET_DAXDEV's answer is 0xbeef.",
    plant: (s) => onDaxdev(s, () => ({ reserved3: 0xbeefn })),
  },
  {
    name: "daxdev-name-dirty",
    rule: "daemon/daxdev/reserved-zero",
    sentence: "Bytes of an older name follow the NUL of a daxdev's name.",
    plant: (s) =>
      onDaxdev(s, ({ name }) => ({ name: name.map((byte, at) => (at >= NAME_BYTES / 2 ? 0x78 : byte)) })),
  },
  {
    name: "daxdev-index-32-bits",
    rule: "daemon/daxdev/unknown-index",
    sentence: "GET_DAXDEV looks at 32 bits of the index, so that 2^32 is answered like 0.",
    plant: ({ profile }) => ({
      reply: (request, own) =>
        request.opcode === profile.opcodes.getDaxdev
          ? own({ ...request, nodeid: BigInt.asUintN(32, request.nodeid) })
          : own(),
    }),
  },
  {
    name: "daxdev-one-device",
    rule: "daemon/daxdev/unknown-index",
    sentence: "GET_DAXDEV of the indexes up to 100 gets the only device there is.",
    plant: ({ profile }) =>
      afterReply((usual, request, own) => {
        if (request.opcode !== profile.opcodes.getDaxdev || request.nodeid > 100n || usual?.error === 0)
          return usual;
        const first = own({ ...request, nodeid: 0n });
        if (first?.error !== 0) return usual;
        return granted(edited(daxdevOut, first.body, () => ({ index: Number(request.nodeid) })));
      }),
  },
  {
    name: "daxdev-changes",
    rule: "daemon/daxdev/stable",
    sentence: "A daxdev has another name each time.",
    plant(s) {
      let times = 0;
      return onDaxdev(s, ({ name }) => ({ name: nameOf(`${textOf(name)}.${times++}`) }));
    },
  },
  {
    name: "daxdev-for-any-index",
    rule: "daemon/daxdev/unknown-index",
    sentence: "GET_DAXDEV of an index that does not exist gets a made up device.",
    implies: ["robustness/wild-nodeid"],
    plant: ({ profile }) =>
      onReply(profile.opcodes.getDaxdev, (reply, { nodeid, honest }) => {
        if (reply.error !== refused("ENODEV").error || !honest) return reply;
        const index = Number(nodeid & 0xffffn);
        return granted(bytesOf(daxdevOut, { index, name: nameOf(`/dev/dax${nodeid}.0`) }));
      }),
  },
];
